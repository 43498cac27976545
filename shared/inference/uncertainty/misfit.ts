import { type Estimate, standardErrors } from '../estimate.ts';

/**
 * A sentence where the pictures differ among themselves more, or less, than one model of this kind allows: the
 * ratio of sandwich to standard error, squared, is away from 1 by more than four of its own standard errors
 * √(2/(M−1)), which a Gaussian spread of the images' statistics would give. Null where it is not.
 *
 * @param names parameter names in the estimate's order
 * @param images M
 * @param effectiveImages as many as are independent: a sequence shows less spread than there is, never more
 */
export function misfitWarning(
  { covariance, sandwich }: Estimate,
  names: readonly string[],
  images: number,
  effectiveImages: number,
): string | null {
  if (covariance === null || sandwich === null || !(images > 1)) return null;
  const standard = standardErrors(covariance);
  const ratios = standardErrors(sandwich).map((error, a) => error / standard[a]);
  const [widest, narrowest] = [Math.max, Math.min].map((most) => ratios.indexOf(most(...ratios)));
  if (ratios[widest] ** 2 > 1 + far(images)) {
    return `${ratioOf(widest)}: the pictures differ among themselves more than one model of this kind allows. Trust the sandwich errors, or fit the pictures in groups.`;
  }
  if (ratios[narrowest] ** 2 < 1 - far(effectiveImages)) {
    return `${ratioOf(narrowest)}: the pictures differ among themselves less than draws of one model. Look whether they overlap or were chosen alike, and trust the standard errors.`;
  }
  return null;

  function far(independent: number): number {
    return independent > 1 ? 4 * Math.sqrt(2 / (independent - 1)) : Number.POSITIVE_INFINITY;
  }

  function ratioOf(a: number): string {
    return `The sandwich error of ${names[a]} is ${ratios[a].toFixed(2)} times the standard error`;
  }
}
