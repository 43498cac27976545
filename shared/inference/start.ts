import { observing, type SpinData } from '../data/dataset.ts';
import { exactMethodFor } from '../models/lattice/exact/choose.ts';
import { type ColumnsFactory, plainColumns } from '../models/lattice/exact/columns.ts';
import { lattice } from '../models/lattice/lattice.ts';
import { makeModel } from '../models/registry.ts';
import { finish, type Sliced } from '../numerics/yielding.ts';
import { chooseEstimator } from './auto.ts';
import { pseudolikelihood } from './estimators/pseudolikelihood.ts';
import { existence } from './existence/existence.ts';
import { noEstimate } from './no-estimate.ts';
import type { FitOptions } from './options.ts';
import { hasPrior, penaltyOf } from './penalties/prior.ts';
import type { FitRun, Loops, Problem } from './run.ts';
import { effectiveImages } from './uncertainty/effective-images.ts';
import { WithIntervals } from './uncertainty/with-intervals.ts';

/**
 * The problem that data and options pose, in slices.
 *
 * @param columns the exact methods' loops, where the host has faster ones
 * @throws RangeError if the lattice cannot be made of the data, or the prior does not fit the model
 */
export function* posing(
  data: SpinData,
  options: FitOptions,
  columns: ColumnsFactory = plainColumns,
): Sliced<Problem> {
  const model = makeModel(options.model, lattice(data.rows, data.cols, options.boundary));
  const observed = yield* observing(model, data);
  return {
    model,
    data,
    observed,
    exact: exactMethodFor(model, columns),
    penalty: penaltyOf(model, options.prior, effectiveImages(observed)),
  };
}

/** The same at once. */
export function pose(data: SpinData, options: FitOptions, columns?: ColumnsFactory): Problem {
  return finish(posing(data, options, columns));
}

/**
 * Begins a fit by the method that the options name, or continues one from a run's snapshot.
 *
 * @throws RangeError, a sentence, if the method cannot be applied to these data
 */
export function startFit(
  data: SpinData,
  options: FitOptions,
  { samplers, columns }: Loops,
  snapshot: unknown = null,
): FitRun {
  const problem = pose(data, options, columns);
  const { estimator } = chooseEstimator(problem, options);
  if (!hasPrior(problem.penalty)) {
    const answer = existence(problem.model, problem.observed);
    if (answer.exists === false) {
      return noEstimate(problem, estimator.name, `${answer.reason} ${answer.advice}`);
    }
  }
  const run = estimator.start(problem, options, samplers, snapshot ?? undefined);
  // the statistics say nothing of the pseudolikelihood
  return estimator === pseudolikelihood ? run : new WithIntervals(run, problem, options.seed);
}
