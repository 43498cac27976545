import { exactMethodFor } from '../exact/choose.ts';
import type { FitOptions } from '../options.ts';
import { exact } from './exact.ts';
import { gradient } from './gradient.ts';
import { mle } from './mle.ts';
import { pseudolikelihood } from './pseudolikelihood.ts';
import type { Estimator, Problem } from './run.ts';

const estimators: readonly Estimator[] = [exact, mle, gradient, pseudolikelihood];

/** Operations that exact methods do in a second, and evaluations that a fit needs. */
const operationsPerSecond = 1e9;
const evaluations = 4;

/**
 * The estimator that the options name; `auto` is `exact` where an exact method takes less than about a
 * second, judged by counting operations and not by a clock, and `mle` elsewhere.
 *
 * @throws RangeError if no estimator has that name
 */
export function chooseEstimator({ model }: Problem, { method }: FitOptions): Estimator {
  const cost = evaluations * (exactMethodFor(model)?.cost ?? Number.POSITIVE_INFINITY);
  const automatic = cost < operationsPerSecond ? 'exact' : 'mle';
  const name = method === 'auto' ? automatic : method;
  const chosen = estimators.find((estimator) => estimator.name === name);
  if (!chosen) throw new RangeError(`There is no method called ${method}.`);
  return chosen;
}
