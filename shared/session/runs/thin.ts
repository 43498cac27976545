import type { Trace } from '../../inference/trace.ts';

/**
 * Rows `first` … `last` (exclusive) of a trace, thinned for display: the rows are divided into equal
 * stretches, and of each stretch its first and last row stay, and those in which a column is smallest or
 * largest, in their order, so that no peak is lost. Short parts come back whole.
 *
 * @returns rows of 1 + 3p numbers, about `points` of them at most
 */
export function thin(trace: Trace, first: number, last: number, points: number): Float64Array {
  const width = 1 + 3 * trace.p;
  const rows = Math.max(0, Math.min(last, trace.rows) - first);
  if (rows <= points) return trace.slice(first, first + rows);
  const columns = width - 1;
  const stretches = Math.max(1, Math.floor(points / (2 * columns + 2)));
  const kept: number[] = [];
  for (let k = 0; k < stretches; k++) {
    const from = Math.floor((k * rows) / stretches);
    const to = Math.floor(((k + 1) * rows) / stretches);
    // where each column has its extremes
    const extremes = new Set([from, to - 1]);
    for (let c = 1; c <= columns; c++) {
      let [low, high] = [from, from];
      for (let row = from + 1; row < to; row++) {
        const value = trace.value(first + row, c);
        if (value < trace.value(first + low, c)) low = row;
        if (value > trace.value(first + high, c)) high = row;
      }
      extremes.add(low).add(high);
    }
    kept.push(...[...extremes].sort((a, b) => a - b));
  }
  const result = new Float64Array(kept.length * width);
  kept.forEach((row, k) => {
    result.set(trace.slice(first + row, first + row + 1), k * width);
  });
  return result;
}
