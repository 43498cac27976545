import { createHash } from 'node:crypto';
import {
  type Manifest,
  type Members,
  type NewMembers,
  ProjectError,
  parseManifest,
} from '../../shared/protocol/project-file.ts';
import { program } from './program.ts';

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
  return {
    format: 'isinglass-project',
    version: 1,
    program,
    saved: new Date().toISOString(),
    members: Object.fromEntries(entries),
  };
}

/**
 * The members that the manifest among the files names, each as it was written.
 *
 * @throws ProjectError at the first that is missing or was changed
 */
export function verify(files: ReadonlyMap<string, Uint8Array>, title: string): Members {
  const own = files.get(manifestName);
  if (!own) throw new ProjectError(`${title} is no project of Isinglass.`);
  const { members } = parseManifest(own, title);
  return new Map(
    Object.entries(members).map(([name, entry]) => {
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
      return [name, file];
    }),
  );
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
