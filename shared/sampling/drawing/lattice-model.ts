import type { Model } from '../../models/contract.ts';
import { UnsuitableError } from '../../models/failures.ts';
import { type Lattice, siteCount } from '../../models/lattice/lattice.ts';
import { nearestNeighbours } from '../../models/lattice/nearest-neighbours.ts';

/** A nearest-neighbour model at given parameters, as drawing needs it. */
export interface Couplings {
  readonly lattice: Lattice;
  /** Coupling along rows, and along columns. */
  readonly along: number;
  readonly across: number;
  /** The field that every site feels. */
  readonly field: number;
}

/**
 * Couplings and field of a nearest-neighbour model at θ.
 *
 * @throws UnsuitableError for any other model
 * @throws RangeError if θ is not finite
 */
export function couplingsOf(model: Model, theta: ArrayLike<number>): Couplings {
  const layout = nearestNeighbours(model);
  if (layout === null) {
    throw new UnsuitableError(
      'Only nearest neighbours in a uniform field can be drawn in equilibrium by themselves: ask for heat-bath by name.',
    );
  }
  for (const [a, { parameter }] of model.statistics.entries()) {
    if (!Number.isFinite(theta[a])) throw new RangeError(`${parameter} must be a finite number.`);
  }
  const { along, across, field } = layout;
  return {
    lattice: model.lattice,
    along: theta[along],
    across: theta[across],
    field: field === null ? 0 : theta[field] * model.statistics[field].weight,
  };
}

/** Neighbours of every site: left, right, above, below; an absent one is n. */
export function neighbourTable({ rows, cols, boundary }: Lattice): Int32Array {
  const n = rows * cols;
  const table = new Int32Array(4 * n).fill(n);
  const torus = boundary === 'periodic';
  for (let q = 0, k = 0; q < rows; q++) {
    for (let r = 0; r < cols; r++, k++) {
      if (cols > 1 && (torus || r > 0)) table[4 * k] = r > 0 ? k - 1 : k + cols - 1;
      if (cols > 1 && (torus || r < cols - 1))
        table[4 * k + 1] = r < cols - 1 ? k + 1 : k - cols + 1;
      if (rows > 1 && (torus || q > 0)) table[4 * k + 2] = q > 0 ? k - cols : k + n - cols;
      if (rows > 1 && (torus || q < rows - 1))
        table[4 * k + 3] = q < rows - 1 ? k + cols : k + cols - n;
    }
  }
  return table;
}

/**
 * Signs ε_k with ε_i ε_j J_ij ≥ 0 on every bond, so that s_k ε_k is a ferromagnet: 1 everywhere, stripes, or a
 * checkerboard. Null where there are none: a torus whose odd side antiferromagnetic bonds go round is frustrated.
 */
export function gaugeOf({ lattice, along, across }: Couplings): Int8Array | null {
  const { rows, cols, boundary } = lattice;
  const closes = (coupling: number, side: number) =>
    coupling >= 0 || boundary === 'free' || side === 1 || side % 2 === 0;
  if (!closes(along, cols) || !closes(across, rows)) return null;
  return alternation({ lattice, along, across });
}

/** Signs that alternate along antiferromagnetic bonds; where these are frustrated, but for a line of bonds. */
export function alternation({ lattice, along, across }: Omit<Couplings, 'field'>): Int8Array {
  const { cols } = lattice;
  const signs = new Int8Array(siteCount(lattice));
  for (let k = 0; k < signs.length; k++) {
    const [q, r] = [Math.floor(k / cols), k % cols];
    const turned = (along < 0 ? r : 0) + (across < 0 ? q : 0);
    signs[k] = turned % 2 === 0 ? 1 : -1;
  }
  return signs;
}

/** Whether all bonds are ferromagnetic as they stand. */
export function isFerromagnet({ along, across }: Couplings): boolean {
  return along >= 0 && across >= 0;
}
