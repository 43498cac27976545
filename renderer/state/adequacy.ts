import type { FitResult } from '../../shared/protocol/runs.ts';
import { fixed } from './text.ts';

/**
 * What the ratio of sandwich to standard error says about the model, in a sentence: about one where the
 * model describes how the images differ from each other, else not (White's information-matrix test in
 * words; H. White, Econometrica 50, 1 (1982)). Null without both errors.
 *
 * With M images the spread of a variance is about √(2/(M − 1)), so that the ratio itself is uncertain by
 * half of that; only what lies beyond three times as much is blamed on the model.
 */
export function adequacy({ standardError, sandwichError, model, data }: FitResult): string | null {
  const ratios = model.parameters.flatMap((name) => {
    const [standard, sandwich] = [standardError?.[name], sandwichError?.[name]];
    return typeof standard === 'number' && typeof sandwich === 'number' && standard > 0
      ? [{ name, ratio: sandwich / standard }]
      : [];
  });
  if (ratios.length === 0 || data.images < 2) return null;
  const slack = 3 * Math.sqrt(0.5 / (data.images - 1));
  const worst = ratios.reduce((a, b) =>
    Math.abs(Math.log(b.ratio)) > Math.abs(Math.log(a.ratio)) ? b : a,
  );
  const times = `${fixed(worst.ratio, 2)} times`;
  if (Math.abs(worst.ratio - 1) <= slack) {
    return `The sandwich error of ${worst.name} is ${times} the standard one, as it may be by chance: nothing speaks against the model here.`;
  }
  return worst.ratio > 1
    ? `The sandwich error of ${worst.name} is ${times} the standard one: the images differ more from each other than the model allows, so trust the sandwich error.`
    : `The sandwich error of ${worst.name} is ${times} the standard one: the images are more alike than the model allows; look whether some of them overlap or repeat.`;
}
