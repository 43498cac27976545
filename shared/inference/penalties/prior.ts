import type { Model } from '../../models/contract.ts';
import { UnsuitableError } from '../../models/failures.ts';
import { notesField } from '../../models/names.ts';
import { type Estimate, standardErrors } from '../estimate.ts';
import { existence } from '../existence/existence.ts';
import type { Problem } from '../run.ts';

/**
 * Curvature per image of independent Gaussian priors about 0 on the couplings and the field per site, so that
 * ℓ(θ) − ½ Σ_a λ_a θ_a² is the log-posterior per image: λ_a = w_a²/(σ_a² M) with w_a the statistic's weight
 * (1 for a coupling, 1/n for the notes' h).
 *
 * @param prior standard deviations σ_a, one a parameter or one for all; null for none, which gives zeros
 * @param images M, as many as are independent
 * @throws UnsuitableError if there are neither one nor p of them
 */
export function penaltyOf(
  { name, statistics }: Model,
  prior: readonly number[] | null,
  images: number,
): Float64Array {
  if (prior === null) return new Float64Array(statistics.length);
  if (prior.length !== 1 && prior.length !== statistics.length) {
    throw new UnsuitableError(
      `The prior has ${prior.length} widths; the model ${name} takes one, or ${statistics.length}.`,
    );
  }
  return Float64Array.from(statistics, ({ weight }, a) => {
    const width = prior[prior.length === 1 ? 0 : a];
    return weight ** 2 / (width ** 2 * images);
  });
}

/** Whether there is a prior on every parameter: the posterior then has a maximum whatever the data. */
export function hasPrior(penalty: Float64Array): boolean {
  return penalty.every((value) => value > 0);
}

/** A p × p matrix with the prior's curvature on its diagonal. */
export function addPenalty(matrix: Float64Array, penalty: Float64Array): Float64Array {
  const p = penalty.length;
  return matrix.map((value, k) => (k % (p + 1) === 0 ? value + penalty[k % p] : value));
}

/** ½ Σ_a λ_a θ_a²: what the prior takes off the log-likelihood per image. */
export function priorFall(theta: ArrayLike<number>, penalty: Float64Array): number {
  return penalty.reduce((sum, value, a) => sum + (value * theta[a] ** 2) / 2, 0);
}

/**
 * What the prior did, in sentences: what the values are, how much of what is known of each parameter comes from it
 * (posterior over prior variance), and whether there is an answer only because of it. None without a prior.
 *
 * @param names parameter names in the estimate's order
 */
export function priorSentences(
  { model, observed, penalty }: Problem,
  { covariance }: Estimate,
  names: readonly string[],
): string[] {
  if (!hasPrior(penalty)) return [];
  const shown = names.map((name) => (name === notesField ? 'h/n' : name));
  const shares =
    covariance &&
    standardErrors(covariance).map((error, a) => error ** 2 * penalty[a] * observed.images);
  const part = shares
    ? ` The prior holds ${shown.map((name, a) => `${percent(shares[a])} of what is known of ${name}`).join(', ')}.`
    : '';
  const answer = existence(model, observed);
  return [
    `With the prior, the values are where the posterior is largest and the standard errors its curvature.${part}`,
    ...(answer.exists === false
      ? [`Only the prior gives these data an answer, and its width sets it. ${answer.reason}`]
      : []),
  ];
}

function percent(share: number): string {
  const value = 100 * share;
  return value < 1 ? 'less than 1 %' : `${value.toFixed(0)} %`;
}
