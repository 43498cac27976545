import { observe, type SpinData } from '../dataset.ts';
import { existence } from '../existence/existence.ts';
import { lattice } from '../lattice.ts';
import { models } from '../model.ts';
import type { FitOptions } from '../options.ts';
import type { SamplerFactory } from '../sampler.ts';
import { chooseEstimator } from './auto.ts';
import { noEstimate } from './no-estimate.ts';
import type { FitRun, Problem } from './run.ts';

/** The problem that data and options pose. @throws RangeError if the lattice cannot be made of them */
export function pose(data: SpinData, options: FitOptions): Problem {
  const model = models[options.model](lattice(data.rows, data.cols, options.boundary));
  return { model, data, observed: observe(model, data) };
}

/**
 * Begins a fit by the method that the options name, or continues one from a run's snapshot.
 *
 * @throws RangeError, a sentence, if the method cannot be applied to these data
 */
export function startFit(
  data: SpinData,
  options: FitOptions,
  samplers: SamplerFactory,
  snapshot: unknown = null,
): FitRun {
  const problem = pose(data, options);
  const estimator = chooseEstimator(problem, options);
  const answer = existence(problem.model, problem.observed);
  if (answer.exists === false) {
    return noEstimate(problem, estimator.name, `${answer.reason} ${answer.advice}`);
  }
  return estimator.start(problem, options, samplers, snapshot ?? undefined);
}
