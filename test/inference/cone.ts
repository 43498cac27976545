export const dot = (x: readonly number[], y: readonly number[]) =>
  x.reduce((sum, value, a) => sum + value * y[a], 0);

/**
 * Whether some d ≠ 0 has x·d ≥ 0 for all x, by trying every candidate: the cone of such d is the whole of a line, or has
 * an edge, and either is orthogonal to p − 1 independent vectors (or to fewer, where the vectors span less).
 */
export function isSeparable(vectors: readonly (readonly number[])[], p: number): boolean {
  const unit = (a: number, sign: number) =>
    Array.from({ length: p }, (_, b) => (a === b ? sign : 0));
  const all = [...vectors, ...Array.from({ length: p }, (_, a) => unit(a, 1))];
  const candidates: number[][] = [];
  if (p === 1) candidates.push([1]);
  if (p === 2) for (const [x, y] of all) candidates.push([-y, x]);
  if (p === 3) {
    for (const [a, b, c] of all) {
      for (const [d, e, f] of all) candidates.push([b * f - c * e, c * d - a * f, a * e - b * d]);
    }
  }
  const both = candidates.flatMap((d) => [d, d.map((value) => -value)]);
  return both.some((d) => d.some((v) => v !== 0) && vectors.every((x) => dot(x, d) >= 0));
}
