import { bmpLayout } from '../../../shared/image/header/bmp.ts';
import { PictureError } from '../../../shared/image/picture-error.ts';
import type { Decoded } from './types.ts';

/**
 * BMP by jimp, for all uncompressed variants; transparency does not exist in them.
 *
 * @throws PictureError `unsupported` for compressed ones, `corrupt` if the file is damaged
 */
export async function decodeWithJimp(bytes: Buffer): Promise<Decoded> {
  // loaded at the first BMP only: it takes longer than many a picture
  const [{ createJimp }, { default: bmp }] = await Promise.all([
    import('@jimp/core'),
    import('@jimp/js-bmp'),
  ]);
  const { width, height } = bmpLayout(
    new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
  );
  try {
    const { bitmap } = await createJimp({ formats: [bmp] }).fromBuffer(asJimpReads(bytes));
    const data = new Uint8Array(width * height * 4);
    for (let y = 0; y < height; y++) {
      const start = 4 * y * bitmap.width;
      data.set(bitmap.data.subarray(start, start + 4 * width), 4 * y * width);
    }
    return { pixels: { width, height, channels: 4, data }, warnings: [] };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new PictureError('corrupt', `The picture is damaged (${reason}).`, { cause: error });
  }
}

/**
 * jimp 1.6 takes the pixels to follow the palette at once, and gives up an image of 4 bits a pixel at the
 * end of its first row if that has an odd number of pixels. So what lies between palette and pixels is
 * cut out, and the width made even: the row has that pixel already, as padding.
 */
function asJimpReads(bytes: Buffer): Buffer {
  const { width, bits, headerEnd, pixels } = bmpLayout(
    new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
  );
  if (pixels < headerEnd) {
    throw new PictureError('corrupt', 'The BMP file says that its pixels begin in its header.');
  }
  const result = Buffer.concat([bytes.subarray(0, headerEnd), bytes.subarray(pixels)]);
  if (bits === 4 && width % 2 === 1) result.writeInt32LE(width + 1, 18);
  return result;
}
