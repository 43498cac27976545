/** Seeded random whole numbers 0 … below − 1 (mulberry32): fuzzing needs speed and repetition, not quality. */
export function randomFrom(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

type Random = (below: number) => number;

/** Numbers on which sizes, offsets and counts turn over. */
const limits = [0, 1, 2, 7, 127, 128, 255, 256, 0x7fff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff];

/** What is put into text: names that objects inherit, numbers out of range, nesting. */
const words = [
  '__proto__',
  'constructor',
  '1e999',
  '-0',
  'NaN',
  'null',
  '[[[[[[[[',
  '{"',
  '\\u0000',
  '9'.repeat(40),
  '\r',
  ' ',
  ',',
  '-1',
  '"',
];

/** One step of damage; each may shorten or lengthen. */
const steps: readonly ((bytes: Buffer, random: Random, other: Buffer) => Buffer)[] = [
  // a bit, a byte, a run
  (bytes, random) => {
    bytes[random(bytes.length)] ^= 1 << random(8);
    return bytes;
  },
  (bytes, random) => {
    bytes[random(Math.min(bytes.length, 64))] = random(256);
    return bytes;
  },
  (bytes, random) => bytes.fill(random(256), random(bytes.length)).subarray(0, bytes.length),
  // a number in either byte order, where headers keep them
  (bytes, random) => {
    const value = limits[random(limits.length)];
    const at = random(Math.min(bytes.length, 128));
    const size = [1, 2, 4][random(3)];
    if (at + size > bytes.length) return bytes;
    if (random(2)) bytes.writeUIntLE(value % 2 ** (8 * size), at, size);
    else bytes.writeUIntBE(value % 2 ** (8 * size), at, size);
    return bytes;
  },
  // cut off, cut out, doubled, crossed with another seed
  (bytes, random) => bytes.subarray(0, 1 + random(bytes.length)),
  (bytes, random) => {
    const at = random(bytes.length);
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + random(32))]);
  },
  (bytes, random) => {
    const at = random(bytes.length);
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at >> 1)]);
  },
  (bytes, random, other) =>
    Buffer.concat([bytes.subarray(0, random(bytes.length)), other.subarray(random(other.length))]),
  (bytes, random) => {
    const at = random(bytes.length);
    const word = Buffer.from(words[random(words.length)], 'latin1');
    return Buffer.concat([
      bytes.subarray(0, at),
      word,
      bytes.subarray(at + random(3) * word.length),
    ]);
  },
];

/** A damaged copy of one of the seeds: one to four steps. */
export function mutate(seeds: readonly Buffer[], random: Random): Buffer {
  let bytes = Buffer.from(seeds[random(seeds.length)]);
  const other = seeds[random(seeds.length)];
  for (let k = 1 + random(4); k > 0; k--) {
    if (bytes.length === 0) return bytes;
    bytes = Buffer.from(steps[random(steps.length)](bytes, random, other));
  }
  return bytes;
}
