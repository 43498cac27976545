import type { PictureFormat } from '../format.ts';
import { PictureError } from '../picture-error.ts';
import { bmpHeader } from './bmp.ts';
import { jpegHeader } from './jpeg.ts';
import { maxPixels, type PictureHeader } from './picture-header.ts';
import { gifHeader, pngHeader, webpHeader } from './small.ts';
import { tiffHeader } from './tiff.ts';

const parsers: Record<PictureFormat, (view: DataView) => PictureHeader> = {
  png: pngHeader,
  jpeg: jpegHeader,
  gif: gifHeader,
  bmp: bmpHeader,
  tiff: tiffHeader,
  webp: webpHeader,
};

/**
 * Width and height as the header claims them, judged before any decoder may allocate memory for them.
 *
 * @throws PictureError `corrupt` if the header is cut off, contradicts itself or the file's length,
 * `tooLarge` above `maxPixels`, `unsupported` for a variant without dimensions
 */
export function readHeader(bytes: Uint8Array, format: PictureFormat): PictureHeader {
  const header = parse(bytes, format);
  const { width, height, minimumBytes } = header;
  checkPixels(header);
  if (bytes.length < minimumBytes) {
    throw new PictureError(
      'corrupt',
      `The header claims ${width} × ${height} pixels, which cannot fit into a file of ${bytes.length} bytes: it is truncated or damaged.`,
    );
  }
  return header;
}

/** @throws PictureError `corrupt` without any pixel, `tooLarge` above `maxPixels` */
export function checkPixels({ width, height }: Pick<PictureHeader, 'width' | 'height'>): void {
  if (width < 1 || height < 1) {
    throw new PictureError(
      'corrupt',
      `The header claims a picture of ${width} × ${height} pixels.`,
    );
  }
  if (width * height > maxPixels) {
    const megapixels = Math.round((width * height) / 1e6);
    throw new PictureError(
      'tooLarge',
      `The header claims ${width} × ${height} pixels (${megapixels} megapixels), and at most ${maxPixels / 1e6} megapixels are accepted: crop or shrink the picture first.`,
    );
  }
}

function parse(bytes: Uint8Array, format: PictureFormat): PictureHeader {
  try {
    return parsers[format](new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  } catch (error) {
    // a DataView throws RangeError where it is read past its end
    if (!(error instanceof RangeError)) throw error;
    throw new PictureError('corrupt', 'The file ends inside its header: it is truncated.', {
      cause: error,
    });
  }
}
