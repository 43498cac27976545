import { crc32, deflateSync } from 'node:zlib';

/** Picture files built by hand, byte for byte from the formats' descriptions. */

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}

export interface PngParts {
  width: number;
  height: number;
  depth: number;
  /** 0 grey, 2 RGB, 3 palette, 4 grey + alpha, 6 RGBA. */
  colour: number;
  /** Bytes of every row, without the filter byte. */
  rows: number[][];
  palette?: number[];
  transparency?: number[];
  /** Bytes of every row of each of the seven Adam7 passes instead of `rows`. */
  interlaced?: boolean;
}

export function png(parts: PngParts): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(parts.width);
  header.writeUInt32BE(parts.height, 4);
  header.set([parts.depth, parts.colour, 0, 0, parts.interlaced ? 1 : 0], 8);
  const lines = parts.rows.flatMap((row) => [0, ...row]);
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    ...(parts.palette ? [chunk('PLTE', Buffer.from(parts.palette))] : []),
    ...(parts.transparency ? [chunk('tRNS', Buffer.from(parts.transparency))] : []),
    chunk('IDAT', deflateSync(Buffer.from(lines))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** A little-endian TIFF with one uncompressed strip. */
export function tiff(
  width: number,
  height: number,
  bits: number,
  data: Uint8Array,
  tags = {},
): Buffer {
  const fields: Record<number, number> = {
    256: width,
    257: height,
    258: bits,
    259: 1,
    262: 1,
    273: 8,
    277: 1,
    278: height,
    279: data.length,
    ...tags,
  };
  const entries = Object.entries(fields);
  const directory = Buffer.alloc(2 + 12 * entries.length + 4);
  directory.writeUInt16LE(entries.length);
  for (const [k, [tag, value]] of entries.entries()) {
    directory.writeUInt16LE(Number(tag), 2 + 12 * k);
    directory.writeUInt16LE(4, 4 + 12 * k);
    directory.writeUInt32LE(1, 6 + 12 * k);
    directory.writeUInt32LE(value, 10 + 12 * k);
  }
  const header = Buffer.from([0x49, 0x49, 42, 0, 0, 0, 0, 0]);
  const padded = Buffer.concat([data, Buffer.alloc(data.length % 2)]);
  header.writeUInt32LE(8 + padded.length, 4);
  return Buffer.concat([header, padded, directory]);
}

export interface BmpParts {
  width: number;
  /** Negative: rows from top to bottom. */
  height: number;
  bits: number;
  /** Bytes of every row as stored, unpadded. */
  rows: number[][];
  palette?: number[];
  /** Unused bytes between palette and pixels. */
  gap?: number;
  compression?: number;
  /** Colour masks after a 40-byte header. */
  masks?: number[];
}

export function bmp({ width, height, bits, rows, ...more }: BmpParts): Buffer {
  const { palette = [], gap = 0, compression = 0, masks = [] } = more;
  const header = Buffer.alloc(54 + 4 * masks.length);
  const pixels = rows.flatMap((row) => [...row, ...new Array((4 - (row.length % 4)) % 4).fill(0)]);
  header.write('BM', 'latin1');
  header.writeUInt32LE(header.length + palette.length + gap + pixels.length, 2);
  header.writeUInt32LE(header.length + palette.length + gap, 10);
  header.writeUInt32LE(40, 14);
  header.writeInt32LE(width, 18);
  header.writeInt32LE(height, 22);
  header.writeUInt16LE(1, 26);
  header.writeUInt16LE(bits, 28);
  header.writeUInt32LE(compression, 30);
  header.writeUInt32LE(palette.length / 4, 46);
  for (const [k, mask] of masks.entries()) header.writeUInt32LE(mask, 54 + 4 * k);
  return Buffer.concat([header, Buffer.from(palette), Buffer.alloc(gap, 99), Buffer.from(pixels)]);
}
