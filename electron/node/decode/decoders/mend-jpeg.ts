/**
 * The same JPEG file without what cameras write against the standard and every viewer passes over, so that
 * the decoder can be strict about all that remains: bytes before a marker of the header, the selection
 * 0-0-0 in a sequential scan header, and no mark at the end. A file whose pixels are cut off stays damaged.
 */
export function mendJpeg(bytes: Buffer): Buffer {
  const kept: Buffer[] = [bytes.subarray(0, 2)];
  let offset = 2;
  let isSequential = true;
  for (;;) {
    const marker = bytes.indexOf(0xff, offset);
    if (marker < 0 || marker + 3 >= bytes.length) return bytes;
    offset = marker;
    while (bytes[offset] === 0xff) offset++;
    const code = bytes[offset++];
    if (code === 0xc0 || code === 0xc1) isSequential = true;
    else if (code >= 0xc2 && code <= 0xcf && code !== 0xc4 && code !== 0xc8 && code !== 0xcc) {
      isSequential = code === 0xc9;
    }
    // a byte that is no marker's code: these were no marker but strays
    if (code === 0 || code === 1 || (code >= 0xd0 && code <= 0xd9)) continue;
    if (offset + 2 > bytes.length) return bytes;
    const end = offset + bytes.readUInt16BE(offset);
    if (end > bytes.length) return bytes;
    const segment = bytes.subarray(offset, end);
    kept.push(Buffer.from([0xff, code]));
    if (code !== 0xda) {
      kept.push(segment);
      offset = end;
      continue;
    }
    kept.push(isSequential ? wholeBand(segment) : segment, bytes.subarray(end));
    if (bytes.lastIndexOf(Buffer.from([0xff, 0xd9])) < end) kept.push(Buffer.from([0xff, 0xd9]));
    return Buffer.concat(kept);
  }
}

/** A scan header whose spectral selection is 0 … 63, all that a sequential scan can have. */
function wholeBand(segment: Buffer): Buffer {
  const mended = Buffer.from(segment);
  mended.set([0, 63, 0], mended.length - 3);
  return mended;
}
