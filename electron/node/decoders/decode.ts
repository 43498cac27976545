import type { PictureFormat } from '../../../shared/image/format.ts';
import { type GreyImage, toGrey } from '../../../shared/image/grey.ts';
import { readHeader } from '../../../shared/image/header/header.ts';
import type { PictureHeader } from '../../../shared/image/header/picture-header.ts';
import { PictureError } from '../../../shared/image/picture-error.ts';
import { decodeWithJimp } from './jimp.ts';
import { decodeWithSharp } from './sharp.ts';
import type { Decoded } from './types.ts';

/** A decoded picture in grey. */
export interface DecodedPicture {
  readonly image: GreyImage;
  readonly warnings: readonly string[];
}

/** One decoder a format, always the same. */
const decoders: Record<PictureFormat, (bytes: Buffer) => Promise<Decoded>> = {
  png: decodeWithSharp,
  jpeg: decodeWithSharp,
  gif: decodeWithSharp,
  tiff: decodeWithSharp,
  webp: decodeWithSharp,
  bmp: decodeWithJimp,
};

/**
 * A picture file's bytes as a grey picture, upright, alpha over white.
 *
 * @param started told the header's claim once it has passed the guard and decoding begins
 * @throws PictureError `corrupt`, `tooLarge` or `unsupported`
 */
export async function decodePicture(
  bytes: Buffer,
  format: PictureFormat,
  started: (header: PictureHeader) => void = () => {},
): Promise<DecodedPicture> {
  const header = readHeader(bytes, format);
  checkMemory(header);
  started(header);
  const { pixels, warnings } = await decoders[format](bytes);
  return { image: toGrey(pixels), warnings };
}

/** Decoded pixels take up to 8 bytes (RGBA of 16 bits) and their grey 2. */
function checkMemory({ width, height }: PictureHeader): void {
  const available = process.availableMemory();
  if (width * height * 10 <= available) return;
  throw new PictureError(
    'tooLarge',
    `A picture of ${width} × ${height} pixels may need ${Math.ceil((width * height * 10) / 2 ** 20)} MiB to decode, and ${Math.floor(available / 2 ** 20)} MiB are free: close other programs, or shrink the picture first.`,
  );
}
