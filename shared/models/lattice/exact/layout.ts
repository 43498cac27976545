import type { Model } from '../../contract.ts';
import { OutOfReachError } from '../../failures.ts';
import { siteCount } from '../lattice.ts';
import type { Monomials } from './counts.ts';
import type { ExactMoments } from './method.ts';

/**
 * θ as the weights of events: with respect to the configuration that satisfies every bond and every
 * field (and may not exist), one unsatisfied bond or one spin against its field costs a factor
 * q_a = exp(−2 |θ_a| w_a). The exact methods count these events U_a, which are few where couplings are
 * strong, so that neither weights nor variances suffer there.
 */
export interface Events {
  /** q_a. */
  readonly cost: readonly number[];
  /** +1 where θ_a ≥ 0 (equal neighbours, spins up are satisfied), else −1. */
  readonly sign: readonly number[];
}

export function events(model: Model, theta: ArrayLike<number>): Events {
  return {
    cost: model.statistics.map(({ weight }, a) => Math.exp(-2 * Math.abs(theta[a]) * weight)),
    sign: model.statistics.map((_, a) => (theta[a] < 0 ? -1 : 1)),
  };
}

/**
 * log Z and its derivatives from the generating function of the events,
 *
 *   T_a = sign_a w_a (N_a − 2 U_a),   log Z = Σ_a |θ_a| w_a N_a + log G(0),
 *
 * N_a being the number of bonds or sites of statistic a.
 *
 * @param g coefficients of G (see counts.ts) up to a factor
 * @param logScale logarithm of that factor
 * @throws OutOfReachError if G vanished or overflowed: the parameters are too large
 */
export function momentsOfEvents(
  model: Model,
  theta: ArrayLike<number>,
  m: Monomials,
  g: Float64Array,
  logScale: number,
): ExactMoments {
  if (!(g[0] > 0) || !g.every(Number.isFinite)) {
    throw new OutOfReachError(
      `The parameters ${Array.from(theta).join(', ')} are too large for exact arithmetic on ${siteCount(model.lattice)} sites.`,
    );
  }
  const p = model.statistics.length;
  const { sign } = events(model, theta);
  const mean = new Float64Array(p);
  const covariance = new Float64Array(p * p);
  const number = model.statistics.map(({ bonds, sites }) => bonds.length / 2 + sites.length);
  const scale = model.statistics.map(({ weight }, a) => sign[a] * weight);
  const expected = model.statistics.map((_, a) => g[m.index(a)] / g[0]);
  let logZ = Math.log(g[0]) + logScale;
  for (let a = 0; a < p; a++) {
    logZ += theta[a] * scale[a] * number[a];
    mean[a] = scale[a] * (number[a] - 2 * expected[a]);
    for (let b = 0; b < p; b++) {
      const second = g[m.index(a, b)] / g[0];
      const product = a === b ? 2 * second + expected[a] : second;
      covariance[a * p + b] = 4 * scale[a] * scale[b] * (product - expected[a] * expected[b]);
    }
  }
  return { logZ, mean, covariance };
}
