import { PictureError } from '../image/picture-error.ts';
import { type ArraySpins, checkShape } from './array-spins.ts';
import { latinText } from './latin-text.ts';

/**
 * Spins of a portable bitmap, plain (P1) or raw (P4); 1 is black, hence −1. A raw file may hold several
 * bitmaps of one size one after the other: configurations.
 *
 * Source: Netpbm, pbm(5).
 *
 * @throws PictureError `corrupt` if it is cut off, has anything after its pixels, or mixes sizes
 */
export function readPbm(bytes: Uint8Array): ArraySpins {
  const parts: Int8Array[] = [];
  let offset = 0;
  let [rows, cols] = [0, 0];
  do {
    const header = readPbmHeader(bytes, offset);
    if (parts.length > 0 && (header.rows !== rows || header.cols !== cols)) {
      throw new PictureError(
        'corrupt',
        `Bitmap ${parts.length + 1} is ${header.rows} × ${header.cols} and the first ${rows} × ${cols}: all must be of one shape.`,
      );
    }
    ({ rows, cols } = header);
    checkShape(parts.length + 1, rows, cols);
    const result = (header.plain ? readPlain : readRaw)(bytes, header.end, rows, cols);
    parts.push(result.spins);
    offset = (header.plain ? skipComments : skipSpace)(bytes, result.end);
  } while (offset < bytes.length);
  const spins = new Int8Array(parts.length * rows * cols);
  for (const [k, part] of parts.entries()) spins.set(part, k * rows * cols);
  return { rows, cols, windows: parts.length, spins };
}

const truncated = 'The bitmap is truncated or damaged';

/** Magic, width and height with blanks and comments between them; exactly one blank ends the header. */
function readPbmHeader(bytes: Uint8Array, offset: number) {
  const text = latinText(bytes.subarray(offset, offset + 4096));
  const space = '(?:\\s|#[^\\n]*\\n)+';
  const match = new RegExp(`^P([14])${space}(\\d+)${space}(\\d+)(?:\\s)`).exec(text);
  if (match === null) {
    throw new PictureError('corrupt', `${truncated}: no header at byte ${offset}.`);
  }
  const [all, kind, width, height] = match;
  const [cols, rows] = [Number(width), Number(height)];
  const end = offset + all.length;
  // where lines end in CR LF, the LF is no pixels: the file is one byte too long for that
  const left = bytes.length - end - Math.ceil(cols / 8) * rows;
  const isLineEnd = all.endsWith('\r') && bytes[end] === 10 && left === 1;
  return { plain: kind === '1', cols, rows, end: isLineEnd ? end + 1 : end };
}

function readRaw(bytes: Uint8Array, start: number, rows: number, cols: number) {
  const stride = Math.ceil(cols / 8);
  const end = start + stride * rows;
  if (end > bytes.length) {
    throw new PictureError(
      'corrupt',
      `${truncated}: ${rows} × ${cols} pixels need ${stride * rows} bytes, and ${bytes.length - start} follow.`,
    );
  }
  const spins = new Int8Array(rows * cols);
  for (let k = 0; k < spins.length; k++) {
    const col = k % cols;
    const byte = bytes[start + Math.floor(k / cols) * stride + (col >> 3)];
    spins[k] = (byte >> (7 - (col & 7))) & 1 ? -1 : 1;
  }
  return { spins, end };
}

function readPlain(bytes: Uint8Array, start: number, rows: number, cols: number) {
  if (rows * cols > bytes.length) {
    throw new PictureError(
      'corrupt',
      `${truncated}: it holds fewer than ${rows} × ${cols} pixels.`,
    );
  }
  const spins = new Int8Array(rows * cols);
  let offset = start;
  for (let k = 0; k < spins.length; k++) {
    offset = skipComments(bytes, offset);
    const digit = bytes[offset++];
    if (digit !== 0x30 && digit !== 0x31) {
      const found = digit === undefined ? 'the end of the file' : `“${String.fromCharCode(digit)}”`;
      throw new PictureError(
        'corrupt',
        `${truncated}: row ${Math.floor(k / cols) + 1}, column ${(k % cols) + 1} is ${found} and not 0 or 1.`,
      );
    }
    spins[k] = digit === 0x31 ? -1 : 1;
  }
  return { spins, end: offset };
}

/** Blanks, and comments up to the end of their lines. */
function skipComments(bytes: Uint8Array, offset: number): number {
  let k = skipSpace(bytes, offset);
  while (bytes[k] === 0x23) {
    while (k < bytes.length && bytes[k] !== 10) k++;
    k = skipSpace(bytes, k);
  }
  return k;
}

function skipSpace(bytes: Uint8Array, offset: number): number {
  let k = offset;
  while (k < bytes.length && (bytes[k] === 32 || (bytes[k] >= 9 && bytes[k] <= 13))) k++;
  return k;
}
