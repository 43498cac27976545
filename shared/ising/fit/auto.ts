import type { FitOptions } from '../options.ts';
import { gradient } from './gradient.ts';
import type { Estimator, Problem } from './run.ts';

/** The estimator that a method names. */
export function chooseEstimator(_problem: Problem, _options: FitOptions): Estimator {
  return gradient;
}
