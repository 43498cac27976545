import { UnsuitableError } from '../models/failures.ts';
import { whyNotExact } from '../models/lattice/exact/choose.ts';
import { exact } from './estimators/exact.ts';
import { gradient } from './estimators/gradient.ts';
import { mle } from './estimators/mle.ts';
import { pseudolikelihood } from './estimators/pseudolikelihood.ts';
import type { FitOptions } from './options.ts';
import type { Estimator, Problem } from './run.ts';

const estimators: readonly Estimator[] = [exact, mle, gradient, pseudolikelihood];

/** What `auto` waits for an exact fit, in seconds, and the evaluations that one takes. */
const patience = 1;
const evaluations = 4;

/** An estimator, and why `auto` took it; null where the options name it. */
export interface Choice {
  readonly estimator: Estimator;
  readonly reason: string | null;
}

/**
 * The estimator that the options name; `auto` is `exact` where an exact method takes less than about a
 * second, judged by counting operations and not by a clock, and `mle` elsewhere.
 *
 * @throws UnsuitableError if no estimator has that name
 */
export function chooseEstimator(problem: Problem, { method }: FitOptions): Choice {
  if (method === 'auto') return automatic(problem);
  const estimator = estimators.find(({ name }) => name === method);
  if (!estimator) throw new UnsuitableError(`There is no method called ${method}.`);
  return { estimator, reason: null };
}

function automatic({ model, exact: method }: Problem): Choice {
  if (method === null) return { estimator: mle, reason: whyNotExact(model) };
  const seconds = evaluations * method.seconds;
  return seconds < patience
    ? { estimator: exact, reason: `${method.name}, ${about(seconds)}.` }
    : {
        estimator: mle,
        reason: `Exactly (${method.name}) it would take ${about(seconds)}, not a second.`,
      };
}

function about(seconds: number): string {
  if (seconds < 0.1) return 'less than 0.1 s';
  return seconds < 100
    ? `about ${Number(seconds.toPrecision(1))} s`
    : `about ${Math.round(seconds / 60)} min`;
}
