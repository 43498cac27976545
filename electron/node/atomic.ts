import { randomBytes } from 'node:crypto';
import { open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { PictureError } from '../../shared/image/picture-error.ts';
import { systemReason } from './system-error.ts';

/**
 * Writes a file whole or not at all: into a temporary file of the same folder, forced to the disk, then
 * renamed over the old one, which stays untouched until then. The new name, too, is forced to the disk.
 *
 * @param mode permissions of the new file, less what the process' umask takes
 * @throws PictureError `unwritable`
 */
export async function writeAtomically(
  path: string,
  content: Uint8Array | string,
  mode = 0o666,
): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    const file = await open(temporary, 'wx', mode);
    try {
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
    throw new PictureError('unwritable', `${path} cannot be written: ${systemReason(error)}.`, {
      cause: error,
    });
  }
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
