/**
 * The part of a GIF's screen that frames up to a given one have drawn on; what none has drawn on shows
 * the ground.
 *
 * Source: GIF89a (CompuServe, 1990), sections 18 to 26.
 *
 * @returns null where the first frame covers all
 */
export function gifCover(bytes: Buffer, frame: number): Uint8Array | null {
  const [width, height] = [bytes.readUInt16LE(6), bytes.readUInt16LE(8)];
  const cover = new Uint8Array(width * height);
  let offset = 13 + tableBytes(bytes[10]);
  let at = 0;
  while (offset < bytes.length && at <= frame) {
    const block = bytes[offset++];
    if (block === 0x21) offset = skipBlocks(bytes, offset + 1);
    else if (block === 0x2c && offset + 9 <= bytes.length) {
      const [x, y, w, h] = [0, 2, 4, 6].map((k) => bytes.readUInt16LE(offset + k));
      if (at === 0 && x === 0 && y === 0 && w >= width && h >= height) return null;
      for (let row = y; row < Math.min(y + h, height); row++) {
        cover.fill(1, row * width + Math.min(x, width), row * width + Math.min(x + w, width));
      }
      offset = skipBlocks(bytes, offset + 9 + tableBytes(bytes[offset + 8]) + 1);
      at++;
    } else break;
  }
  return cover;
}

function tableBytes(flags: number): number {
  return flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0;
}

function skipBlocks(bytes: Buffer, offset: number): number {
  let k = offset;
  while (k < bytes.length && bytes[k] !== 0) k += bytes[k] + 1;
  return k + 1;
}
