import { randomBytes } from 'node:crypto';
import type { Stats } from 'node:fs';
import { type FileHandle, open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { PictureError } from '../../../shared/data/image/picture-error.ts';
import { systemReason } from './system-error.ts';
import { type Identities, writeTarget } from './write-target.ts';

/**
 * Writes a file whole or not at all: into a temporary file of the same folder, forced to the disk, then
 * renamed over the old one, which stays untouched until then. The new name, too, is forced to the disk. An old
 * file's permissions and owner are kept.
 *
 * @param inputs files that must not be written to
 * @param mode permissions, less what the process' umask takes of a new file [those of the old file]
 * @throws PictureError `unwritable`, also at what `writeTarget` refuses
 */
export async function writeAtomically(
  name: string,
  content: Uint8Array | string,
  { inputs = new Set(), mode }: { inputs?: Identities; mode?: number } = {},
): Promise<void> {
  const { path, present } = await writeTarget(name, inputs);
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    const file = await open(temporary, 'wx', present ? 0o600 : (mode ?? 0o666));
    try {
      if (present) await keepOwner(file, { ...present, mode: mode ?? present.mode });
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
    await syncFolder(dirname(path));
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {
      // the folder itself may be what is missing; the first error says more
    });
    throw new PictureError('unwritable', `${name} cannot be written: ${systemReason(error)}.`, {
      cause: error,
    });
  }
}

/** @throws Error if the system does not let the new file belong to whom the old one does */
async function keepOwner(
  file: FileHandle,
  { uid, gid, mode }: Pick<Stats, 'uid' | 'gid' | 'mode'>,
): Promise<void> {
  const made = await file.stat();
  if (made.uid !== uid || made.gid !== gid) {
    await file.chown(uid, gid).catch((error: unknown) => {
      throw new Error('it belongs to another user or group', { cause: error });
    });
  }
  await file.chmod(mode & 0o777);
}

/** Forces the names in a folder to the disk; Windows does so by itself. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** Removes temporary files of a file that nobody else writes: a process that was killed leaves them. */
export async function removeLeftovers(path: string): Promise<void> {
  const start = `.${basename(path)}.`;
  for (const name of await readdir(dirname(path)).catch(() => [])) {
    if (!name.startsWith(start) || !/^[0-9a-f]{12}\.tmp$/.test(name.slice(start.length))) continue;
    await rm(join(dirname(path), name), { force: true });
  }
}
