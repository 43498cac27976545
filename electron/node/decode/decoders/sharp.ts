import sharp from 'sharp';
import type { PictureFormat } from '../../../../shared/data/image/format.ts';
import type { Pixels } from '../../../../shared/data/image/grey.ts';
import { maxPixels } from '../../../../shared/data/image/header/picture-header.ts';
import { PictureError } from '../../../../shared/data/image/picture-error.ts';
import { gifCover } from './gif-cover.ts';
import type { Decoded } from './types.ts';

// several pictures are decoded side by side, each on one core, and none twice
sharp.concurrency(1);
sharp.cache(false);

// stored values count, as an instrument wrote them: a profile is no part of the measurement, and of 16 bits
// libvips changes them by more than their two levels are apart
const input = { failOn: 'warning', limitInputPixels: maxPixels, ignoreIcc: true } as const;

/** Pixels above which a file is read through once before memory is given to it: 40 megapixels. */
const provenAbove = 40e6;

/** Frames of an animation; a file that libvips cannot open has one, whose decoding says why. */
export async function countFrames(bytes: Buffer, format: 'gif' | 'webp'): Promise<number> {
  const mended = format === 'webp' ? mendWebp(bytes) : bytes;
  const { pages = 1 } = await sharp(mended, input)
    .metadata()
    .catch(() => ({ pages: 1 }));
  return pages;
}

/**
 * PNG, JPEG, GIF, WebP and plain TIFF by libvips: EXIF orientation applied, CMYK and palettes as RGB,
 * 16 bits kept, colour profiles not applied.
 *
 * @param frame of an animation, from 0; null where there is one picture
 * @throws PictureError `corrupt` at the decoder's first complaint, `unsupported` for other numbers than
 * unsigned ones of up to 16 bits
 */
export async function decodeWithSharp(
  file: Buffer,
  format: PictureFormat = 'tiff',
  frame: number | null = null,
): Promise<Decoded> {
  const bytes = format === 'webp' ? mendWebp(file) : file;
  const page = frame === null ? {} : { page: frame, pages: 1 };
  try {
    const { depth, width, height } = await sharp(bytes, { ...input, ...page }).metadata();
    if (depth !== 'uchar' && depth !== 'ushort') {
      throw new PictureError(
        'unsupported',
        `The picture's pixels are numbers of type “${depth}”; unsigned ones of up to 16 bits are read: convert it to 8 or 16 bits a channel.`,
      );
    }
    if (width * height > provenAbove) await proveSound(bytes);
    const { data, info } = await sharp(bytes, { ...input, ...page })
      .autoOrient()
      .toColourspace(depth === 'ushort' ? 'rgb16' : 'srgb')
      .raw({ depth })
      .toBuffer({ resolveWithObject: true });
    const channels = info.channels as Pixels['channels'];
    if (format === 'gif') whiten(data, channels, gifCover(bytes, frame ?? 0));
    return {
      pixels: {
        width: info.width,
        height: info.height,
        channels,
        data:
          depth === 'ushort'
            ? new Uint16Array(data.buffer, data.byteOffset, data.length / 2)
            : new Uint8Array(data.buffer, data.byteOffset, data.length),
      },
      warnings: [],
    };
  } catch (error) {
    if (error instanceof PictureError) throw error;
    const reason = error instanceof Error ? error.message.trim().split('\n')[0] : String(error);
    // data are there but make no sense in their place: that is not the same as data that are missing
    const lost = /extraneous bytes before marker/.test(reason);
    throw new PictureError(
      lost ? 'unsupported' : 'corrupt',
      lost
        ? `Some of its pixels cannot be decoded (${reason}): have it written again by the program or the camera that it comes from.`
        : `The picture is truncated or damaged (${reason}).`,
      { cause: error },
    );
  }
}

/** Pixels that no frame of an animation has drawn on are ground: white, as transparent ones are. */
function whiten(data: Buffer, channels: number, cover: Uint8Array | null): void {
  if (cover === null) return;
  for (let k = 0; k < cover.length; k++) {
    if (cover[k] === 0) data.fill(255, k * channels, (k + 1) * channels);
  }
}

/** A WebP whose container claims more than the file has; whether its picture is whole, its decoder sees. */
function mendWebp(bytes: Buffer): Buffer {
  if (bytes.readUInt32LE(4) <= bytes.length - 8) return bytes;
  const mended = Buffer.from(bytes);
  mended.writeUInt32LE(bytes.length - 8, 4);
  return mended;
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
