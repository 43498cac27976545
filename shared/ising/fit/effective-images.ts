import { autocorrelationTime } from '../autocorrelation.ts';
import type { Observed } from '../dataset.ts';

/** Images from which on a sequence shows whether it is one. */
const fewestImages = 20;
/** Correlation of neighbouring images, in units of 1/√M, that independent ones do not have. */
const significant = 3;

/**
 * Number of independent images that M images in a sequence are worth, M/(2τ_int) with the largest τ_int of
 * the statistics along the order in which they were given (files by name, windows row by row).
 *
 * A statistic counts only where neighbours are correlated by more than 3/√M, thrice what independent images
 * show by chance; otherwise, and for fewer than 20 images, M itself.
 */
export function effectiveImages({ values, images, mean }: Observed): number {
  const p = mean.length;
  if (images < fewestImages) return images;
  const series = { statistics: p, chains: 1, measurements: images, values };
  let largest = 0.5;
  for (let a = 0; a < p; a++) {
    let variance = 0;
    let neighbours = 0;
    for (let i = 0; i < images; i++) {
      const here = values[i * p + a] - mean[a];
      variance += here ** 2;
      if (i > 0) neighbours += here * (values[(i - 1) * p + a] - mean[a]);
    }
    if (!(neighbours > (significant / Math.sqrt(images)) * variance)) continue;
    largest = Math.max(largest, autocorrelationTime(series, a).tau);
  }
  return Math.max(1, images / (2 * largest));
}
