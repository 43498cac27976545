import { PictureError } from '../picture-error.ts';
import type { TiffFile } from './directory.ts';
import type { Layout } from './layout.ts';

/** Fields that codecs need and that are handed on as they are: JPEG tables, YCbCr, CCITT options, LERC. */
const codecFields = [292, 293, 347, 529, 530, 531, 532, 50674];

const headBytes = 16;

/** What is said otherwise of a page than it says itself. */
type Changes = Partial<Pick<Layout, 'bits' | 'samples' | 'kind' | 'compression' | 'photometric'>>;

/**
 * One page of a TIFF file as a file of its own, a BigTIFF of the same byte order: its blocks of pixels one
 * behind the other, and a directory with its fields in order, none of unknown meaning, none that decoders
 * complain about.
 *
 * @throws PictureError `corrupt` where the blocks lie over each other so that they are more than the file
 */
export function cleanTiff(file: TiffFile, page: Layout, changes: Changes = {}): Uint8Array {
  const blocks = blocksOf(file, page);
  const layout = { ...page, ...changes, offsets: blocks.offsets };
  const { tile, samples } = layout;
  // packed bits have no byte order, though decoders apply one to what they unpack
  const little = file.little || layout.bits % 8 !== 0;
  const formats = { unsigned: 1, signed: 2, float: 3, complex: 6 };
  const fields = new Map<number, readonly number[]>([
    [256, [layout.width]],
    [257, [layout.height]],
    [258, new Array(samples).fill(layout.bits)],
    [259, [layout.compression]],
    [262, [layout.photometric]],
    [266, [layout.lowestFirst ? 2 : 1]],
    [277, [samples]],
    [284, [layout.planar]],
    [317, [layout.predictor]],
    [339, new Array(samples).fill(formats[layout.kind])],
    ...(tile
      ? [
          [322, [tile.width]] as const,
          [323, [tile.height]] as const,
          [324, layout.offsets] as const,
          [325, layout.counts] as const,
        ]
      : [
          [273, layout.offsets] as const,
          [278, [layout.rowsPerStrip]] as const,
          [279, layout.counts] as const,
        ]),
    ...(layout.palette && layout.photometric === 3 ? [[320, layout.palette] as const] : []),
    ...codecFields.flatMap((tag) => {
      const values = layout.fields.get(tag);
      return values ? [[tag, values] as const] : [];
    }),
  ]);
  const sorted = [...fields].sort(([a], [b]) => a - b);
  const start = Math.ceil((headBytes + blocks.length) / 16) * 16;
  const directoryBytes = 8 + 20 * sorted.length + 8;
  const outside = sorted.map(([tag, values]) => {
    const [type, bytes] = fieldType(tag);
    return { type, bytes, inline: bytes * values.length <= 8 };
  });
  const valueBytes = sorted.reduce(
    (sum, [, values], k) =>
      sum + (outside[k].inline ? 0 : Math.ceil((outside[k].bytes * values.length) / 8) * 8),
    0,
  );
  const bytes = new Uint8Array(start + directoryBytes + valueBytes);
  for (const { from, to, length } of blocks.parts) {
    bytes.set(new Uint8Array(file.view.buffer, file.view.byteOffset + from, length), to);
  }
  const view = new DataView(bytes.buffer, start);
  view.setBigUint64(0, BigInt(sorted.length), little);
  let place = directoryBytes;
  for (const [k, [tag, values]] of sorted.entries()) {
    const { type, bytes: size, inline } = outside[k];
    const entry = 8 + 20 * k;
    view.setUint16(entry, tag, little);
    view.setUint16(entry + 2, type, little);
    view.setBigUint64(entry + 4, BigInt(values.length), little);
    let at = entry + 12;
    if (!inline) {
      view.setBigUint64(at, BigInt(start + place), little);
      at = place;
      place += Math.ceil((size * values.length) / 8) * 8;
    }
    for (const [i, value] of values.entries()) setValue(view, at + i * size, type, value, little);
  }
  const first = new DataView(bytes.buffer);
  first.setUint16(0, little ? 0x4949 : 0x4d4d);
  first.setUint16(2, 43, little);
  first.setUint16(4, 8, little);
  first.setBigUint64(8, BigInt(start), little);
  return bytes;
}

/** Where a page's blocks lie in the file and in one of their own; those that are left out stay so. */
function blocksOf(file: TiffFile, { offsets, counts }: Layout) {
  const places = new Map<number, { from: number; to: number; length: number }>();
  let length = 0;
  const moved = offsets.map((from, k) => {
    const count = counts[k] ?? 0;
    if (from === 0 || count === 0) return 0;
    // some programs write blocks that are equal only once
    const known = places.get(from);
    if (known && known.length >= count) return known.to;
    const part = { from, to: headBytes + length, length: count };
    places.set(from, part);
    length += Math.ceil(count / 8) * 8;
    return part.to;
  });
  if (length > 2 * file.length + 8 * offsets.length) {
    throw new PictureError(
      'corrupt',
      'The TIFF file says of its blocks of pixels that they are longer than the file: it is damaged.',
    );
  }
  return { offsets: moved, parts: [...places.values()], length };
}

/** Type and bytes: undefined bytes of JPEG tables, floats of ReferenceBlackWhite, 64 bits of places, else 16 or 32. */
function fieldType(tag: number): [type: number, bytes: number] {
  if (tag === 347) return [7, 1];
  if (tag === 532) return [11, 4];
  if ([273, 279, 324, 325].includes(tag)) return [16, 8];
  if ([256, 257, 278, 292, 293, 322, 323, 50674].includes(tag)) return [4, 4];
  return tag === 529 ? [11, 4] : [3, 2];
}

function setValue(view: DataView, at: number, type: number, value: number, little: boolean): void {
  if (type === 7) view.setUint8(at, value);
  else if (type === 3) view.setUint16(at, value, little);
  else if (type === 4) view.setUint32(at, value, little);
  else if (type === 11) view.setFloat32(at, value, little);
  else view.setBigUint64(at, BigInt(value), little);
}
