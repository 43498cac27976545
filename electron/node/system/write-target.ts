import { constants, type Stats } from 'node:fs';
import { access, lstat, realpath, stat } from 'node:fs/promises';
import { ofFrame } from '../../../shared/data/image/frames.ts';
import { PictureError } from '../../../shared/data/image/picture-error.ts';
import { systemReason } from './system-error.ts';

/** Files by what they are, not by their names: links and other paths lead to the same one. */
export type Identities = ReadonlySet<string>;

/** Where a file is to be written. */
export interface WriteTarget {
  /** Behind all symbolic links. */
  readonly path: string;
  /** The file that stands there now; null where there is none. */
  readonly present: Stats | null;
}

/** What the given paths lead to; those that lead nowhere are passed over. */
export async function identitiesOf(paths: Iterable<string>): Promise<Identities> {
  const found = new Set<string>();
  for (const name of paths) {
    // the name of one picture of a file, where it is no file's own
    const identity = await identityOf(name).catch(() =>
      identityOf(ofFrame(name).path).catch(() => null),
    );
    if (identity !== null) found.add(identity);
  }
  return found;
}

/**
 * Where to write a file of this name. A symbolic link is followed: it stays, and the file that it names is replaced.
 *
 * @param inputs files that must not be written to
 * @throws PictureError `unwritable` at an input, a link that leads nowhere, what is no regular file (folder, device,
 * pipe), and a file that is write-protected, also for whom the system would let
 */
export async function writeTarget(path: string, inputs: Identities): Promise<WriteTarget> {
  const refuse = (reason: string, cause?: unknown) =>
    new PictureError('unwritable', `${path} cannot be written: ${reason}.`, { cause });
  try {
    const named = await lstat(path).catch(absent);
    if (named === null) return { path, present: null };
    const present = named.isSymbolicLink() ? await stat(path).catch(absent) : named;
    if (present === null) throw refuse('it is a link that leads nowhere');
    if (present.isDirectory()) throw refuse('it is a folder');
    if (!present.isFile()) throw refuse('it is a device or a pipe, no file; --json prints instead');
    if (inputs.has(await identityOf(path))) throw refuse('it is one of the inputs');
    const writable = (present.mode & 0o222) !== 0;
    const allowed = await access(path, constants.W_OK).then(
      () => true,
      () => false,
    );
    if (!writable || !allowed) throw refuse('it is write-protected');
    return { path: await realpath(path), present };
  } catch (error) {
    throw error instanceof PictureError ? error : refuse(systemReason(error), error);
  }
}

async function identityOf(path: string): Promise<string> {
  // numbers of files may be beyond what a double holds
  const { dev, ino } = await stat(path, { bigint: true });
  return `${dev}:${ino}`;
}

function absent(error: unknown): null {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
  throw error;
}
