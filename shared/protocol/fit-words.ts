import type { Evidence } from '../assessment/evidence.ts';
import { fieldPerSite, symbol } from '../models/names.ts';
import { toDecimals } from '../numerics/rounding.ts';
import type { FitData, FitFile } from './fit-file.ts';

/* what a fit file holds, in the words of every place that shows it */

/** A prior's widths: "1 on J, 1 on h/n". */
export function priorWidths(prior: Readonly<Record<string, number>>): string {
  return Object.entries(prior)
    .map(([name, width]) => `${width} on ${name === fieldPerSite ? 'h/n' : symbol(name)}`)
    .join(', ');
}

/** How many independent images those of a sequence are worth, by moment: "14.6 in b, 6.79 in m"; null for all. */
export function effectively(data: FitData): string | null {
  const { images, effectiveImages, effectiveImagesEach } = data;
  if (effectiveImages === images) return null;
  const each = Object.entries(effectiveImagesEach ?? {}).map(
    ([moment, effective]) => `${effective.toPrecision(3)} in ${momentSymbol(moment)}`,
  );
  return each.length > 0 ? each.join(', ') : effectiveImages.toPrecision(3);
}

/** A moment's letter, as charts have it: b, b_x, b_2, m, φ_01. */
export function momentSymbol(moment: string): string {
  if (moment === 'magnetization') return 'm';
  if (moment.startsWith('fieldMean')) return moment.replace('fieldMean', 'φ_');
  return moment.replace('bondMean', 'b_').replace(/_$/, '').toLowerCase();
}

/** What a bootstrap resampled: "1000 sets of runs of 21 images, a Newton step each". */
export function resampledWords(bootstrap: NonNullable<FitFile['bootstrap']>): string {
  const { unit, block, replicates, solvedBy } = bootstrap;
  const images = block[0] === 1 ? 'images' : `runs of ${block[0]} images`;
  const what = unit === 'tiles' ? `tiles of ${block.join(' × ')}` : images;
  return `${replicates} sets of ${what}, ${solvedBy}`;
}

/** The log-likelihood per image, the method's own or else its check's; null without either. */
export function logLikelihood(
  file: Pick<FitFile, 'logLikelihoodPerImage' | 'check'>,
  decimals: number,
): string | null {
  if (file.logLikelihoodPerImage !== null) return file.logLikelihoodPerImage.toFixed(decimals);
  if (!file.check) return null;
  const { logLikelihoodPerImage, logLikelihoodError } = file.check.evidence;
  return toDecimals(logLikelihoodPerImage, logLikelihoodError, decimals);
}

/** What the likelihood is worth: name, rounded, all digits. */
export function evidenceRows(evidence: Evidence): [name: string, shown: string, exact: number][] {
  const { bitsPerPixel, bitsPerPixelError, independentBitsPerPixel } = evidence;
  const { aic, bic, bicImages, criterionError, logZ } = evidence;
  return [
    ['bits per pixel', toDecimals(bitsPerPixel, bitsPerPixelError, 4), bitsPerPixel],
    ['independent pixels', independentBitsPerPixel.toFixed(4), independentBitsPerPixel],
    // a difference of 2 is one parameter's worth
    ['AIC', toDecimals(aic, criterionError, 1), aic],
    ['BIC, pixels as observations', toDecimals(bic, criterionError, 1), bic],
    ...(bicImages === undefined
      ? []
      : [
          ['BIC, images as observations', toDecimals(bicImages, criterionError, 1), bicImages] as [
            string,
            string,
            number,
          ],
        ]),
    ['log Z', toDecimals(logZ.value, logZ.error, 2), logZ.value],
  ];
}
