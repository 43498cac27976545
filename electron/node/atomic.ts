import { randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { PictureError } from '../../shared/image/picture-error.ts';
import { systemReason } from './system-error.ts';

/**
 * Writes a file whole or not at all: into a temporary file of the same folder, forced to the disk, then
 * renamed over the old one, which stays untouched until then.
 *
 * @throws PictureError `unwritable`
 */
export async function writeAtomically(path: string, content: Uint8Array | string): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    const file = await open(temporary, 'wx');
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {
      // the folder itself may be what is missing; the first error says more
    });
    throw new PictureError('unwritable', `${path} cannot be written: ${systemReason(error)}.`, {
      cause: error,
    });
  }
}
