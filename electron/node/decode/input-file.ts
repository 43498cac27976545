import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { basename } from 'node:path';
import {
  type ArrayFormat,
  foreignFormat,
  inputFormat,
  magicLength,
  type PictureFormat,
} from '../../../shared/data/image/format.ts';
import { PictureError } from '../../../shared/data/image/picture-error.ts';
import { readError } from '../system/system-error.ts';

/** An input as it lies on the disk. */
export interface InputFile {
  readonly bytes: Buffer;
  readonly format: PictureFormat | ArrayFormat;
  /** SHA-256 of the bytes, hexadecimal. */
  readonly sha256: string;
}

/** Longest input that is read: 256 MiB. */
const maxBytes = 2 ** 28;

/**
 * Reads a file that holds a picture or spins; one that holds neither costs only its first bytes.
 *
 * @throws PictureError `missing`, `unreadable`, `empty`, `tooLarge` or `unsupported`; messages about
 * the content do not name the path
 */
export async function readInputFile(path: string): Promise<InputFile> {
  // opening a named pipe would otherwise wait for its writer; Windows has neither
  const flags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);
  const file = await open(path, flags).catch((error: unknown) => {
    throw readError(path, error);
  });
  try {
    return await readOpened(file, path);
  } catch (error) {
    throw error instanceof PictureError ? error : readError(path, error);
  } finally {
    await file.close();
  }
}

async function readOpened(file: FileHandle, path: string): Promise<InputFile> {
  const stat = await file.stat();
  if (!stat.isFile()) throw new PictureError('unreadable', 'It is no ordinary file.');
  const { size } = stat;
  if (size === 0) throw new PictureError('empty', 'The file is empty.');
  const start = Buffer.alloc(magicLength);
  const { bytesRead } = await file.read(start, 0, magicLength, 0);
  const format = inputFormat(start.subarray(0, bytesRead), basename(path));
  if (format === null) {
    const what = foreignFormat(start.subarray(0, bytesRead));
    throw new PictureError(
      'unsupported',
      `By its content the file is ${what ? `${what}, and not one` : 'none'} of PNG, JPEG, GIF, BMP, TIFF, WebP, NumPy (.npy), PBM, or text named .csv or .txt.`,
    );
  }
  if (size > maxBytes) {
    throw new PictureError(
      'tooLarge',
      `The file has ${Math.ceil(size / 2 ** 20)} MiB, and at most ${maxBytes / 2 ** 20} MiB are accepted: divide it, or store spins as one byte each.`,
    );
  }
  const bytes = Buffer.allocUnsafeSlow(size);
  let length = 0;
  while (length < size) {
    const part = await file.read(bytes, length, size - length, length);
    if (part.bytesRead === 0) {
      throw new PictureError('corrupt', 'The file became shorter while it was being read.');
    }
    length += part.bytesRead;
  }
  return { bytes, format, sha256: createHash('sha256').update(bytes).digest('hex') };
}
