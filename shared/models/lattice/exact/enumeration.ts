import { dot } from '../../../numerics/symmetric.ts';
import type { Model, Statistic } from '../../contract.ts';
import { siteCount } from '../lattice.ts';
import { checkFinite, type ExactMethod, type ExactMoments } from './method.ts';

/** Largest number of sites that is enumerated: 2²⁰ configurations. */
export const largestEnumeration = 20;

/** Measured: see docs/exact.md. */
const operationsPerSecond = 1e9;

/** Configurations between two yields. */
const slice = 1 << 14;

/** Σ over bonds and sites of one statistic, kept up to date while single spins flip. */
class Walker {
  private readonly neighbours: readonly (readonly number[])[];
  private readonly alone: Float64Array;
  /** Σ_bonds s_i s_j + Σ_sites φ_i s_i; starts at all spins down. */
  sum: number;

  constructor(statistic: Statistic, n: number) {
    const { bonds, sites, siteWeights } = statistic;
    const neighbours: number[][] = Array.from({ length: n }, () => []);
    for (let k = 0; k < bonds.length; k += 2) {
      neighbours[bonds[k]].push(bonds[k + 1]);
      neighbours[bonds[k + 1]].push(bonds[k]);
    }
    this.neighbours = neighbours;
    this.alone = new Float64Array(n);
    for (let k = 0; k < sites.length; k++) this.alone[sites[k]] += siteWeights?.[k] ?? 1;
    this.sum = bonds.length / 2 - this.alone.reduce((sum, weight) => sum + weight, 0);
  }

  /** Takes note that `spins[site]` has just become what it is now. */
  flipped(spins: Int8Array, site: number): void {
    let local = this.alone[site];
    for (const neighbour of this.neighbours[site]) local += spins[neighbour];
    this.sum += 2 * spins[site] * local;
  }
}

/**
 * Visits all 2ⁿ configurations in Gray-code order, one spin flip each, from all spins down.
 *
 * @param visit receives T_a(s) in an array that is overwritten by the next visit
 */
export function* visitConfigurations(
  model: Model,
  visit: (values: Float64Array) => void,
): Generator<number, void> {
  const n = siteCount(model.lattice);
  const { statistics } = model;
  const walkers = statistics.map((statistic) => new Walker(statistic, n));
  const spins = new Int8Array(n).fill(-1);
  const values = new Float64Array(statistics.length);
  const count = 2 ** n;
  const cost = statistics.length * (10 + statistics.length);
  for (let k = 1; ; k++) {
    for (let a = 0; a < values.length; a++) values[a] = statistics[a].weight * walkers[a].sum;
    visit(values);
    if (k === count) return;
    // the lowest set bit of k is the one in which the Gray codes of k − 1 and k differ
    const site = 31 - Math.clz32(k & -k);
    spins[site] = -spins[site];
    for (let a = 0; a < walkers.length; a++) walkers[a].flipped(spins, site);
    if (k % slice === 0) yield slice * cost;
  }
}

/**
 * Full enumeration of the 2ⁿ configurations of any model with n ≤ 20 sites.
 *
 * Weights are taken relative to the heaviest configuration and statistics relative to its values, so
 * that nothing overflows and a small variance is not a difference of large numbers.
 */
export function enumeration(model: Model): ExactMethod {
  const n = siteCount(model.lattice);
  const p = model.statistics.length;
  const operations = 2 ** n * (40 + 2 * p * (10 + p));
  return {
    name: `enumeration of 2^${n} configurations`,
    operations,
    seconds: operations / operationsPerSecond,
    *evaluate(theta): Generator<number, ExactMoments> {
      checkFinite(theta);
      // the heaviest configuration is the origin of weights and statistics
      let heaviest = Number.NEGATIVE_INFINITY;
      const origin = new Float64Array(p);
      yield* visitConfigurations(model, (values) => {
        const exponent = dot(values, theta);
        if (exponent > heaviest) {
          heaviest = exponent;
          origin.set(values);
        }
      });

      // sums of weight, weight · T, weight · T Tᵀ relative to that origin
      let total = 0;
      const first = new Float64Array(p);
      const second = new Float64Array(p * p);
      yield* visitConfigurations(model, (values) => {
        const weight = Math.exp(dot(values, theta) - heaviest);
        total += weight;
        for (let a = 0; a < p; a++) {
          const moment = weight * (values[a] - origin[a]);
          first[a] += moment;
          for (let b = 0; b <= a; b++) second[a * p + b] += moment * (values[b] - origin[b]);
        }
      });

      const covariance = new Float64Array(p * p);
      for (let a = 0; a < p; a++) {
        for (let b = 0; b <= a; b++) {
          const value = second[a * p + b] / total - (first[a] / total) * (first[b] / total);
          covariance[a * p + b] = value;
          covariance[b * p + a] = value;
        }
      }
      return {
        logZ: heaviest + Math.log(total),
        mean: origin.map((value, a) => value + first[a] / total),
        covariance,
      };
    },
  };
}
