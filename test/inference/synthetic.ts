import type { SpinData } from '../../shared/data/dataset.ts';
import { defaultFitOptions, type FitOptions } from '../../shared/inference/options.ts';
import type { Estimator, FitRun } from '../../shared/inference/run.ts';
import { pose } from '../../shared/inference/start.ts';
import { referenceHeatBath } from '../../shared/kernels/reference.ts';
import { type Boundary, lattice } from '../../shared/models/lattice/lattice.ts';
import { uniformModel } from '../../shared/models/registry.ts';
import { localSampler, type SamplerFactory } from '../../shared/sampling/sampler.ts';

export const referenceSamplers: SamplerFactory = (model, chains, seed) =>
  localSampler(referenceHeatBath, model, chains, seed);

/** Images drawn at given parameters, each from a chain of its own. */
export function draw(
  shape: { rows: number; cols: number; boundary: Boundary },
  J: number,
  hPerSite: number,
  images: number,
  seed: number,
): SpinData {
  const { rows, cols, boundary } = shape;
  const n = rows * cols;
  const sampler = referenceSamplers(uniformModel(lattice(rows, cols, boundary)), images, seed);
  sampler.setParameters([J, n * hPerSite]);
  sampler.run(200, 200);
  return { rows, cols, images, spins: sampler.spins(0, images) };
}

export function fitOptions(
  changes: Partial<FitOptions>,
  gradient: Partial<FitOptions['gradient']> = {},
): FitOptions {
  return {
    ...defaultFitOptions,
    seed: 1,
    ...changes,
    gradient: { ...defaultFitOptions.gradient, ...gradient },
  };
}

/** A fit run to its end. */
export function runFit(estimator: Estimator, data: SpinData, options: FitOptions): FitRun {
  const run = estimator.start(pose(data, options), options, referenceSamplers);
  while (!run.advance());
  return run;
}
