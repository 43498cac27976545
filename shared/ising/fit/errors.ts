import type { Observed } from '../dataset.ts';
import { congruence, invert } from '../symmetric.ts';

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
 * Source: H. White, Econometrica 50, 1 (1982), for the sandwich.
 *
 * @throws SingularMatrixError if F₁ is singular: the parameters cannot be told apart
 */
export function likelihoodErrors(modelCovariance: Float64Array, observed: Observed): ErrorMatrices {
  const inverse = invert(modelCovariance);
  const m = observed.images;
  return {
    covariance: inverse.map((value) => value / m),
    sandwich:
      observed.covariance === null
        ? null
        : congruence(inverse, observed.covariance).map((value) => value / m),
  };
}
