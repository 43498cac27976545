import { describe, expect, it } from 'vitest';
import type { SpinData } from '../../shared/ising/dataset.ts';
import { standardErrors } from '../../shared/ising/fit/estimate.ts';
import { gradient } from '../../shared/ising/fit/gradient.ts';
import { pose } from '../../shared/ising/fit/start.ts';
import { lattice } from '../../shared/ising/lattice.ts';
import { uniformModel } from '../../shared/ising/model.ts';
import { defaultFitOptions, type FitOptions } from '../../shared/ising/options.ts';
import { localSampler, type SamplerFactory } from '../../shared/ising/sampler.ts';
import { referenceHeatBath } from '../../shared/kernels/reference.ts';

const samplers: SamplerFactory = (model, chains, seed) =>
  localSampler(referenceHeatBath, model, chains, seed);

/** Images drawn at given parameters, each from a chain of its own. */
function draw(
  rows: number,
  cols: number,
  J: number,
  h: number,
  images: number,
  seed: number,
): SpinData {
  const sampler = samplers(uniformModel(lattice(rows, cols, 'free')), images, seed);
  sampler.setParameters([J, h]);
  sampler.run(200, 200);
  const spins = new Int8Array(images * rows * cols);
  for (let i = 0; i < images; i++) spins.set(sampler.spins(i), i * rows * cols);
  return { rows, cols, images, spins };
}

function options(seed: number, changes: Partial<FitOptions['gradient']> = {}): FitOptions {
  return {
    ...defaultFitOptions,
    method: 'gradient',
    seed,
    gradient: { ...defaultFitOptions.gradient, ...changes },
  };
}

describe('eq. (4)', () => {
  it('brings the parameters back within 3.5 of the errors it states', () => {
    for (const [J, hPerSite] of [
      [-0.4, 0],
      [-0.2, 0.1],
      [0, 0.05],
      [0.25, 0.05],
      [0.4, 0],
      [0.5, 0.05],
    ]) {
      const data = draw(8, 8, J, 64 * hPerSite, 40, 11);
      const run = gradient.start(pose(data, options(5)), options(5), samplers);
      while (!run.advance());
      const estimate = run.estimate();
      const error = standardErrors(estimate.covariance!);
      console.log(
        J,
        hPerSite,
        run.trace.length,
        estimate.converged,
        [...estimate.parameters],
        [...error],
        [...estimate.monteCarloError],
        estimate.warnings,
      );
      expect(Math.abs(estimate.parameters[0] - J)).toBeLessThan(3.5 * error[0]);
      expect(Math.abs(estimate.parameters[1] - 64 * hPerSite)).toBeLessThan(3.5 * error[1]);
    }
  });
});
