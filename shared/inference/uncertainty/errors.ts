import { congruence, invert } from '../../numerics/symmetric.ts';
import { addPenalty } from '../penalties/prior.ts';
import type { Problem } from '../run.ts';

/** Covariances of θ̂: p × p. */
export interface ErrorMatrices {
  /** (M·F₁)⁻¹, right if the model is. */
  readonly covariance: Float64Array;
  /** F₁⁻¹ C F₁⁻¹ / M, right even where the model is not; null for one image. */
  readonly sandwich: Float64Array | null;
}

/**
 * Errors of a maximum-likelihood estimate from the model's covariance of one image, F₁ = Cov(T_a, T_b)
 * at θ̂, and the data's own covariance C of T between images.
 *
 * A prior adds its curvature λ to F₁ and, as one more observation of that variance, to C: where the model is
 * right, both are then the posterior's curvature.
 *
 * Source: H. White, Econometrica 50, 1 (1982), for the sandwich.
 *
 * @throws SingularMatrixError if F₁ is singular: the parameters cannot be told apart
 */
export function likelihoodErrors(
  modelCovariance: Float64Array,
  { observed, penalty }: Pick<Problem, 'observed' | 'penalty'>,
): ErrorMatrices {
  const inverse = invert(addPenalty(modelCovariance, penalty));
  const m = observed.images;
  return {
    covariance: inverse.map((value) => value / m),
    sandwich:
      observed.covariance === null
        ? null
        : congruence(inverse, addPenalty(observed.covariance, penalty)).map((value) => value / m),
  };
}
