import type { Observed } from '../../data/dataset.ts';
import { invert, multiply, transpose } from '../../numerics/symmetric.ts';
import { autocorrelationTime } from '../../sampling/autocorrelation.ts';
import type { Estimate } from '../estimate.ts';
import { hasPrior } from '../penalties/prior.ts';
import type { Problem } from '../run.ts';

/** Images from which on a sequence shows whether it is one. */
const fewestImages = 20;
/** Correlation of neighbouring images, in units of 1/√M, that independent ones hardly have. */
const significant = 2;

/**
 * Number of independent images that M images in a sequence are worth to every statistic, M/(2τ_int) with its
 * own τ_int along the order in which they were given (files by name, windows row by row): p values.
 *
 * M itself where no statistic's neighbours are correlated by more than 2/√M, and for fewer than 20 images. Since
 * autocovariances about the sequence's own mean are too small by Var(T̄) = C/M with C = 2τγ(0), what is summed over
 * a window of W lags is C (1 − (2W + 1)/M).
 *
 * Source: U. Wolff, Comput. Phys. Commun. 156, 143 (2004), section 3.1, for the correction.
 */
export function effectiveImagesEach({ values, images, mean }: Observed): Float64Array {
  const p = mean.length;
  const each = new Float64Array(p).fill(images);
  if (images < fewestImages) return each;
  const series = { statistics: p, chains: 1, measurements: images, values };
  const neighbours = each.map((_, a) => neighbourCorrelation(values, mean, images, a));
  if (!neighbours.some((correlation) => correlation > significant / Math.sqrt(images))) return each;
  const found = each.map((_, a) => {
    // a statistic that never varies has no correlation either
    if (Number.isNaN(neighbours[a])) return images;
    const { tau, error } = autocorrelationTime(series, a);
    // the error is that of the window, τ √(2 (2W + 1)/M)
    const window = tau > 0 ? (error / tau) ** 2 / 2 : 0;
    const sum = (2 * tau) / Math.max(leastSeen, 1 - window);
    const twice = sum / (1 + sum / images);
    return Math.max(1, Math.min(images, images / twice));
  });
  return Math.min(...found) < noticeable * images ? found : each;
}

/** Part of the images below which it is worth a word that they are worth fewer. */
const noticeable = 0.95;
/** Part of the sum over a window that must be left after the mean was taken off. */
const leastSeen = 0.25;

function neighbourCorrelation(
  values: Float64Array,
  mean: Float64Array,
  images: number,
  a: number,
): number {
  const p = mean.length;
  let variance = 0;
  let neighbours = 0;
  for (let i = 0; i < images; i++) {
    const here = values[i * p + a] - mean[a];
    variance += here ** 2;
    if (i > 0) neighbours += here * (values[(i - 1) * p + a] - mean[a]);
  }
  return neighbours / variance;
}

/** The fewest of them over all statistics. */
export function effectiveImages(observed: Observed): number {
  return Math.min(...effectiveImagesEach(observed));
}

/**
 * Covariance and sandwich of θ̂ for images in a sequence, from those for independent ones. The errors of T̄ grow by
 * d_a = √(2τ_a), so that with D = diag(d) and θ̂ − θ = A⁻¹ (T̄ − ⟨T⟩), where A⁻¹ ∝ Cov(θ̂),
 *
 *   Cov → (A⁻¹ D A) Cov (A⁻¹ D A)ᵀ,
 *
 * which is Cov · 2τ where all τ are alike. With a prior, whose part does not grow, the largest τ stands for all.
 */
export function sequenceErrors(
  { observed, penalty }: Pick<Problem, 'observed' | 'penalty'>,
  { covariance, sandwich }: Pick<Estimate, 'covariance' | 'sandwich'>,
): Pick<Estimate, 'covariance' | 'sandwich'> {
  const each = effectiveImagesEach(observed);
  const fewest = Math.min(...each);
  if (covariance === null || fewest === observed.images) return { covariance, sandwich };
  const p = each.length;
  const growth = new Float64Array(p * p);
  each.forEach((effective, a) => {
    growth[a * (p + 1)] = Math.sqrt(observed.images / (hasPrior(penalty) ? fewest : effective));
  });
  const carry = multiply(multiply(covariance, growth), invert(covariance));
  const grown = (matrix: Float64Array) => multiply(multiply(carry, matrix), transpose(carry));
  return { covariance: grown(covariance), sandwich: sandwich && grown(sandwich) };
}

/** Independent images from which on Student's t is Gauss's for all that anybody can see. */
const manyImages = 30;

/**
 * A sentence where images of a sequence are worth so few independent ones that their errors are uncertain
 * themselves: 95 % intervals then take Student's t with as many degrees of freedom. Null where they are not.
 *
 * Source: M. Abramowitz, I. A. Stegun, Handbook of Mathematical Functions (1964), 26.7.5, for t.
 */
export function shortSequenceSentence(images: number, effective: number): string | null {
  if (effective === images || effective >= manyImages) return null;
  const [z, v] = [1.95996, Math.max(2, effective)];
  const t =
    z +
    (z ** 3 + z) / (4 * v) +
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * v ** 2) +
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / (384 * v ** 3);
  return `So short a sequence leaves its errors uncertain too: take estimate ± ${t.toFixed(1)} errors for 95 %, not ± 2.`;
}
