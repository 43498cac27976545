import type { Moments } from './kernel.ts';

/** Moments of no measurement at all. */
export function emptyMoments(statistics: number, chains: number): Moments {
  return {
    statistics,
    chains,
    measurements: 0,
    chainSum: new Float64Array(chains * statistics),
    product: new Float64Array(statistics * statistics),
  };
}

/** Adds one measurement of one chain, T_a for every statistic, to the sums; `measurements` is the caller's. */
export function addMeasured(moments: Moments, chain: number, values: ArrayLike<number>): void {
  const p = moments.statistics;
  for (let a = 0; a < p; a++) {
    moments.chainSum[chain * p + a] += values[a];
    for (let b = 0; b < p; b++) moments.product[a * p + b] += values[a] * values[b];
  }
}

/**
 * The moments of several groups of chains, measured equally often, as one: chains in the given order,
 * so that the result does not depend on which thread ran which group.
 *
 * @throws RangeError if the groups were measured differently often
 */
export function joinChains(groups: readonly Moments[]): Moments {
  const first = groups[0];
  const joined = emptyMoments(
    first.statistics,
    groups.reduce((sum, group) => sum + group.chains, 0),
  );
  joined.measurements = first.measurements;
  let offset = 0;
  for (const group of groups) {
    if (group.measurements !== first.measurements) {
      throw new RangeError('Groups of chains must be measured equally often to be joined.');
    }
    joined.chainSum.set(group.chainSum, offset);
    offset += group.chainSum.length;
    for (let k = 0; k < joined.product.length; k++) joined.product[k] += group.product[k];
  }
  return joined;
}

/** ⟨T_a⟩ over all chains and measurements. */
export function mean(moments: Moments): Float64Array {
  const { statistics: p, chains, measurements, chainSum } = moments;
  const result = new Float64Array(p);
  for (let c = 0; c < chains; c++) {
    for (let a = 0; a < p; a++) result[a] += chainSum[c * p + a];
  }
  return result.map((sum) => sum / (chains * measurements));
}

/** Cov(T_a, T_b) over all chains and measurements: p × p, row-major. */
export function covariance(moments: Moments): Float64Array {
  const { statistics: p, product } = moments;
  const count = moments.chains * moments.measurements;
  const average = mean(moments);
  return product.map((sum, k) => sum / count - average[Math.floor(k / p)] * average[k % p]);
}

/**
 * Covariance of the overall mean, from the spread of the chains' own means: p × p.
 *
 * Chains are independent, so this holds whatever the autocorrelation within a chain. NaN for one chain.
 */
export function meanCovariance(moments: Moments): Float64Array {
  const { statistics: p, chains, measurements, chainSum } = moments;
  const average = mean(moments);
  const result = new Float64Array(p * p);
  for (let c = 0; c < chains; c++) {
    for (let a = 0; a < p; a++) {
      const da = chainSum[c * p + a] / measurements - average[a];
      for (let b = 0; b < p; b++) {
        result[a * p + b] += da * (chainSum[c * p + b] / measurements - average[b]);
      }
    }
  }
  return result.map((sum) => sum / (chains * (chains - 1)));
}
