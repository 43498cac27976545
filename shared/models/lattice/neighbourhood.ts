import { isField, type Model, type Statistic } from '../contract.ts';
import { siteCount } from './lattice.ts';

/**
 * Neighbours of every site in a table that makes the local field one look-up.
 *
 * Neighbours stand in groups of four that belong to one statistic; an absent one (free edge, unused
 * place) points to the ghost site n whose spin is 0. With u_a the sum over the neighbours of statistic
 * a, the index
 *
 *   Σ_groups stride_group · (sum of its four spins) + origin
 *
 * enumerates all (u_1, u_2, …) without gaps or collisions.
 */
export interface Neighbourhood {
  readonly groups: number;
  /** n × groups × 4, site-major. */
  readonly neighbours: Int32Array;
  readonly strides: Int32Array;
  readonly origin: number;
  /** Entries of the table. */
  readonly entries: number;
  /** For every index the local field's coefficients ∂H/∂θ_a: entries × p. */
  readonly coefficients: Float64Array;
}

/** Largest table that is still a table. */
const maxEntries = 4096;

/**
 * The neighbourhood of a model whose couplings join every site alike (up to free edges) and whose
 * field is the same everywhere; null for other models.
 */
export function neighbourhood(model: Model): Neighbourhood | null {
  const n = siteCount(model.lattice);
  const p = model.statistics.length;
  const degrees = model.statistics.map(({ bonds }) => largestDegree(bonds, n));
  const entries = degrees.reduce((product, degree) => product * (2 * degree + 1), 1);
  if (entries > maxEntries || !model.statistics.every(isUniform)) {
    return null;
  }
  const groupCounts = degrees.map((degree) => Math.ceil(degree / 4));
  const groups = groupCounts.reduce((sum, count) => sum + count, 0);
  const neighbours = new Int32Array(n * groups * 4).fill(n);
  const strides = new Int32Array(groups);
  const coefficients = new Float64Array(entries * p);
  let firstGroup = 0;
  let stride = 1;
  let origin = 0;
  model.statistics.forEach((statistic, a) => {
    const { weight, bonds } = statistic;
    const radix = 2 * degrees[a] + 1;
    strides.fill(stride, firstGroup, firstGroup + groupCounts[a]);
    const free = Int32Array.from({ length: n }, (_, site) => (site * groups + firstGroup) * 4);
    for (let k = 0; k < bonds.length; k += 2) {
      neighbours[free[bonds[k]]++] = bonds[k + 1];
      neighbours[free[bonds[k + 1]]++] = bonds[k];
    }
    for (let entry = 0; entry < entries; entry++) {
      const sum = (Math.floor(entry / stride) % radix) - degrees[a];
      coefficients[entry * p + a] = weight * (isField(statistic) ? 1 : sum);
    }
    origin += degrees[a] * stride;
    firstGroup += groupCounts[a];
    stride *= radix;
  });
  return { groups, neighbours, strides, origin, entries, coefficients };
}

/** One coupling for all of its bonds, or one field for all sites. */
function isUniform({ structure }: Statistic): boolean {
  return structure.kind !== 'site-field';
}

function largestDegree(bonds: Int32Array, n: number): number {
  const degrees = new Int32Array(n);
  for (const site of bonds) degrees[site]++;
  return degrees.reduce((most, degree) => Math.max(most, degree), 0);
}

/** The table's entry for the neighbours of a site; the first group, often the only one, has stride 1. */
export function tableEntry(
  spins: Int8Array,
  neighbours: Int32Array,
  strides: Int32Array,
  groups: number,
  origin: number,
  site: number,
): number {
  // a slot is a multiple of four: | instead of + tells the compiler that nothing overflows
  let slot = (site * groups) << 2;
  let entry =
    (origin +
      spins[neighbours[slot]] +
      spins[neighbours[slot | 1]] +
      spins[neighbours[slot | 2]] +
      spins[neighbours[slot | 3]]) |
    0;
  for (let g = 1; g < groups; g++) {
    slot += 4;
    entry +=
      strides[g] *
      (spins[neighbours[slot]] +
        spins[neighbours[slot | 1]] +
        spins[neighbours[slot | 2]] +
        spins[neighbours[slot | 3]]);
  }
  return entry;
}

/** Local field H = Σ_a θ_a ∂H/∂θ_a for every entry of the table. */
export function localFields(
  { coefficients }: Neighbourhood,
  theta: ArrayLike<number>,
): Float64Array {
  const p = theta.length;
  const fields = new Float64Array(coefficients.length / p);
  for (let k = 0; k < coefficients.length; k++)
    fields[Math.floor(k / p)] += theta[k % p] * coefficients[k];
  return fields;
}
