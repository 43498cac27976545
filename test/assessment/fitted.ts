import { compileKernel } from '../../build/kernels.mjs';
import { type Check, type CheckInput, check } from '../../shared/assessment/check.ts';
import { compare, type Predictive } from '../../shared/assessment/predictive.ts';
import { type ScoreTest, scoreTests } from '../../shared/assessment/scores.ts';
import {
  drawingChains,
  drawSets,
  SetAccumulator,
  statisticsOfSets,
} from '../../shared/assessment/sets.ts';
import { measurement } from '../../shared/assessment/statistics.ts';
import { imageSpins, type SpinData } from '../../shared/data/dataset.ts';
import { standardErrors } from '../../shared/inference/estimate.ts';
import { exact } from '../../shared/inference/estimators/exact.ts';
import { mle } from '../../shared/inference/estimators/mle.ts';
import { pseudolikelihood } from '../../shared/inference/estimators/pseudolikelihood.ts';
import { pose } from '../../shared/inference/start.ts';
import { chooseHeatBath } from '../../shared/kernels/choose.ts';
import { compile } from '../../shared/kernels/wasm.ts';
import type { ModelSpecification } from '../../shared/models/contract.ts';
import { type Boundary, lattice } from '../../shared/models/lattice/lattice.ts';
import { makeModel } from '../../shared/models/registry.ts';
import { finish } from '../../shared/numerics/yielding.ts';
import { localSampler, type SamplerFactory } from '../../shared/sampling/sampler.ts';
import { fitOptions } from '../inference/synthetic.ts';

const module = compile(await compileKernel('heat-bath.ts'));

/** The kernels that the program itself takes. */
export const samplersHere: SamplerFactory = (model, chains, seed) =>
  localSampler(chooseHeatBath(module, model, chains), model, chains, seed);

export interface Shape {
  readonly rows: number;
  readonly cols: number;
  readonly boundary: Boundary;
}

/** Images of a model, each from a chain of its own. */
export function drawn(
  shape: Shape,
  theta: readonly number[],
  images: number,
  seed: number,
  model: ModelSpecification = { name: 'uniform' },
): SpinData {
  const { rows, cols, boundary } = shape;
  const sampler = samplersHere(makeModel(model, lattice(rows, cols, boundary)), images, seed);
  sampler.setParameters(theta);
  sampler.run(200, 200);
  return { rows, cols, images, spins: sampler.spins(0, images) };
}

/** A fit of the data, as a check takes it; null where there is no estimate. */
export function fitted(
  data: SpinData,
  boundary: Boundary,
  method: 'exact' | 'mle' | 'pseudolikelihood',
  seed: number,
  model: ModelSpecification = { name: 'uniform' },
): CheckInput | null {
  const options = fitOptions({ boundary, seed, model });
  const problem = pose(data, options);
  const run = { exact, mle, pseudolikelihood }[method].start(problem, options, samplersHere);
  while (!run.advance());
  const estimate = run.estimate();
  run.close();
  if (!estimate.exists || !estimate.converged) return null;
  return { problem, estimate, method, converged: true, effectiveImages: data.images, seed };
}

/** A check driven to its end. */
export function finishCheck(input: CheckInput): Check {
  const run = check(input, samplersHere);
  for (;;) {
    const { done, value } = run.next();
    if (done) return value;
  }
}

/** Only the comparison, with no more drawn sets than a check has at least, and smaller ones. */
export function comparisonOf(input: CheckInput): Predictive {
  return comparedWith(input).predictive;
}

/** The comparison and the score tests, of the same sets. */
export function comparedWith(
  { problem, estimate, effectiveImages, seed }: CheckInput,
  sets = 199,
  images = Math.min(8, problem.data.images),
): { predictive: Predictive; tests: ScoreTest[] } {
  const { model, data } = problem;
  const measured = measurement(model);
  const sampler = samplersHere(model, drawingChains, seed + 77);
  const drawn = finish(
    drawSets(sampler, estimate.parameters, measured, { images, sets }, seed, () => {}),
  );
  const ofData = new SetAccumulator(model, measured);
  for (let i = 0; i < data.images; i++) ofData.add(imageSpins(data, i));
  const statistics = statisticsOfSets(model, measured, data.images);
  const [fitted, others] = [ofData.fitted(), ofData.others()];
  const errors = estimate.covariance && standardErrors(estimate.covariance);
  return {
    predictive: compare(statistics, drawn, fitted, others, effectiveImages),
    tests: scoreTests(model, statistics, drawn, fitted, others, effectiveImages, errors),
  };
}
