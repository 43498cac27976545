import { PictureError } from '../picture-error.ts';
import type { PictureHeader } from './picture-header.ts';

/** JPEG (ITU-T T.81, annex B): dimensions stand in the first frame header, SOF0 … SOF15. */
export function jpegHeader(view: DataView): PictureHeader {
  let offset = 2;
  for (;;) {
    // a marker is 0xff, repeated as filler at will, and a code
    if (view.getUint8(offset) !== 0xff) {
      throw new PictureError('corrupt', 'The JPEG header is damaged: a marker is missing.');
    }
    while (view.getUint8(offset) === 0xff) offset++;
    const code = view.getUint8(offset++);
    // DHT, JPG and DAC lie among the codes of frame headers
    if (code >= 0xc0 && code <= 0xcf && code !== 0xc4 && code !== 0xc8 && code !== 0xcc) {
      return frame(view, offset);
    }
    if (code === 0xda || code === 0xd9) {
      throw new PictureError('corrupt', 'The JPEG file begins its data before its dimensions.');
    }
    // TEM and RSTn stand alone, all others carry their length
    const alone = code === 0x01 || (code >= 0xd0 && code <= 0xd8);
    if (!alone) offset += Math.max(2, view.getUint16(offset));
  }
}

function frame(view: DataView, offset: number): PictureHeader {
  const height = view.getUint16(offset + 3);
  const width = view.getUint16(offset + 5);
  if (height === 0) {
    throw new PictureError(
      'unsupported',
      'The JPEG file gives its height only after its data: save it again with another program.',
    );
  }
  // at least one bit a block of 8 × 8 samples, sampled at most four times more coarsely than the pixels
  return { width, height, minimumBytes: (width * height) / (32 * 32 * 8) };
}
