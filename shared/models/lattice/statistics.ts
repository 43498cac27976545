import type { Statistic } from '../contract.ts';
import { type Lattice, siteCount } from './lattice.ts';
import { type Offset, offsetBondCount, offsetBonds, offsetProducts } from './offsets.ts';

const none = new Int32Array(0);

/**
 * One coupling for all pairs at the given offsets, T = Σ s_i s_j.
 * A list of them takes 8 bytes a pair, hence only where it is used.
 */
export function coupling(parameter: string, l: Lattice, offsets: readonly Offset[]): Statistic {
  let listed: Int32Array | null = null;
  return {
    parameter,
    structure: { kind: 'offsets', offsets },
    get bonds() {
      listed ??= concatenate(offsets.map((offset) => offsetBonds(l, offset)));
      return listed;
    },
    sites: none,
    siteWeights: null,
    weight: 1,
    extent: offsets.reduce((sum, offset) => sum + offsetBondCount(l, offset), 0),
    sum: (spins) => offsets.reduce((sum, offset) => sum + offsetProducts(l, offset, spins), 0),
  };
}

/** The notes' field: every site feels h/n, so that T = m = Σ s_i / n. */
export function uniformField(l: Lattice): Statistic {
  const n = siteCount(l);
  let listed: Int32Array | null = null;
  return {
    parameter: 'h',
    structure: { kind: 'uniform-field' },
    bonds: none,
    get sites() {
      listed ??= everySite(n);
      return listed;
    },
    siteWeights: null,
    weight: 1 / n,
    extent: 1,
    sum(spins) {
      let sum = 0;
      for (let k = 0; k < n; k++) sum += spins[k];
      return sum;
    },
  };
}

/** A field that site k feels as θ φ_k: T = Σ_k φ_k s_k. */
export function siteField(parameter: string, weights: Float64Array): Statistic {
  let listed: Int32Array | null = null;
  return {
    parameter,
    structure: { kind: 'site-field' },
    bonds: none,
    get sites() {
      listed ??= everySite(weights.length);
      return listed;
    },
    siteWeights: weights,
    weight: 1,
    extent: weights.reduce((sum, weight) => sum + Math.abs(weight), 0),
    sum(spins) {
      let sum = 0;
      for (let k = 0; k < weights.length; k++) sum += weights[k] * spins[k];
      return sum;
    },
  };
}

function everySite(n: number): Int32Array {
  return Int32Array.from({ length: n }, (_, k) => k);
}

function concatenate(parts: readonly Int32Array[]): Int32Array {
  const joined = new Int32Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}
