import { ProjectError, parseProject } from '../../protocol/project-file.ts';
import type { LeftBehind } from '../../protocol/projects.ts';

/** What a session that is no more has kept, in short; none where it cannot be read. */
export function leftBehind({
  id,
  kept,
  content,
}: {
  readonly id: string;
  readonly kept: string;
  readonly content: Uint8Array;
}): LeftBehind[] {
  try {
    const { name, file, pictures, runs } = parseProject(content, 'What was kept');
    const active = runs.find(({ state }) => ['preparing', 'running', 'paused'].includes(state));
    const fit = active && {
      name: active.name,
      images: active.images || pictures.length,
      step: typeof active.steps === 'number' ? active.steps : 0,
      paused: active.state === 'paused',
    };
    const counts = { pictures: pictures.length, runs: runs.length };
    return [{ id, name, place: file, kept, ...counts, fit: fit ?? null }];
  } catch (error) {
    if (error instanceof ProjectError) return [];
    throw error;
  }
}
