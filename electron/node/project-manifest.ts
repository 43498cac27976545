import { createHash } from 'node:crypto';
import {
  type Manifest,
  type Members,
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

export function manifestOf(members: Members): Manifest {
  const entries = Array.from(members, ([name, bytes]) => [
    name,
    { bytes: bytes.length, sha256: sha256(bytes) },
  ]);
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
    Object.entries(members).map(([name, { bytes, sha256: expected }]) => {
      const file = files.get(name);
      if (!file) throw new ProjectError(`${title} is damaged: ${name} is missing in it.`);
      if (file.length !== bytes || sha256(file) !== expected) {
        throw new ProjectError(`${title} is damaged: ${name} in it is not as it was written.`);
      }
      return [name, file];
    }),
  );
}
