import { isField, type Model } from '../../models/contract.ts';

/** What helps wherever the likelihood has no maximum. */
const prior = 'or use a weak Gaussian prior of width 1, which then sets the answer';

/** What to do about each way in which the data can lie on the hull's edge. */
export const advice = {
  oneColour: `Every pixel is on the same side of the threshold: choose another threshold or region, add images that show both colours, ${prior}.`,
  uniformPictures: `Add images in which both colours meet, choose another threshold or a larger region, ${prior}.`,
  alternating: `Add images that break the pattern, look whether the pictures were enlarged or scanned with a pattern of their own, ${prior}.`,
  specks: `Add images in which specks touch each other, move the threshold so that they grow, ${prior}.`,
  edge: `Add images that are not as extreme, choose another threshold, ${prior}.`,
  noBonds: 'Fit the model uniform instead, or a lattice with more rows and columns.',
} as const;

/**
 * The direction in which parameters run away, in words: "J → −∞ with a field per site of 4·|J|", "Jx → +∞".
 * Parameters that move by less than a hundredth of the fastest stand still.
 *
 * @param direction dθ, one value a parameter, up to a positive factor
 */
export function directionInWords({ statistics }: Model, direction: ArrayLike<number>): string {
  const moves = statistics.map((statistic, a) => ({
    parameter: statistic.parameter,
    isField: isField(statistic),
    perSite: direction[a] * statistic.weight,
  }));
  const fastest = Math.max(...moves.map(({ perSite }) => Math.abs(perSite)));
  const moving = moves.filter(({ perSite }) => Math.abs(perSite) > fastest / 100);
  const couplings = moving.filter(({ isField }) => !isField);
  const field = moving.find(({ isField }) => isField);
  const infinity = ({ parameter, perSite }: (typeof moves)[number]) =>
    `${parameter} → ${perSite > 0 ? '+' : '−'}∞`;
  if (couplings.length === 0 || !field) return moving.map(infinity).join(', ');
  const [{ parameter, perSite }] = couplings;
  const rate = Number((Math.abs(field.perSite) / Math.abs(perSite)).toPrecision(3));
  const sign = field.perSite < 0 ? '−' : '';
  return `${couplings.map(infinity).join(', ')} with a field per site of ${sign}${rate}·|${parameter}|`;
}

/**
 * What a fit says whose parameters run away where no proof is known beforehand.
 *
 * @param direction where they run to, up to a positive factor
 */
export function runawaySentence(model: Model, direction: ArrayLike<number>): string {
  return `The likelihood kept rising as ${directionInWords(model, direction)}: in that direction the data lie on, or next to, the edge of what single configurations can show, so that no finite parameters describe them. ${advice.edge}`;
}
