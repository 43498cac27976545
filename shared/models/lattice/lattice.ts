import { UnsuitableError } from '../failures.ts';

/** Edges of the lattice: `free` (open) or `periodic` (a torus). */
export type Boundary = 'free' | 'periodic';

/** A square lattice of rows × cols sites; site k = q·cols + r lies in row q, column r (row-major). */
export interface Lattice {
  readonly rows: number;
  readonly cols: number;
  readonly boundary: Boundary;
}

/**
 * A lattice of rows × cols sites, checked.
 *
 * One row or one column is a chain (periodic: a ring). A periodic side of exactly two would join
 * the same pair of sites twice, so it is refused.
 *
 * @throws UnsuitableError if a side is no positive integer, if there are fewer than two sites, or if a
 * periodic side is two.
 */
export function lattice(rows: number, cols: number, boundary: Boundary): Lattice {
  if (!Number.isInteger(rows) || !Number.isInteger(cols) || rows < 1 || cols < 1) {
    throw new UnsuitableError(
      `A lattice needs whole numbers of rows and columns, not ${rows} × ${cols}.`,
    );
  }
  if (rows * cols < 2) throw new UnsuitableError('A lattice needs at least two sites.');
  if (boundary === 'periodic' && (rows === 2 || cols === 2)) {
    throw new UnsuitableError(
      `A torus of ${rows} × ${cols} would join neighbours twice: use at least three rows and columns, or free edges.`,
    );
  }
  return { rows, cols, boundary };
}

/** Number of sites, n = rows · cols. */
export function siteCount({ rows, cols }: Lattice): number {
  return rows * cols;
}

/** Along a row, or along a column. */
export type Axis = 'horizontal' | 'vertical';

/** Number of nearest-neighbour bonds along one axis. */
export function axisBondCount({ rows, cols, boundary }: Lattice, axis: Axis): number {
  const [length, lines] = axis === 'horizontal' ? [cols, rows] : [rows, cols];
  return lines * (boundary === 'periodic' && length > 1 ? length : length - 1);
}

/**
 * Nearest-neighbour bonds along one axis, each once, as consecutive pairs i, j of flat indices.
 *
 * @returns Int32Array of length 2 · (number of bonds)
 */
export function axisBonds(l: Lattice, axis: Axis): Int32Array {
  const { rows, cols } = l;
  const [length, lines, step, lineStep] =
    axis === 'horizontal' ? [cols, rows, 1, cols] : [rows, cols, cols, 1];
  const bonds = new Int32Array(2 * axisBondCount(l, axis));
  const perLine = bonds.length / (2 * lines);
  let k = 0;
  for (let line = 0; line < lines; line++) {
    for (let p = 0; p < perLine; p++) {
      bonds[k++] = line * lineStep + p * step;
      bonds[k++] = line * lineStep + ((p + 1) % length) * step;
    }
  }
  return bonds;
}

/**
 * Σ s_i s_j over the bonds of `axisBonds`, without listing them.
 *
 * @param spins n values, row-major
 */
export function axisProducts(l: Lattice, axis: Axis, spins: ArrayLike<number>): number {
  const { rows, cols } = l;
  const wraps = l.boundary === 'periodic';
  let sum = 0;
  if (axis === 'vertical') {
    const last = (rows - 1) * cols;
    for (let k = 0; k < last; k++) sum += spins[k] * spins[k + cols];
    if (wraps && rows > 1) for (let k = 0; k < cols; k++) sum += spins[last + k] * spins[k];
    return sum;
  }
  for (let start = 0; start < rows * cols; start += cols) {
    const end = start + cols - 1;
    for (let k = start; k < end; k++) sum += spins[k] * spins[k + 1];
    if (wraps && cols > 1) sum += spins[end] * spins[start];
  }
  return sum;
}

/** Number of nearest-neighbour bonds n_B: periodic 2·rows·cols, free rows(cols−1) + cols(rows−1). */
export function bondCount(l: Lattice): number {
  return axisBondCount(l, 'horizontal') + axisBondCount(l, 'vertical');
}

/**
 * Whether the sites fall into two classes with every bond between them (a two-colouring).
 * A torus with an odd side longer than one does not.
 */
export function isBipartite({ rows, cols, boundary }: Lattice): boolean {
  if (boundary === 'free') return true;
  return (rows === 1 || rows % 2 === 0) && (cols === 1 || cols % 2 === 0);
}
