import { type BmpLayout, bmpLayout } from '../../../../shared/data/image/header/bmp.ts';
import { PictureError } from '../../../../shared/data/image/picture-error.ts';
import type { Decoded } from './types.ts';

/**
 * BMP by jimp, for all uncompressed variants; transparency where a mask of the header says so.
 *
 * @throws PictureError `unsupported` for compressed ones, `corrupt` if the file is damaged
 */
export async function decodeWithJimp(bytes: Buffer): Promise<Decoded> {
  // loaded at the first BMP only: it takes longer than many a picture
  const { Jimp } = await import('jimp');
  const layout = bmpLayout(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  const { width, height } = layout;
  const upsideDown = bytes.readInt32LE(22) > 0;
  checkPalette(bytes, layout);
  try {
    const { bitmap } = await Jimp.fromBuffer(asJimpReads(bytes, layout));
    const data = new Uint8Array(width * height * 4);
    for (let y = 0; y < height; y++) {
      const start = 4 * y * bitmap.width;
      data.set(bitmap.data.subarray(start, start + 4 * width), 4 * y * width);
    }
    if (layout.masks?.[3]) copyAlpha(bytes, layout, upsideDown, data);
    return { pixels: { width, height, channels: 4, data }, warnings: [] };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new PictureError('corrupt', `The picture is damaged (${reason}).`, { cause: error });
  }
}

/**
 * The same picture in the plainest form that jimp 1.6 reads right: the oldest header, the palette, and the
 * pixels at once behind it. jimp ignores where the pixels begin, takes masks from newer headers even where
 * they say nothing, and gives up an image of 4 bits a pixel at the end of its first row if that has an odd
 * number of pixels; so the width is made even: the row has that pixel already, as padding.
 */
function asJimpReads(bytes: Buffer, layout: BmpLayout): Buffer {
  const { width, height, bits, colours, masks, headerEnd, pixels, stride } = layout;
  if (pixels < headerEnd) {
    throw new PictureError('corrupt', 'The BMP file says that its pixels begin in its header.');
  }
  const header = Buffer.from(bytes.subarray(0, 54));
  header.writeUInt32LE(40, 14);
  header.writeUInt32LE(colours, 46);
  if (bits === 4 && width % 2 === 1) header.writeInt32LE(width + 1, 18);
  // 32 bits are divided by jimp itself as they must be, 16 bits are not always
  const divided = bits === 16 ? masks : null;
  header.writeUInt32LE(divided ? 3 : 0, 30);
  return Buffer.concat([
    header,
    ...(divided ? [Buffer.from(Uint32Array.from(divided.slice(0, 3)).buffer)] : []),
    bytes.subarray(headerEnd - 4 * colours, headerEnd),
    bytes.subarray(pixels),
    // some programs leave out what pads the last row
    Buffer.alloc(Math.max(0, pixels + stride * height - bytes.length)),
  ]);
}

/** jimp takes white for what the palette does not have. */
function checkPalette(bytes: Buffer, { bits, colours, pixels, stride, width, height }: BmpLayout) {
  if (bits !== 8 || colours >= 256) return;
  for (let y = 0; y < height; y++) {
    const start = pixels + y * stride;
    for (let k = start; k < start + width; k++) {
      if (bytes[k] < colours) continue;
      throw new PictureError(
        'corrupt',
        `A pixel has colour ${bytes[k]} of a palette of ${colours}: the file is damaged.`,
      );
    }
  }
}

/** jimp makes every pixel opaque; the masks that are read keep alpha in the fourth byte. */
function copyAlpha(
  bytes: Buffer,
  { width, height, pixels, stride }: BmpLayout,
  upsideDown: boolean,
  data: Uint8Array,
): void {
  for (let y = 0; y < height; y++) {
    const row = pixels + (upsideDown ? height - 1 - y : y) * stride;
    for (let x = 0; x < width; x++) data[4 * (y * width + x) + 3] = bytes[row + 4 * x + 3];
  }
  // a mask for alpha, and 0 in all of it, is what programs write that know no alpha
  let opaque = true;
  for (let k = 3; k < data.length; k += 4) opaque &&= data[k] === 0;
  if (opaque) for (let k = 3; k < data.length; k += 4) data[k] = 255;
}
