/** Values that are transformed together before the next ones: 256 KiB stay in a core's cache. */
const block = 2 ** 15;

/**
 * The Walsh–Hadamard transform in place: a_T ← Σ_S (−1)^|S ∩ T| a_S, sets as bit masks. Twice over it multiplies
 * by the length.
 *
 * @param a 2^n values
 */
export function walshHadamard(a: Float64Array): void {
  const inner = Math.min(block, a.length);
  for (let start = 0; start < a.length; start += inner) passes(a, start, start + inner, 1, inner);
  passes(a, 0, a.length, inner, a.length);
}

/** Butterflies of distances `from`, 2·`from` … below `to` on a[start … end − 1]; two distances a pass. */
function passes(a: Float64Array, start: number, end: number, from: number, to: number): void {
  let distance = from;
  for (; 4 * distance <= to; distance *= 4) byFours(a, start, end, distance);
  if (distance < to) byTwos(a, start, end, distance);
}

function byTwos(a: Float64Array, start: number, end: number, distance: number): void {
  for (let k = start; k < end; k += 2 * distance) {
    for (let i = k; i < k + distance; i++) {
      const [x, y] = [a[i], a[i + distance]];
      a[i] = x + y;
      a[i + distance] = x - y;
    }
  }
}

function byFours(a: Float64Array, start: number, end: number, distance: number): void {
  for (let k = start; k < end; k += 4 * distance) {
    for (let i = k; i < k + distance; i++) {
      const x = a[i];
      const y = a[i + distance];
      const z = a[i + 2 * distance];
      const w = a[i + 3 * distance];
      const even = x + y;
      const odd = x - y;
      const evenNext = z + w;
      const oddNext = z - w;
      a[i] = even + evenNext;
      a[i + distance] = odd + oddNext;
      a[i + 2 * distance] = even - evenNext;
      a[i + 3 * distance] = odd - oddNext;
    }
  }
}
