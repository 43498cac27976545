import { PictureError } from '../picture-error.ts';
import { checkWorkingMemory, type PictureHeader } from './picture-header.ts';

/** Samples of a pixel for every PNG colour type. */
const pngSamples: Record<number, number> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/** PNG (third edition, 11.2.1): the IHDR chunk comes first. */
export function pngHeader(view: DataView): PictureHeader {
  if (view.getUint32(12) === 0x43674249) {
    throw new PictureError(
      'unsupported',
      "The PNG file is of Apple's own kind (CgBI), which Xcode makes for telephones: use the original.",
    );
  }
  if (view.getUint32(12) !== 0x49484452) {
    throw new PictureError('corrupt', 'The PNG file does not begin with its header (IHDR).');
  }
  const width = view.getUint32(16);
  const height = view.getUint32(20);
  checkChunks(view);
  const bits = view.getUint8(24) * (pngSamples[view.getUint8(25)] ?? 1);
  // deflate makes at most 1032 bytes from one
  return { width, height, minimumBytes: (height * Math.ceil((width * bits) / 8)) / 1032 };
}

/** Every chunk lies whole within the file, up to the last (IEND): a decoder may not miss what follows the pixels. */
function checkChunks(view: DataView): void {
  for (let offset = 8; ; ) {
    // length, type, data, checksum
    const end = offset + 12 + view.getUint32(offset);
    const last = view.getUint32(offset + 4) === 0x49454e44;
    if (end > view.byteLength) {
      throw new PictureError('corrupt', 'The PNG file ends within a chunk: it is truncated.');
    }
    if (last) return;
    offset = end;
  }
}

/** GIF89a, section 18: the logical screen. */
export function gifHeader(view: DataView): PictureHeader {
  return { width: view.getUint16(6, true), height: view.getUint16(8, true), minimumBytes: 0 };
}

/** Memory that libwebp was measured to take for a lossless picture, in bytes a pixel, beside the file's own. */
const webpBytesPerPixel = 9;

/** WebP (RFC 9649): a lossy (VP8), lossless (VP8L) or extended (VP8X) picture, which is decoded whole. */
export function webpHeader(view: DataView): PictureHeader {
  const header = webpDimensions(view);
  const pixels = header.width * header.height;
  checkWorkingMemory('WebP', webpBytesPerPixel * pixels + view.byteLength, pixels, 'PNG or TIFF');
  return header;
}

function webpDimensions(view: DataView): PictureHeader {
  const kind = view.getUint32(12);
  if (kind === 0x56503820) {
    const side = (offset: number) => view.getUint16(offset, true) & 0x3fff;
    return { width: side(26), height: side(28), minimumBytes: 0 };
  }
  if (kind === 0x5650384c) {
    const bits = view.getUint32(21, true);
    return { width: (bits & 0x3fff) + 1, height: ((bits >> 14) & 0x3fff) + 1, minimumBytes: 0 };
  }
  if (kind === 0x56503858) {
    const side = (offset: number) =>
      view.getUint16(offset, true) + (view.getUint8(offset + 2) << 16) + 1;
    return { width: side(24), height: side(27), minimumBytes: 0 };
  }
  throw new PictureError('corrupt', 'The WebP file holds no picture where it should begin.');
}
