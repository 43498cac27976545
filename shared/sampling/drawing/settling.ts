import { evaluate } from '../../models/contract.ts';
import { siteCount } from '../../models/lattice/lattice.ts';
import type { Sliced } from '../../numerics/yielding.ts';
import { autocorrelationTime } from '../autocorrelation.ts';
import type { Series } from '../kernel.ts';
import type { Sampler } from '../sampler.ts';
import { alternation, type Couplings } from './lattice-model.ts';

/** Chains that are watched: of every four two start at random, one in each of the two ordered states. */
export const watchedChains = 32;
const starts = 4;
/** Times that every chain is read in a look, and sweeps of the first look. */
const readings = 64;
/** Standard errors by which the means of different starts may differ, and chains that tell an error. */
const agreement = 4.5;

/** What watching chains gave. */
export interface Settled {
  /** Sweeps in which chains forgot every start. */
  readonly sweeps: number;
  /** τ_int in sweeps: of every T_a, then of Σ ε_k s_k and |Σ ε_k s_k| on a checkerboard. Null where it never varied. */
  readonly tau: readonly (number | null)[];
}

/** Puts chains into their starts: chain by chain at random (as they come), ordered, at random, ordered the other way. */
export function disperse(sampler: Sampler, couplings: Couplings): void {
  const ordered = alternation(couplings);
  const turned = ordered.map((sign) => -sign);
  for (let chain = 1; chain < sampler.chains; chain += 2) {
    sampler.setSpins(chain, chain % starts === 1 ? ordered : turned);
  }
}

/**
 * Watches dispersed chains until they have forgotten where they started: until in the last look, half of all
 * sweeps so far, every quantity's autocorrelation time went into the look `times` times, and chains from
 * different starts agreed in its mean.
 *
 * @param most sweeps that are made at most
 * @returns null where that did not come about
 */
export function* settling(
  sampler: Sampler,
  couplings: Couplings,
  times: number,
  most: number,
  slice: number,
): Sliced<Settled | null> {
  disperse(sampler, couplings);
  let sweeps = 0;
  for (let look = readings; sweeps + look <= most; look = sweeps) {
    const series = yield* watch(sampler, couplings, look, slice);
    sweeps += look;
    const tau = Array.from({ length: series.statistics }, (_, a) =>
      timeOf(series, a, look / readings),
    );
    const slowest = Math.max(0.5, ...tau.map((time) => time ?? 0));
    if (look >= times * slowest && tau.every((_, a) => agree(series, a))) return { sweeps, tau };
  }
  return null;
}

/**
 * T_a, the staggered sum and its size of every chain, so many times in so many sweeps. Clusters turn the sum's sign
 * over at once while its size, which tells where walls are, may stay.
 */
function* watch(
  sampler: Sampler,
  couplings: Couplings,
  sweeps: number,
  slice: number,
): Sliced<Series> {
  const { model, chains } = sampler;
  const n = siteCount(model.lattice);
  const signs = alternation({ ...couplings, along: -1, across: -1 });
  const p = model.statistics.length + 2;
  const stride = sweeps / readings;
  const values = new Float64Array(readings * chains * p);
  for (let reading = 0; reading < readings; reading++) {
    for (let left = stride; left > 0; left -= slice) {
      const piece = Math.min(slice, left);
      sampler.run(piece, piece + 1);
      yield;
    }
    for (let chain = 0; chain < chains; chain++) {
      const spins = sampler.spins(chain);
      const at = (reading * chains + chain) * p;
      evaluate(model, spins, values.subarray(at, at + p - 2));
      let staggered = 0;
      for (let k = 0; k < n; k++) staggered += signs[k] * spins[k];
      values[at + p - 2] = staggered;
      values[at + p - 1] = Math.abs(staggered);
    }
  }
  return { statistics: p, chains, measurements: readings, values };
}

function timeOf(series: Series, a: number, stride: number): number | null {
  const { statistics: p, values } = series;
  for (let k = a; k < values.length; k += p) {
    if (values[k] !== values[a]) {
      return stride * Math.max(0.5, autocorrelationTime(series, a).tau);
    }
  }
  return null;
}

/** Whether chains from different starts have the same mean of a quantity. */
function agree({ chains, measurements, statistics: p, values }: Series, a: number): boolean {
  const groups = Array.from({ length: 3 }, (): number[] => []);
  for (let chain = 0; chain < chains; chain++) {
    let sum = 0;
    for (let t = 0; t < measurements; t++) sum += values[(t * chains + chain) * p + a];
    // both that started at random are one group
    groups[chain % 2 === 0 ? 0 : 1 + Math.floor((chain % starts) / 2)].push(sum / measurements);
  }
  const moments = groups.map((group) => {
    const mean = group.reduce((sum, value) => sum + value, 0) / group.length;
    const square = group.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    return { mean, variance: square / (group.length * (group.length - 1)) };
  });
  return moments.every((one, i) =>
    moments
      .slice(i + 1)
      .every(
        (other) =>
          Math.abs(one.mean - other.mean) <=
          agreement * Math.sqrt(one.variance + other.variance) + 1e-9 * Math.abs(one.mean),
      ),
  );
}
