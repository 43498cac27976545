import { isBipartite, siteCount } from '../lattice.ts';
import type { Problem } from './run.ts';

/** What to do about data without an estimate. */
const advice = 'Use more images, or another threshold.';

/**
 * Why the maximum-likelihood estimate does not exist at finite parameters; null where nothing is known
 * against it.
 *
 * The estimate exists exactly when (B̄, M̄), M = Σs, lies strictly inside the convex hull of the values of
 * single configurations. On the even torus the hull is the triangle (n_B, ±n), (−n_B, 0), so that the
 * answer is complete there; elsewhere only its outermost edges are tested, and a fit recognises the rest
 * by parameters that run away. B and M are integers for every image: sums are compared without rounding.
 */
export function whyNoEstimate({ model, observed }: Problem): string | null {
  if (model.name !== 'uniform') return null;
  const n = siteCount(model.lattice);
  const bonds = model.statistics[0].extent;
  const images = observed.images;
  let sumB = 0;
  let sumM = 0;
  for (let i = 0; i < images; i++) {
    sumB += observed.values[2 * i];
    sumM += Math.round(observed.values[2 * i + 1] * n);
  }
  if (Math.abs(sumM) === images * n) {
    return `All pixels are ${sumM > 0 ? 'bright' : 'dark'}: the likelihood grows without bound as h → ${sumM > 0 ? '+' : '−'}∞. ${advice}`;
  }
  if (sumB === images * bonds) {
    return `Every picture is of one colour: the likelihood grows without bound as J → +∞. ${advice}`;
  }
  if (!isBipartite(model.lattice)) return null;
  if (sumB === -images * bonds) {
    return `Every picture is a perfect checkerboard: the likelihood grows without bound as J → −∞. ${advice}`;
  }
  if (model.lattice.boundary === 'periodic' && sumB === 4 * Math.abs(sumM) - images * bonds) {
    const specks = sumM > 0 ? 'dark' : 'bright';
    return `There are only isolated ${specks} specks: the likelihood grows without bound as J → −∞ and h → ${sumM > 0 ? '+' : '−'}∞ together. ${advice}`;
  }
  return null;
}
