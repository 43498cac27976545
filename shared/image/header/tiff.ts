import { PictureError } from '../picture-error.ts';
import type { PictureHeader } from './picture-header.ts';

const imageWidth = 256;
const imageLength = 257;

/** TIFF 6.0, section 2, and BigTIFF: dimensions are tags of the first directory, anywhere in the file. */
export function tiffHeader(view: DataView): PictureHeader {
  const little = view.getUint8(0) === 0x49;
  const big = view.getUint16(2, little) === 43;
  const long = (offset: number) =>
    big ? Number(view.getBigUint64(offset, little)) : view.getUint32(offset, little);
  const start = long(big ? 8 : 4);
  const entries = big ? long(start) : view.getUint16(start, little);
  const [first, size] = big ? [start + 8, 20] : [start + 2, 12];
  const found = new Map<number, number>();
  for (let k = 0; k < entries; k++) {
    const entry = first + k * size;
    const tag = view.getUint16(entry, little);
    // tags are sorted
    if (tag > imageLength) break;
    const isShort = view.getUint16(entry + 2, little) === 3;
    const value = entry + (big ? 12 : 8);
    found.set(tag, isShort ? view.getUint16(value, little) : view.getUint32(value, little));
  }
  const width = found.get(imageWidth);
  const height = found.get(imageLength);
  if (width === undefined || height === undefined) {
    throw new PictureError(
      'corrupt',
      'The TIFF file does not say how wide and high its picture is.',
    );
  }
  return { width, height, minimumBytes: 0 };
}
