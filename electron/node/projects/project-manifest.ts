import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { mostJsonBytes, mostMembers, mostProjectBytes } from '../../../shared/protocol/limits.ts';
import {
  type Manifest,
  type Members,
  type NewMembers,
  type Parts,
  ProjectError,
  parseManifest,
} from '../../../shared/protocol/project-file.ts';
import { program } from '../system/program.ts';

export const manifestName = 'manifest.json';

/** Hashes of files that are written again and again. */
const hashes = new WeakMap<Uint8Array, string>();

export function sha256(bytes: Uint8Array): string {
  const known = hashes.get(bytes);
  if (known !== undefined) return known;
  const hash = createHash('sha256').update(bytes).digest('hex');
  hashes.set(bytes, hash);
  return hash;
}

export function manifestOf(members: NewMembers): Manifest {
  const described = (bytes: Uint8Array) => ({ bytes: bytes.length, sha256: sha256(bytes) });
  const entries = Array.from(members, ([name, file]) => {
    if (file instanceof Uint8Array) return [name, described(file)];
    const bytes = file.reduce((sum, part) => sum + part.length, 0);
    return [name, { bytes, parts: file.map(described) }];
  });
  checkSizes(members);
  return {
    format: 'isinglass-project',
    version: 1,
    program,
    saved: new Date().toISOString(),
    members: Object.fromEntries(entries),
  };
}

/** What could not be opened again is not written. @throws ProjectError */
function checkSizes(members: NewMembers): void {
  const sizeOf = (file: Uint8Array | Parts) =>
    [file].flat().reduce((sum, part) => sum + part.length, 0);
  let total = 0;
  for (const [name, file] of members) {
    const size = sizeOf(file);
    total += size;
    if (name.endsWith('.json') && size > mostJsonBytes) {
      throw new ProjectError(
        'The project cannot be kept in a file: what it says of its runs has more than 128 MiB. Delete runs, or begin another project.',
      );
    }
  }
  if (members.size > mostMembers || total > mostProjectBytes) {
    throw new ProjectError(
      `The project cannot be kept in a file: it would hold more than 2 GiB or ${mostMembers.toLocaleString('en')} files. Delete runs, or begin another project.`,
    );
  }
}

/**
 * The members that the manifest among the files names, each as it was written.
 *
 * @throws ProjectError at the first that is missing or was changed
 */
export async function verify(
  files: ReadonlyMap<string, Uint8Array>,
  title: string,
): Promise<Members> {
  const own = files.get(manifestName);
  if (!own) throw new ProjectError(`${title} is no project of Isinglass.`);
  const { members } = parseManifest(own, title);
  const found = new Map<string, Uint8Array>();
  for (const [name, entry] of Object.entries(members)) {
    // whoever else waits for this thread has a turn
    await setImmediate();
    const file = files.get(name);
    if (!file) throw new ProjectError(`${title} is damaged: ${name} is missing in it.`);
    let end = 0;
    const same = partsOf(entry).every(({ bytes, sha256: expected }) => {
      const part = file.length === bytes ? file : file.subarray(end, end + bytes);
      end += bytes;
      return sha256(part) === expected;
    });
    if (!same || file.length !== entry.bytes || end !== file.length) {
      throw new ProjectError(`${title} is damaged: ${name} in it is not as it was written.`);
    }
    found.set(name, file);
  }
  return found;
}

/** The stretches of a file, each with its size and hash: one where it is kept whole. */
export function partsOf(entry: Manifest['members'][string]) {
  return 'parts' in entry ? entry.parts : [entry];
}

/** The same files, each in one piece. */
export function joined(members: NewMembers): Members {
  return new Map(
    Array.from(members, ([name, file]) => [
      name,
      file instanceof Uint8Array ? file : Buffer.concat(file),
    ]),
  );
}
