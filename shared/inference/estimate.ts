import type { Change } from './adjustment.ts';
import type { Diagnostics } from './diagnostics.ts';
import type { Bootstrap, Profile } from './uncertainty/intervals.ts';

/**
 * What every estimator reports. Arrays follow the order of the model's parameters (p of them);
 * matrices are p × p, row-major. All errors are one standard deviation.
 */
export interface Estimate {
  /** θ̂, the conjugate parameters of the model's statistics (for the uniform model J and the notes' h). */
  readonly parameters: Float64Array;
  /** Covariance of θ̂ if the model is right and the images independent; null where it cannot be given. */
  readonly covariance: Float64Array | null;
  /** Sandwich covariance of θ̂, right even where the model is not; null for a single image. */
  readonly sandwich: Float64Array | null;
  /** Part of the error that comes from the sampler's finite run: p values, 0 for exact methods. */
  readonly monteCarloError: Float64Array;
  /** ℓ(θ̂) = θ̂·T̄ − log Z(θ̂), per image; null where the method gives none. */
  readonly logLikelihood: number | null;
  /** Whether a maximum exists at finite parameters. */
  readonly exists: boolean;
  readonly converged: boolean;
  /** From resampled blocks of the data; absent where they are too few, or the fit did not converge. */
  readonly bootstrap?: Bootstrap;
  /** Where the likelihood is no parabola about θ̂, and is known well enough. */
  readonly profile?: Profile;
  /** How well the chains were mixed; absent where nothing was sampled, or not to the end. */
  readonly diagnostics?: Diagnostics;
  /** What the chains' sweeps were made of, and why; absent where nothing was sampled. */
  readonly sampler?: string;
  /** Settings that were changed while the fit ran, without which seed and options do not bring it back. */
  readonly changes?: readonly Change[];
  /** Sentences that a person can act on. */
  readonly warnings: readonly string[];
}

/** Square roots of the diagonal of a p × p covariance. */
export function standardErrors(covariance: Float64Array): Float64Array {
  const p = Math.round(Math.sqrt(covariance.length));
  return Float64Array.from({ length: p }, (_, a) => Math.sqrt(covariance[a * p + a]));
}
