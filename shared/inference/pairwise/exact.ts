import { ExactStates, fisherOf } from '../../models/pairwise/exact.ts';
import { type Interactions, masksOf } from '../../models/pairwise/interactions.ts';
import { meanProduct, type Samples } from '../../models/pairwise/samples.ts';
import { climb, type Hill } from '../../numerics/newton.ts';
import { dot, invert } from '../../numerics/symmetric.ts';
import type { Sliced } from '../../numerics/yielding.ts';

/** What exact maximum likelihood found. */
export interface ExactFit {
  /** h, J and larger sets, in the order of the interactions. */
  readonly theta: Float64Array;
  readonly logZ: number;
  /** Of all samples, in nats; without the prior. */
  readonly logLikelihood: number;
  /** Inverse of the Fisher information of all samples (with the prior's), p × p; null where it has none. */
  readonly covariance: Float64Array | null;
  /** Entropy of the model, in nats. */
  readonly entropy: number;
  readonly steps: number;
  readonly converged: boolean;
}

/** Gain in log-likelihood per sample at which the next Newton step changes no digit that is shown. */
const settled = 1e-20;

/** Size of a parameter that no finite estimate from countable samples reaches: it runs away. */
const farAway = 30;

/**
 * Maximises Σ_a θ_a T̄_a − log Z(θ) − |θ|²/(2 σ² M) by Newton's method, exactly, by all 2^n states.
 *
 * @param prior σ, the width of a Gaussian prior about 0 on every parameter; null for none
 */
export function* fitExactly(
  samples: Samples,
  interactions: Interactions,
  prior: number | null,
): Sliced<ExactFit> {
  const n = interactions.variables;
  const masks = masksOf(interactions);
  const p = masks.length;
  const means = Float64Array.from(masks, (mask) => meanProduct(samples, bitsOf(mask)));
  const all = new ExactStates(n, masks);
  const penalty = prior === null ? 0 : 1 / (prior * prior * samples.total);
  const at = function* (theta: Float64Array): Generator<number, Hill & { logZ: number }> {
    const { logZ, moments } = all.moments(theta);
    yield logZ;
    const curvature = fisherOf(moments, masks);
    for (let a = 0; a < p; a++) curvature[a * (p + 1)] += penalty;
    return {
      logZ,
      height: dot(theta, means) - logZ - (penalty * dot(theta, theta)) / 2,
      gradient: means.map((mean, a) => mean - moments[masks[a]] - penalty * theta[a]),
      curvature,
    };
  };
  const start = new Float64Array(p);
  for (let i = 0; i < n; i++) start[i] = Math.atanh(0.99 * means[i]);
  const isFar = (theta: Float64Array) => theta.some((value) => Math.abs(value) > farAway);
  const found = yield* climb(at, start, { settled, mostSteps: 100, isFar });
  if (found === null) throw new Error('The start of an exact fit is out of reach.');
  const { theta, hill, steps, end } = found;
  const { logZ } = hill;
  const { moments } = all.moments(theta);
  const energy = masks.reduce((sum, mask, a) => sum + theta[a] * moments[mask], 0);
  const covariance =
    end === 'edge' ? null : invert(hill.curvature).map((value) => value / samples.total);
  return {
    theta,
    logZ,
    logLikelihood: samples.total * (dot(theta, means) - logZ),
    covariance,
    entropy: logZ - energy,
    steps,
    converged: end === 'top',
  };
}

function bitsOf(mask: number): number[] {
  const bits: number[] = [];
  for (let i = 0; mask >> i > 0; i++) if ((mask >> i) & 1) bits.push(i);
  return bits;
}
