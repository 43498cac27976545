/** Bytes as characters of the same codes, without a byte-order mark of UTF-8. */
export function latinText(bytes: Uint8Array): string {
  const marked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  const parts: string[] = [];
  // fromCharCode takes its characters as arguments, of which there may not be too many
  for (let k = marked ? 3 : 0; k < bytes.length; k += 8192) {
    parts.push(String.fromCharCode(...bytes.subarray(k, k + 8192)));
  }
  return parts.join('');
}
