import sharp from 'sharp';
import type { Pixels } from '../../../shared/image/grey.ts';
import { maxPixels } from '../../../shared/image/header/picture-header.ts';
import { PictureError } from '../../../shared/image/picture-error.ts';
import type { Decoded } from './types.ts';

// several pictures are decoded side by side, each on one core, and none twice
sharp.concurrency(1);
sharp.cache(false);

const input = { failOn: 'warning', limitInputPixels: maxPixels } as const;

/** Pixels above which a file is read through once before memory is given to it: 40 megapixels. */
const provenAbove = 40e6;

/**
 * PNG, JPEG, GIF (first frame), TIFF (first page) and WebP by libvips: EXIF orientation and colour
 * profiles applied, CMYK and palettes as RGB, 16 bits kept.
 *
 * @throws PictureError `corrupt` at the decoder's first complaint, `unsupported` for other numbers than
 * unsigned ones of up to 16 bits
 */
export async function decodeWithSharp(bytes: Buffer): Promise<Decoded> {
  try {
    const { depth, pages = 1, width, height } = await sharp(bytes, input).metadata();
    if (depth !== 'uchar' && depth !== 'ushort') {
      throw new PictureError(
        'unsupported',
        `The picture's pixels are numbers of type “${depth}”; unsigned ones of up to 16 bits are read: convert it to 8 or 16 bits a channel.`,
      );
    }
    if (width * height > provenAbove) await proveSound(bytes);
    const { data, info } = await sharp(bytes, input)
      .autoOrient()
      .toColourspace(depth === 'ushort' ? 'rgb16' : 'srgb')
      .raw({ depth })
      .toBuffer({ resolveWithObject: true });
    return {
      pixels: {
        width: info.width,
        height: info.height,
        channels: info.channels as Pixels['channels'],
        data:
          depth === 'ushort'
            ? new Uint16Array(data.buffer, data.byteOffset, data.length / 2)
            : new Uint8Array(data.buffer, data.byteOffset, data.length),
      },
      warnings: pages > 1 ? [`Only the first of ${pages} pictures in the file is used.`] : [],
    };
  } catch (error) {
    if (error instanceof PictureError) throw error;
    const reason = error instanceof Error ? error.message.trim().split('\n')[0] : String(error);
    throw new PictureError('corrupt', `The picture is truncated or damaged (${reason}).`, {
      cause: error,
    });
  }
}

/**
 * Reads all of a picture as a stream of rows, keeping one pixel: a damaged file of 200 megapixels fails
 * here in little memory, and not after filling 600 MB.
 */
async function proveSound(bytes: Buffer): Promise<void> {
  await sharp(bytes, { ...input, sequentialRead: true })
    .resize(1, 1, { fit: 'fill', fastShrinkOnLoad: false })
    .raw()
    .toBuffer();
}
