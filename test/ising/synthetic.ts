import type { SpinData } from '../../shared/ising/dataset.ts';
import type { Estimator, FitRun } from '../../shared/ising/fit/run.ts';
import { pose } from '../../shared/ising/fit/start.ts';
import { type Boundary, lattice } from '../../shared/ising/lattice.ts';
import { uniformModel } from '../../shared/ising/models/registry.ts';
import { defaultFitOptions, type FitOptions } from '../../shared/ising/options.ts';
import { localSampler, type SamplerFactory } from '../../shared/ising/sampler.ts';
import { referenceHeatBath } from '../../shared/kernels/reference.ts';

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
