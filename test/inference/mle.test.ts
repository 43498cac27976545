import { describe, expect, it } from 'vitest';
import { compileKernel } from '../../build/kernels.mjs';
import { exact } from '../../shared/inference/estimators/exact.ts';
import { mle } from '../../shared/inference/estimators/mle.ts';
import { reweigh } from '../../shared/inference/estimators/reweighting.ts';
import { pose } from '../../shared/inference/start.ts';
import { chooseHeatBath } from '../../shared/kernels/choose.ts';
import { compile } from '../../shared/kernels/wasm.ts';
import { evaluate } from '../../shared/models/contract.ts';
import { exactMethodFor } from '../../shared/models/lattice/exact/choose.ts';
import { type Boundary, lattice } from '../../shared/models/lattice/lattice.ts';
import { uniformModel } from '../../shared/models/registry.ts';
import { finish } from '../../shared/numerics/yielding.ts';
import { localSampler, type SamplerFactory } from '../../shared/sampling/sampler.ts';
import { draw, fitOptions } from './synthetic.ts';

const module = compile(await compileKernel('heat-bath.ts'));
const samplers: SamplerFactory = (model, chains, seed) =>
  localSampler(chooseHeatBath(module, model, chains), model, chains, seed);

describe('mle against exact', () => {
  const cases: [number, Boundary, number, number, number, number][] = [
    [12, 'free', 0.3, 0.05, 20, 30],
    [12, 'free', 0.44, 0, 20, 30],
    [12, 'free', -0.4, 0.1, 20, 30],
    [16, 'free', 0.35, 0.03, 10, 12],
    [8, 'periodic', 0.46, 0.01, 10, 30],
    [6, 'periodic', 0.55, 0, 100, 30],
  ];

  it.each(cases)(
    'differs by its Monte-Carlo error at %i × %s, J = %f, h/n = %f, M = %i',
    (...[side, boundary, J, h, images, seeds]) => {
      const data = draw({ rows: side, cols: side, boundary }, J, h, images, 31);
      const problem = pose(data, fitOptions({ boundary }));
      const reference = exact.start(problem, fitOptions({}), samplers);
      while (!reference.advance());
      const truth = reference.estimate();
      const squares = [0, 0];
      const shifted = [0, 0];
      for (let seed = 0; seed < seeds; seed++) {
        const run = mle.start(problem, fitOptions({ boundary, seed }), samplers);
        while (!run.advance());
        const { parameters, monteCarloError, covariance, converged } = run.estimate();
        expect(converged).toBe(true);
        for (let a = 0; a < 2; a++) {
          const standard = Math.sqrt(truth.covariance?.[3 * a] ?? Number.NaN);
          expect(monteCarloError[a]).toBeLessThanOrEqual(0.105 * standard);
          const error = parameters[a] - truth.parameters[a];
          squares[a] += (error / monteCarloError[a]) ** 2 / seeds;
          // the control: half a standard error off
          shifted[a] += ((error + 0.5 * standard) / monteCarloError[a]) ** 2 / seeds;
          expect(Math.sqrt(covariance?.[3 * a] ?? 0) / standard).toBeCloseTo(1, 0);
        }
      }
      // χ² over so many seeds, four of its standard errors either way
      const width = 4 * Math.sqrt(2 / seeds);
      for (let a = 0; a < 2; a++) {
        expect(squares[a]).toBeLessThan(1.05 * (1 + width));
        expect(squares[a]).toBeGreaterThan(Math.max(0, 1 - width));
        expect(shifted[a]).toBeGreaterThan(1.05 * (1 + width));
      }
    },
  );
});

describe('a start that pseudolikelihood drives out of reach', () => {
  it.each(['periodic', 'free'] as const)(
    'is left for the maximum of the likelihood: two domains, 8 × 8, %s edges',
    (boundary) => {
      // every spin agrees with most of its neighbours, so that pseudolikelihood grows without bound
      const spins = Int8Array.from({ length: 64 }, (_, k) => (k % 8 < 4 ? 1 : -1));
      const data = { rows: 8, cols: 8, images: 1, spins };
      const problem = pose(data, fitOptions({ boundary }));
      const reference = exact.start(problem, fitOptions({}), samplers);
      while (!reference.advance());
      const truth = reference.estimate();
      const run = mle.start(problem, fitOptions({ boundary, seed: 5 }), samplers);
      while (!run.advance());
      const { parameters, monteCarloError, converged } = run.estimate();
      expect(converged).toBe(true);
      for (let a = 0; a < 2; a++) {
        // h is 0 by symmetry, up to rounding where the samples are mirrored
        const error = Math.abs(parameters[a] - truth.parameters[a]);
        expect(error).toBeLessThanOrEqual(4 * monteCarloError[a] + 1e-9);
      }
    },
  );
});

describe('control variates', () => {
  const model = uniformModel(lattice(10, 10, 'free'));
  const truth = Float64Array.of(0.3, 5);
  const method = exactMethodFor(model);
  if (!method) throw new Error('10 × 10 has an exact method.');
  const { mean } = finish(method.evaluate([0.302, 4.9]));
  const target = { mean, penalty: new Float64Array(2), images: 100 };

  /** θ̂ from one run with and without the scores, in errors from the truth, and the ratio of the errors. */
  function compare(seed: number, wrong = 0) {
    const sampler = samplers(model, 64, seed);
    sampler.setParameters(truth);
    sampler.run(100, 100);
    const { series } = sampler.run(160, 2, 'scores');
    if (!series?.scores) throw new Error('The kernel measures scores.');
    const { scores, ...plain } = series;
    const shifted = { ...plain, scores: scores.map((score) => score + wrong) };
    const [controlled, alone] = [shifted, plain].map((samples) =>
      reweigh(samples, truth, truth, null, target),
    );
    const off = (found: typeof alone) =>
      [0.302, 4.9].map((value, a) => (found.theta[a] - value) / Math.sqrt(found.monteCarlo[3 * a]));
    return {
      off: off(controlled),
      ratio: [0, 3].map((k) => controlled.monteCarlo[k] / alone.monteCarlo[k]),
      drift: controlled.drift,
    };
  }

  it('cut the variance of J to less than half, of h to a fifth, with errors that hold', () => {
    const seeds = 60;
    const runs = Array.from({ length: seeds }, (_, seed) => compare(seed));
    for (const a of [0, 1]) {
      const ratio = runs.reduce((sum, one) => sum + one.ratio[a], 0) / seeds;
      expect(ratio).toBeLessThan([0.5, 0.2][a]);
      const square = runs.reduce((sum, { off }) => sum + off[a] ** 2, 0) / seeds;
      // four standard errors of χ² either way
      expect(Math.abs(square - 1)).toBeLessThan(4 * Math.sqrt(2 / seeds));
    }
  });

  it('tell by scores whose mean is not 0 that chains are not at rest', () => {
    expect(compare(1).drift).toBeLessThan(4);
    expect(compare(1, 1).drift).toBeGreaterThan(4);
  });
});

describe('reweighting', () => {
  const model = uniformModel(lattice(3, 3, 'free'));
  // every configuration once is an exact sample at θ = 0; neighbours in the code differ in one spin
  const values = new Float64Array(2 * 512);
  for (let code = 0; code < 512; code++) {
    const spins = Int8Array.from({ length: 9 }, (_, k) => ((code >> k) & 1 ? 1 : -1));
    evaluate(model, spins, values.subarray(2 * code, 2 * code + 2));
  }
  const samples = { statistics: 2, chains: 8, measurements: 64, values };
  const centre = new Float64Array(2);
  const method = exactMethodFor(model);
  if (!method) throw new Error('3 × 3 has an exact method.');

  it.each([
    [0.1, 0.3],
    [-0.12, -0.2],
    [0.15, 0],
  ])('finds θ = (%f, %f) from all configurations, with or without their mirror images', (J, h) => {
    const { mean, covariance } = finish(method.evaluate([J, h]));
    const target = { mean, penalty: new Float64Array(2), images: 1e8 };
    for (const odd of [null, [false, true]]) {
      const found = reweigh(samples, centre, centre, odd, target);
      expect(found.near).toBe(true);
      expect(found.theta[0]).toBeCloseTo(J, 7);
      expect(found.theta[1]).toBeCloseTo(h, 7);
      covariance.forEach((value, k) => {
        expect(found.covariance[k]).toBeCloseTo(value, 5);
      });
    }
  });

  it('says that θ̂ is out of reach, and steps towards it by one standard deviation', () => {
    const { mean } = finish(method.evaluate([0.8, 0]));
    const target = { mean, penalty: new Float64Array(2), images: 1 };
    const { near, theta } = reweigh(samples, centre, centre, null, target);
    expect(near).toBe(false);
    expect(theta[0] * Math.sqrt(12)).toBeCloseTo(1, 1);
  });

  it('shrinks towards 0 as a prior of the likelihood’s own width asks', () => {
    const { mean, covariance } = finish(method.evaluate([0.1, 0.3]));
    const gap = (theta: Float64Array, penalty: Float64Array) => {
      const at = finish(method.evaluate(theta)).mean;
      return mean.map((value, a) => value - penalty[a] * theta[a] - at[a]);
    };
    const penalty = Float64Array.from([covariance[0], covariance[3]]);
    const { theta } = reweigh(samples, centre, centre, null, { mean, penalty, images: 1e8 });
    for (const value of gap(theta, penalty)) expect(value).toBeCloseTo(0, 6);
    expect(theta[0]).toBeLessThan(0.07);
  });
});
