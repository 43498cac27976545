import { type Estimate, standardErrors } from './estimate.ts';

/**
 * A sentence where the pictures differ among themselves more than one model of this kind allows: the
 * ratio of sandwich to standard error, squared, is above 1 by more than four of its own standard errors
 * √(2/(M−1)), which a Gaussian spread of the images' statistics would give. Null where it is not.
 *
 * @param names parameter names in the estimate's order
 * @param images M
 */
export function misfitWarning(
  { covariance, sandwich }: Estimate,
  names: readonly string[],
  images: number,
): string | null {
  if (covariance === null || sandwich === null) return null;
  const standard = standardErrors(covariance);
  const ratios = standardErrors(sandwich).map((error, a) => error / standard[a]);
  const worst = ratios.reduce((most, ratio, a) => (ratio > ratios[most] ? a : most), 0);
  if (!(ratios[worst] ** 2 > 1 + 4 * Math.sqrt(2 / (images - 1)))) return null;
  return `The sandwich error of ${names[worst]} is ${ratios[worst].toPrecision(2)} times the standard error: the pictures differ among themselves more than one model of this kind allows. Trust the sandwich errors, or fit the pictures in groups.`;
}
