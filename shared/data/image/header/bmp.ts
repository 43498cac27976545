import { PictureError } from '../picture-error.ts';
import type { PictureHeader } from './picture-header.ts';

/** The fields of a BMP file that decide how its pixels lie. */
export interface BmpLayout {
  readonly width: number;
  readonly height: number;
  readonly bits: number;
  /** End of headers, masks and palette. */
  readonly headerEnd: number;
  /** Where the pixels begin. */
  readonly pixels: number;
  /** Bytes of one row of pixels, padded to four. */
  readonly stride: number;
  /** Entries of the palette; 0 where the pixels are colours themselves. */
  readonly colours: number;
  /** Which bits of a pixel are red, green, blue and alpha; null where pixels are not divided by masks. */
  readonly masks: readonly [red: number, green: number, blue: number, alpha: number] | null;
}

/** Divisions of a pixel that are read, by bits a pixel: what programs write. */
const knownMasks: Readonly<Record<number, readonly (readonly number[])[]>> = {
  16: [
    [0x7c00, 0x3e0, 0x1f, 0],
    [0xf800, 0x7e0, 0x1f, 0],
  ],
  32: [
    [0xff0000, 0xff00, 0xff, 0],
    [0xff0000, 0xff00, 0xff, 0xff000000],
  ],
};

/**
 * Layout of an uncompressed Windows bitmap of any version with 1, 4, 8, 16, 24 or 32 bits a pixel.
 *
 * @throws PictureError `unsupported` for run-length and embedded compression and OS/2 headers
 */
export function bmpLayout(view: DataView): BmpLayout {
  const headerSize = view.getUint32(14, true);
  if (headerSize === 12 || headerSize === 64) {
    throw new PictureError(
      'unsupported',
      'The BMP file has an OS/2 header, which is not read: save it as PNG.',
    );
  }
  const width = view.getInt32(18, true);
  const height = Math.abs(view.getInt32(22, true));
  const bits = view.getUint16(28, true);
  const compression = view.getUint32(30, true);
  const masked = compression === 3 || compression === 6;
  if ((compression !== 0 && !masked) || ![1, 4, 8, 16, 24, 32].includes(bits)) {
    throw new PictureError(
      'unsupported',
      `The BMP file is compressed (kind ${compression}) or has ${bits} bits a pixel, which is not read: save it as PNG.`,
    );
  }
  // only the oldest header keeps its colour masks outside
  const maskBytes = headerSize === 40 && masked ? (compression === 3 ? 12 : 16) : 0;
  const colours = view.getUint32(46, true) || (bits <= 8 ? 2 ** bits : 0);
  return {
    width,
    height,
    bits,
    colours: bits <= 8 ? colours : 0,
    masks: masked ? readMasks(view, bits, headerSize >= 56 || compression === 6) : null,
    headerEnd: 14 + headerSize + maskBytes + 4 * colours,
    pixels: view.getUint32(10, true),
    stride: 4 * Math.ceil((width * bits) / 32),
  };
}

/** @throws PictureError `unsupported` for a division of pixels that no common program writes */
function readMasks(view: DataView, bits: number, alpha: boolean) {
  const [red, green, blue] = [54, 58, 62].map((offset) => view.getUint32(offset, true));
  const masks = [red, green, blue, alpha ? view.getUint32(66, true) : 0] as const;
  const known = knownMasks[bits]?.some((known) => known.every((mask, k) => mask === masks[k]));
  if (known) return masks;
  const shown = masks.map((mask) => mask.toString(16)).join(', ');
  throw new PictureError(
    'unsupported',
    `The BMP file divides its ${bits} bits a pixel by the masks ${shown}, which is not read: save it as PNG.`,
  );
}

/** Dimensions of a bitmap; the pixels take stride × height bytes, of which the last row's padding may be missing. */
export function bmpHeader(view: DataView): PictureHeader {
  const { width, height, bits, headerEnd, pixels, stride } = bmpLayout(view);
  const bytes = stride * (height - 1) + Math.ceil((width * bits) / 8);
  return { width, height, minimumBytes: Math.max(headerEnd, pixels) + bytes };
}
