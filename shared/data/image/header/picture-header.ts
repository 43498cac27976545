import { PictureError } from '../picture-error.ts';

/** What a picture's header claims, read without decoding anything. */
export interface PictureHeader {
  readonly width: number;
  readonly height: number;
  /** A file of these dimensions cannot be shorter, however well it is compressed; 0 where nothing is known. */
  readonly minimumBytes: number;
}

/** Most pixels that are decoded: 200 megapixels. */
export const maxPixels = 200e6;

/** Most memory for what a decoder must hold at once before damage can show: 400 MiB. */
const maxWorkingBytes = 400 * 2 ** 20;

/**
 * Judges a variant that its decoder does not read row by row.
 *
 * @param kind what it is, as a sentence names it
 * @param instead a format that needs less
 * @throws PictureError `tooLarge`; beyond `maxPixels` the size itself is the reason that is given elsewhere
 */
export function checkWorkingMemory(
  kind: string,
  bytes: number,
  pixels: number,
  instead: string,
): void {
  if (bytes <= maxWorkingBytes || pixels > maxPixels) return;
  throw new PictureError(
    'tooLarge',
    `This ${kind} needs ${Math.round(bytes / 2 ** 20)} MiB at once to be decoded, and at most ${maxWorkingBytes / 2 ** 20} MiB are given to it: save it as ${instead}, or shrink it first.`,
  );
}
