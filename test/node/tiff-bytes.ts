import { deflateSync } from 'node:zlib';

/** A field of a TIFF directory: numbers of one type, or text. */
export interface Field {
  readonly tag: number;
  /** 2 text, 3 SHORT, 4 LONG, 5 RATIONAL, 7 UNDEFINED, 12 DOUBLE, 16 LONG8. */
  readonly type: number;
  readonly values: readonly number[] | string;
}

/** A page as an instrument's software might write it. */
export interface TiffPage {
  readonly width: number;
  readonly height: number;
  readonly bits?: number;
  readonly samples?: number;
  /** SampleFormat: 1 unsigned, 2 signed, 3 real, 6 complex. */
  readonly format?: number;
  readonly photometric?: number;
  readonly compression?: number;
  /** Samples of all pixels, side by side. */
  readonly values: readonly number[];
  /** Rows of a strip; all by default. */
  readonly rowsPerStrip?: number;
  /** Fields beside those that the pixels need; one of the same tag takes its place, null leaves it out. */
  readonly more?: readonly Field[];
  readonly without?: readonly number[];
  /** Keeps the fields in the order in which they were given. */
  readonly unsorted?: boolean;
}

export interface TiffFileParts {
  readonly pages: readonly TiffPage[];
  readonly big?: boolean;
  readonly motorola?: boolean;
  /** Where the last directory says that another follows. */
  readonly lastNext?: number;
}

const sizes: Record<number, number> = { 1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1, 12: 8, 16: 8 };

/** Writes TIFF files field by field, after the format's description alone. */
export function tiffBytes({
  pages,
  big = false,
  motorola = false,
  lastNext = 0,
}: TiffFileParts): Buffer {
  const little = !motorola;
  const parts: Buffer[] = [];
  let length = 0;
  const put = (bytes: Buffer): number => {
    const padding = (8 - (length % 8)) % 8;
    parts.push(Buffer.alloc(padding), bytes);
    const at = length + padding;
    length = at + bytes.length;
    return at;
  };
  const head = Buffer.alloc(big ? 16 : 8);
  head.write(little ? 'II' : 'MM', 'latin1');
  put(head);
  const number = (buffer: Buffer, at: number, bytes: number, value: number) => {
    const view = new DataView(buffer.buffer, buffer.byteOffset);
    if (bytes === 1) view.setUint8(at, value);
    else if (bytes === 2) view.setUint16(at, value, little);
    else if (bytes === 4) view.setUint32(at, value, little);
    else view.setBigUint64(at, BigInt(value), little);
  };
  number(head, 2, 2, big ? 43 : 42);
  if (big) number(head, 4, 2, 8);
  let link = { buffer: head, at: big ? 8 : 4 };
  const wide = big ? 8 : 4;
  for (const page of pages) {
    const { bits = 8, samples = 1, height, rowsPerStrip = height, compression = 1 } = page;
    const strips: Buffer[] = [];
    for (let row = 0; row < height; row += rowsPerStrip) {
      const end = Math.min(height, row + rowsPerStrip);
      const raw = packed(page, row, end, little);
      strips.push(compression === 8 ? deflateSync(raw) : raw);
    }
    const offsets = strips.map(put);
    const counts = strips.map((strip) => strip.length);
    const own: Field[] = [
      { tag: 256, type: 4, values: [page.width] },
      { tag: 257, type: 4, values: [height] },
      { tag: 258, type: 3, values: new Array(samples).fill(bits) },
      { tag: 259, type: 3, values: [compression] },
      { tag: 262, type: 3, values: [page.photometric ?? (samples >= 3 ? 2 : 1)] },
      { tag: 273, type: big ? 16 : 4, values: offsets },
      { tag: 277, type: 3, values: [samples] },
      { tag: 278, type: 4, values: [rowsPerStrip] },
      { tag: 279, type: 4, values: counts },
      { tag: 339, type: 3, values: new Array(samples).fill(page.format ?? 1) },
    ];
    const { more = [], without = [] } = page;
    const replaced = new Set([...without, ...more.map(({ tag }) => tag)]);
    const fields = [...own.filter(({ tag }) => !replaced.has(tag)), ...more];
    if (!page.unsorted) fields.sort((a, b) => a.tag - b.tag);
    const [headBytes, entryBytes] = big ? [8, 20] : [2, 12];
    const directory = Buffer.alloc(headBytes + entryBytes * fields.length + wide);
    number(directory, 0, headBytes, fields.length);
    for (const [k, { tag, type, values }] of fields.entries()) {
      const at = headBytes + entryBytes * k;
      const size = sizes[type];
      const content = Buffer.alloc(size * values.length);
      if (typeof values === 'string') content.write(values, 'latin1');
      else if (type === 12)
        values.forEach((v, i) => {
          new DataView(content.buffer, content.byteOffset).setFloat64(8 * i, v, little);
        });
      else if (type === 5)
        values.forEach((v, i) => {
          number(content, 8 * i, 4, v);
          number(content, 8 * i + 4, 4, 1);
        });
      else for (const [i, v] of values.entries()) number(content, size * i, size, v);
      number(directory, at, 2, tag);
      number(directory, at + 2, 2, type);
      number(directory, at + 4, wide, values.length);
      if (content.length <= wide) content.copy(directory, at + 4 + wide);
      else number(directory, at + 4 + wide, wide, put(content));
    }
    const place = put(directory);
    number(link.buffer, link.at, wide, place);
    link = { buffer: directory, at: directory.length - wide };
  }
  number(link.buffer, link.at, wide, lastNext);
  return Buffer.concat(parts);
}

/** Rows of pixels as they lie in the file. */
function packed(page: TiffPage, from: number, to: number, little: boolean): Buffer {
  const { width, bits = 8, samples = 1, format = 1, values } = page;
  const perRow = width * samples;
  const rows: Buffer[] = [];
  for (let row = from; row < to; row++) {
    const line = Buffer.alloc(Math.ceil((perRow * bits) / 8));
    const view = new DataView(line.buffer, line.byteOffset);
    for (let k = 0; k < perRow; k++) {
      const value = values[row * perRow + k];
      if (format === 3 && bits === 32) view.setFloat32(4 * k, value, little);
      else if (format === 3) view.setFloat64(8 * k, value, little);
      else if (bits === 64) view.setBigInt64(8 * k, BigInt(value), little);
      else if (bits === 32) view.setInt32(4 * k, value, little);
      else if (bits === 16) view.setInt16(2 * k, value, little);
      else
        for (let b = 0; b < bits; b++) {
          // from the highest bit on
          const bit = (value >> (bits - 1 - b)) & 1;
          const place = k * bits + b;
          line[place >> 3] |= bit << (7 - (place & 7));
        }
    }
    rows.push(line);
  }
  return Buffer.concat(rows);
}
