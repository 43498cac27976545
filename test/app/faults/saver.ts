import { join } from 'node:path';
import { projectStore } from '../../../electron/node/projects/project-store.ts';
import { SessionFolder } from '../../../electron/node/projects/session-folder.ts';

/** What the n-th save holds: content that names n, and bytes that are all n. */
export function savedMembers(n: number) {
  return new Map([
    ['project.json', Buffer.from(JSON.stringify({ n }))],
    ['spins/1.npy', Buffer.alloc(300_000, n % 256)],
  ]);
}

/** Saves and keeps a project without end, from the n-th time on; says after each time that it is done. */
export async function saveForever(folder: string, first: number): Promise<void> {
  const session = await SessionFolder.create(join(folder, 'sessions'));
  const store = projectStore(session, () => true);
  const path = join(folder, 'p.isinglass');
  await store.claim(path);
  for (let n = first; ; n++) {
    await store.write(path, savedMembers(n));
    process.stdout.write(`saved ${n}\n`);
    await store.keep(savedMembers(n));
    process.stdout.write(`kept ${n}\n`);
  }
}
