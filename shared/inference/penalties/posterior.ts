import type { ExactMoments } from '../../models/lattice/exact/method.ts';
import type { Hill } from '../../numerics/newton.ts';
import { dot } from '../../numerics/symmetric.ts';
import { addPenalty, priorFall } from './prior.ts';

/** The log-posterior per image at one θ, up to a constant. */
export interface Posterior extends Hill {
  readonly theta: Float64Array;
  readonly moments: ExactMoments;
}

/**
 * θ·T̄ − log Z(θ) − ½ Σ_a λ_a θ_a² with its derivatives.
 *
 * @param moments log Z up to a constant, ⟨T⟩ and Cov(T) at θ
 * @param mean T̄: p values
 * @param penalty λ: p values, 0 without a prior
 */
export function posterior(
  theta: Float64Array,
  moments: ExactMoments,
  mean: Float64Array,
  penalty: Float64Array,
): Posterior {
  return {
    theta,
    moments,
    height: dot(theta, mean) - moments.logZ - priorFall(theta, penalty),
    gradient: theta.map((value, a) => mean[a] - moments.mean[a] - penalty[a] * value),
    curvature: addPenalty(moments.covariance, penalty),
  };
}
