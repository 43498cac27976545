import type { Lattice } from '../models/lattice/lattice.ts';

/** Runs are counted by length: 1, 2, 3–4, 5–8, 9–16, 17 and longer. */
export const runClasses = [
  [1, 1],
  [2, 2],
  [3, 4],
  [5, 8],
  [9, 16],
  [17, Number.POSITIVE_INFINITY],
] as const;

/**
 * Runs of equal spins along rows or columns of one image: the number of runs of every class, written to
 * `out`. On a torus a run goes on across the seam, and a line of one colour is one run of its length.
 *
 * @returns number of runs
 */
export function countRuns(
  { rows, cols, boundary }: Lattice,
  spins: ArrayLike<number>,
  along: 'rows' | 'columns',
  out: Float64Array,
): number {
  const [lines, length, lineStep, step] =
    along === 'rows' ? [rows, cols, cols, 1] : [cols, rows, 1, cols];
  out.fill(0);
  let total = 0;
  for (let line = 0; line < lines; line++) {
    const begin = line * lineStep;
    const end = begin + length * step;
    let first = 1;
    let present = spins[begin];
    let site = begin + step;
    while (site < end && spins[site] === present) {
      first++;
      site += step;
    }
    // the first run of a ring may be the end of its last
    let run = first;
    let open = boundary === 'periodic' && site < end;
    const seam = spins[begin];
    for (; site < end; site += step) {
      if (spins[site] === present) {
        run++;
        continue;
      }
      if (open) open = false;
      else {
        out[classOf(run)]++;
        total++;
      }
      present = spins[site];
      run = 1;
    }
    if (boundary === 'periodic' && run < length) {
      // what was left open at the beginning is closed by what stands at the end
      if (present === seam) run += first;
      else {
        out[classOf(first)]++;
        total++;
      }
    }
    out[classOf(run)]++;
    total++;
  }
  return total;
}

function classOf(run: number): number {
  if (run <= 2) return run - 1;
  return run <= 4 ? 2 : run <= 8 ? 3 : run <= 16 ? 4 : 5;
}
