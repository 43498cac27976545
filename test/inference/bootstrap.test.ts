import { describe, expect, it } from 'vitest';
import { compileKernel } from '../../build/kernels.mjs';
import { standardErrors } from '../../shared/inference/estimate.ts';
import { exact } from '../../shared/inference/estimators/exact.ts';
import { pseudolikelihood } from '../../shared/inference/estimators/pseudolikelihood.ts';
import type { Problem } from '../../shared/inference/run.ts';
import { pose } from '../../shared/inference/start.ts';
import { bootstrap } from '../../shared/inference/uncertainty/bootstrap.ts';
import { effectiveImages } from '../../shared/inference/uncertainty/effective-images.ts';
import { chooseHeatBath } from '../../shared/kernels/choose.ts';
import { compile } from '../../shared/kernels/wasm.ts';
import { lattice } from '../../shared/models/lattice/lattice.ts';
import { uniformModel } from '../../shared/models/registry.ts';
import { invert } from '../../shared/numerics/symmetric.ts';
import { finish } from '../../shared/numerics/yielding.ts';
import { covariance } from '../../shared/sampling/moments.ts';
import { localSampler } from '../../shared/sampling/sampler.ts';
import { draw, fitOptions, referenceSamplers } from './synthetic.ts';

const module = compile(await compileKernel('heat-bath.ts'));

function chainsAt(side: number, J: number, hPerSite: number, chains: number, seed: number) {
  const model = uniformModel(lattice(side, side, 'free'));
  const sampler = localSampler(chooseHeatBath(module, model, chains), model, chains, seed);
  sampler.setParameters([J, hPerSite * side * side]);
  sampler.run(500, 500);
  return sampler;
}

function exactly(problem: Problem) {
  const run = exact.start(problem, fitOptions({}), referenceSamplers);
  while (!run.advance());
  return { estimate: run.estimate(), likelihood: run.likelihood() };
}

function resampled(...args: Parameters<typeof bootstrap>) {
  const found = finish(bootstrap(...args));
  if (!found || !('error' in found)) throw new Error('There are enough blocks.');
  return found;
}

const rms = (values: readonly number[]) =>
  Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0) / values.length);

describe('the bootstrap over images', () => {
  it('is left out where only a prior gives an answer: of 3 dark pictures it made J ± 3.8', () => {
    const data = { rows: 16, cols: 16, images: 3, spins: new Int8Array(3 * 256).fill(-1) };
    const options = fitOptions({ prior: [1] });
    const run = pseudolikelihood.start(pose(data, options), options, referenceSamplers);
    while (!run.advance());
    expect(finish(bootstrap(pose(data, options), run.estimate(), null, 3, 1))).toBeNull();
    // with three bright pixels in a row the data have an estimate of their own
    data.spins.set([1, 1, 1], 40);
    expect(finish(bootstrap(pose(data, options), run.estimate(), null, 3, 1))).not.toBeNull();
  });

  it('has the sandwich’s errors where images are independent', () => {
    const problem = pose(
      draw({ rows: 5, cols: 5, boundary: 'free' }, 0.3, 0.05, 200, 2),
      fitOptions({}),
    );
    const { estimate } = exactly(problem);
    const { error, unit, size, interval95 } = resampled(problem, estimate, null, 200, 1);
    expect([unit, size]).toEqual(['images', [1]]);
    standardErrors(estimate.sandwich ?? new Float64Array(4)).forEach((sandwich, a) => {
      // 1,000 replicates know a standard deviation to 2.2 %
      expect(error[a] / sandwich).toBeGreaterThan(0.91);
      expect(error[a] / sandwich).toBeLessThan(1.09);
      const [low, high] = interval95[a];
      expect((high - low) / (2 * 1.96 * sandwich)).toBeCloseTo(1, 0);
    });
  });

  it('says the same by one Newton step as by a fit of every replicate, and which it was', () => {
    const problem = pose(
      draw({ rows: 4, cols: 4, boundary: 'free' }, 0.15, 0.05, 19, 2),
      fitOptions({}),
    );
    const { estimate, likelihood } = exactly(problem);
    const full = resampled(problem, estimate, likelihood, 19, 1);
    const step = resampled(problem, estimate, null, 19, 1);
    expect([full.inFull, step.inFull]).toEqual([true, false]);
    for (let a = 0; a < 2; a++) {
      expect(full.error[a] / step.error[a]).toBeGreaterThan(0.85);
      expect(full.error[a] / step.error[a]).toBeLessThan(1.25);
    }
  });

  it('covers the truth in sequences that hang together, by blocks of them', () => {
    const [side, J, hPerSite, images, sets] = [6, 0.35, 0.02, 120, 128];
    const n = side * side;
    const sampler = chainsAt(side, J, hPerSite, sets, 5);
    const spins = Array.from({ length: sets }, () => new Int8Array(images * n));
    for (let i = 0; i < images; i++) {
      sampler.run(1, 1);
      spins.forEach((all, c) => {
        all.set(sampler.spins(c), i * n);
      });
    }
    const [found, blocks, single]: number[][] = [[], [], []];
    const inside = { blocks: 0, single: 0 };
    for (const [seed, all] of spins.entries()) {
      const problem = pose({ rows: side, cols: side, images, spins: all }, fitOptions({}));
      const { estimate } = exactly(problem);
      const { error, interval95, size } = resampled(
        problem,
        estimate,
        null,
        effectiveImages(problem.observed),
        seed,
      );
      const alone = resampled(problem, estimate, null, images, seed);
      expect(size[0]).toBeGreaterThan(1);
      found.push(estimate.parameters[0] - J);
      blocks.push(error[0]);
      single.push(alone.error[0]);
      if (interval95[0][0] < J && J < interval95[0][1]) inside.blocks++;
      if (alone.interval95[0][0] < J && J < alone.interval95[0][1]) inside.single++;
    }
    // the spread of 128 estimates is known to 6 %
    expect(rms(blocks) / rms(found)).toBeGreaterThan(0.8);
    expect(rms(blocks) / rms(found)).toBeLessThan(1.3);
    expect(inside.blocks / sets).toBeGreaterThan(0.88);
    // the control: single images know nothing of it
    expect(rms(single) / rms(found)).toBeLessThan(0.75);
    expect(inside.single / sets).toBeLessThan(0.88);
  });
});

describe('the bootstrap over tiles', () => {
  /** Mean ratio of the bootstrap's error to the model's, over single images of 64 × 64. */
  function ratios(J: number, hPerSite: number): number[] {
    const sampler = chainsAt(64, J, hPerSite, 64, 5);
    const model = invert(covariance(sampler.run(3000, 4).moments));
    const sum = [0, 0];
    for (let c = 0; c < 64; c++) {
      const problem = pose(
        { rows: 64, cols: 64, images: 1, spins: sampler.spins(c) },
        fitOptions({}),
      );
      const parameters = Float64Array.of(J, hPerSite * 4096);
      const found = resampled(problem, { parameters, covariance: model }, null, 1, c);
      expect([found.unit, found.size]).toEqual(['tiles', [16, 16]]);
      for (let a = 0; a < 2; a++) sum[a] += found.error[a] / Math.sqrt(model[3 * a]) / 64;
    }
    return sum;
  }

  it('gives one picture errors that need no model, 3 to 6 % below the model’s', () => {
    for (const ratio of ratios(0.25, 0.05)) {
      expect(ratio).toBeGreaterThan(0.88);
      expect(ratio).toBeLessThan(1.05);
    }
  });

  it('loses part of the error of h where tiles are no longer many correlation lengths wide', () => {
    const [ofJ, ofH] = ratios(0.4, 0);
    expect(ofJ).toBeGreaterThan(0.88);
    expect(ofH).toBeLessThan(0.85);
  });
});
