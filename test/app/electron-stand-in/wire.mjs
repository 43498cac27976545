/** Values as text and back: JSON with typed arrays, and functions left out as structured clone would throw. */
export function toText(value) {
  return JSON.stringify(value, (_, item) => {
    if (typeof item === 'function') throw new Error('An object could not be cloned.');
    if (item === undefined) return { $: 'undefined' };
    if (typeof item === 'number' && !Number.isFinite(item))
      return { $: 'number', text: String(item) };
    if (!ArrayBuffer.isView(item)) return item;
    const bytes = new Uint8Array(item.buffer, item.byteOffset, item.byteLength);
    let binary = '';
    for (let k = 0; k < bytes.length; k += 8192) {
      binary += String.fromCharCode(...bytes.subarray(k, k + 8192));
    }
    const type = Object.prototype.toString.call(item).slice(8, -1);
    return { $: type, bytes: btoa(binary) };
  });
}

export function fromText(text) {
  return JSON.parse(text, (_, item) => {
    if (item === null || typeof item !== 'object' || !('$' in item)) return item;
    if (item.$ === 'undefined') return undefined;
    if (item.$ === 'number') return Number(item.text);
    const bytes = Uint8Array.from(atob(item.bytes), (letter) => letter.charCodeAt(0));
    return item.$ === 'Uint8Array' ? bytes : new globalThis[item.$](bytes.buffer);
  });
}
