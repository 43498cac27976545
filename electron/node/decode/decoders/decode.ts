import { type Channel, greyOf } from '../../../../shared/data/image/channel.ts';
import type { PictureFormat } from '../../../../shared/data/image/format.ts';
import type { GreyImage } from '../../../../shared/data/image/grey.ts';
import { checkPixels, readHeader } from '../../../../shared/data/image/header/header.ts';
import { PictureError } from '../../../../shared/data/image/picture-error.ts';
import { tiffPages } from '../../../../shared/data/image/tiff/pages.ts';
import { decodeWithJimp } from './jimp.ts';
import { mendJpeg } from './mend-jpeg.ts';
import { countFrames, decodeWithSharp } from './sharp.ts';
import { decodeTiffPage } from './tiff.ts';
import type { Decoded } from './types.ts';

/** A decoded picture in grey. */
export interface DecodedPicture {
  readonly image: GreyImage;
  readonly warnings: readonly string[];
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** A picture file whose frames are decoded one by one. */
export interface OpenedPicture {
  /** Pages or frames that are pictures of their own. */
  readonly frames: number;
  /** Sentences about the file as a whole. */
  readonly warnings: readonly string[];
  /**
   * One of them in grey, upright, alpha over white.
   *
   * @param frame from 0
   * @throws PictureError `corrupt`, `tooLarge`, `unsupported` or `unsuitable`
   */
  decode(frame: number): Promise<DecodedPicture>;
}

/**
 * Opens a picture file's bytes; always the same decoder for the same format.
 *
 * @param channel what grey is made of; null: luminance, and of channels in pages of their own the first
 * @param started told the header's claim once it has passed the guard and decoding of a frame begins
 * @throws PictureError `corrupt`, `tooLarge` or `unsupported`
 */
export async function openPicture(
  bytes: Buffer,
  format: PictureFormat,
  channel: Channel | null = null,
  started: (size: Size) => void = () => {},
): Promise<OpenedPicture> {
  const header = readHeader(bytes, format);
  checkMemory(header);
  if (format === 'tiff') return openTiff(bytes, channel, started);
  const one = async (decoded: Promise<Decoded>): Promise<DecodedPicture> => {
    const { pixels, warnings } = await decoded;
    return { image: greyOf(pixels, channel ?? 'luminance'), warnings };
  };
  const frames = format === 'gif' || format === 'webp' ? await countFrames(bytes, format) : 1;
  return {
    frames,
    warnings: [],
    decode: (frame) => {
      started(header);
      if (format === 'bmp') return one(decodeWithJimp(bytes));
      if (format === 'jpeg') return one(decodeWithSharp(mendJpeg(bytes)));
      return one(decodeWithSharp(bytes, format, frames > 1 ? frame : null));
    },
  };
}

function openTiff(bytes: Buffer, channel: Channel | null, started: (size: Size) => void) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const number = typeof channel === 'number' ? channel : null;
  const { file, pages, channels, warnings } = tiffPages(view, number);
  // where channels are pages of their own, the page has been chosen by it
  const within = channels > 1 && number !== null ? 'luminance' : (channel ?? 'luminance');
  return {
    frames: pages.length,
    warnings,
    decode: async (frame: number) => {
      const page = pages[frame];
      checkPixels(page);
      checkMemory(page);
      started(page);
      return decodeTiffPage(file, page, within);
    },
  };
}

/** The first picture of a file in grey. */
export async function decodePicture(
  bytes: Buffer,
  format: PictureFormat,
  started: (size: Size) => void = () => {},
): Promise<DecodedPicture> {
  const opened = await openPicture(bytes, format, null, started);
  const { image, warnings } = await opened.decode(0);
  const { frames } = opened;
  const others = frames > 1 ? [`Only the first of ${frames} pictures in the file is used.`] : [];
  return { image, warnings: [...opened.warnings, ...others, ...warnings] };
}

/** Decoded pixels take up to 8 bytes (RGBA of 16 bits) and their grey 2. */
function checkMemory({ width, height }: Size): void {
  const available = process.availableMemory();
  if (width * height * 10 <= available) return;
  throw new PictureError(
    'tooLarge',
    `A picture of ${width} × ${height} pixels may need ${Math.ceil((width * height * 10) / 2 ** 20)} MiB to decode, and ${Math.floor(available / 2 ** 20)} MiB are free: close other programs, or shrink the picture first.`,
  );
}
