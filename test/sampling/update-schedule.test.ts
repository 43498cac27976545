import { describe, expect, it } from 'vitest';
import { compileKernel } from '../../build/kernels.mjs';
import { Chains } from '../../shared/assessment/draws.ts';
import type { SpinData } from '../../shared/data/dataset.ts';
import { exact } from '../../shared/inference/estimators/exact.ts';
import { gradient } from '../../shared/inference/estimators/gradient.ts';
import { mle } from '../../shared/inference/estimators/mle.ts';
import type { Estimator, FitRun } from '../../shared/inference/run.ts';
import { pose } from '../../shared/inference/start.ts';
import { chooseKernel } from '../../shared/kernels/choose.ts';
import { wolff } from '../../shared/kernels/cluster.ts';
import { compile } from '../../shared/kernels/wasm.ts';
import { evaluate } from '../../shared/models/contract.ts';
import { kaufmanTorus } from '../../shared/models/lattice/exact/kaufman.ts';
import { lattice } from '../../shared/models/lattice/lattice.ts';
import { uniformModel, zeroFieldModel } from '../../shared/models/registry.ts';
import { finish } from '../../shared/numerics/yielding.ts';
import { localSampler, type Sampler, type SamplerFactory } from '../../shared/sampling/sampler.ts';
import { Mixing } from '../../shared/sampling/update-schedule.ts';
import { fitOptions, referenceSamplers } from '../inference/synthetic.ts';
import { enumerate } from '../kernels/enumerate.ts';

const modules = {
  heatBath: compile(await compileKernel('heat-bath.ts')),
  clusters: compile(await compileKernel('cluster.ts')),
};
const samplers: SamplerFactory = (model, chains, seed) =>
  localSampler(chooseKernel(modules, model, chains), model, chains, seed);

/** Pictures of a torus at the critical coupling, from Wolff clusters. */
function critical(side: number, images: number): SpinData {
  const n = side ** 2;
  const model = uniformModel(lattice(side, side, 'periodic'));
  const kernel = wolff(modules.clusters).create(model, { chains: images, seed: 8, stream: 0 });
  kernel.setParameters([0.44, 0]);
  kernel.run(40, 40);
  const spins = new Int8Array(images * n);
  for (let i = 0; i < images; i++) spins.set(kernel.spins(i), i * n);
  return { rows: side, cols: side, images, spins };
}

/** Chooses what sweeps are made of at given parameters on a torus; the note and the choice. */
function compared(side: number, J: number, perSite: number): Mixing {
  const model = uniformModel(lattice(side, side, 'periodic'));
  const sampler = samplers(model, 32, 3);
  sampler.setParameters([J, perSite * side ** 2]);
  sampler.run(300, 300);
  const mixing = new Mixing(sampler);
  mixing.consider(1e9);
  while (mixing.busy) mixing.advance();
  return mixing;
}

describe('what sweeps are made of', () => {
  it('is clusters at the critical coupling', () => {
    const mixing = compared(48, 0.4407, 0);
    expect(mixing.clusters).toBe(true);
    expect(mixing.note).toMatch(/Wolff clusters?: [\d.]+ for B, \d+ for m/);
  });

  it.each([
    [0.25, 0],
    [0.44, 0.05],
  ])('is heat-bath at J = %f, h/n = %f', (J, perSite) => {
    const mixing = compared(48, J, perSite);
    expect(mixing.clusters).toBe(false);
    expect(mixing.phrase).toBe('heat-bath');
  });

  it('is not compared where little is to be done, or nothing can be mixed', () => {
    const model = uniformModel(lattice(8, 8, 'periodic'));
    for (const sampler of [samplers(model, 2, 1), referenceSamplers(model, 2, 1)]) {
      const mixing = new Mixing(sampler);
      mixing.consider(sampler.mixture ? 1000 : 1e9);
      expect(mixing.busy).toBe(false);
    }
  });
});

describe('a sweep too long for one slice', () => {
  const model = uniformModel(lattice(4, 4, 'periodic'));
  const theta = [0.42, 0.8];
  const updates = { heatBath: 2, swendsenWang: 0, wolff: 3 };
  /** Says that every update costs so much that it takes a slice of its own. */
  function begin() {
    const sampler = samplers(model, 32, 5);
    const costs = { heatBath: 2 ** 20, visited: 2 ** 20, handOver: 0 };
    const counted = { visited: 0 };
    const costly: Sampler = {
      ...sampler,
      mixture: sampler.mixture && { ...sampler.mixture, costs },
      run(...all) {
        const run = sampler.run(...all);
        counted.visited += run.visited ?? 0;
        return run;
      },
    };
    costly.setParameters(theta);
    const state = { updates, work: 1, note: '', comparisons: 0, done: 0, pilot: null };
    return { sampler: costly, counted, mixing: new Mixing(costly, state) };
  }
  function sweep(mixing: Mixing) {
    for (let slices = 1; ; slices++) {
      const run = mixing.advanceRun(1, 1, true);
      if (run) return { run, slices };
    }
  }

  it('is made in parts, measured once, and samples the model', () => {
    const { sampler, counted, mixing } = begin();
    const truth = enumerate(model, theta).mean;
    const sums = new Float64Array(2 * 32);
    const sweeps = 2000;
    for (let t = -50; t < sweeps; t++) {
      counted.visited = 0;
      const { run, slices } = sweep(mixing);
      expect(slices).toBe(5);
      expect(run.moments.measurements).toBe(1);
      expect(run.visited).toBe(counted.visited);
      if (t < 0 || run.series === null) continue;
      for (let k = 0; k < sums.length; k++) sums[k] += run.series.values[k] / sweeps;
    }
    const { run } = sweep(mixing);
    expect(run.series?.values.slice(14, 16)).toEqual(evaluate(model, sampler.spins(7)));
    for (const a of [0, 1]) {
      const means = Array.from({ length: 32 }, (_, chain) => sums[2 * chain + a]);
      const mean = means.reduce((x, y) => x + y) / 32;
      const square = means.reduce((x, y) => x + (y - mean) ** 2, 0);
      expect(Math.abs(mean - truth[a]) / Math.sqrt(square / (32 * 31))).toBeLessThan(4);
    }
  });

  it('goes on bit for bit from between two parts', () => {
    const { sampler, mixing } = begin();
    sweep(mixing);
    for (let part = 0; part < 3; part++) mixing.advanceRun(1, 1, true);
    const other = begin();
    other.sampler.restore(sampler.snapshot());
    const resumed = new Mixing(other.sampler, structuredClone(mixing.snapshot()));
    for (let k = 0; k < 4; k++) expect(sweep(resumed)).toEqual(sweep(mixing));
    expect(other.sampler.snapshot()).toEqual(sampler.snapshot());
  });
});

const data = critical(16, 150);
/** Says that clusters cost a tenth of what they do, so that a short fit compares already. */
const eager: SamplerFactory = (model, chains, seed) => {
  const sampler = samplers(model, chains, seed);
  const costs = { heatBath: 1, visited: 6, handOver: 3 };
  return { ...sampler, mixture: sampler.mixture && { ...sampler.mixture, costs } };
};

const options = fitOptions({ boundary: 'periodic', seed: 5, steps: 2000 });

function begin(estimator: Estimator, snapshot?: unknown): FitRun {
  return estimator.start(pose(data, options), options, eager, snapshot);
}

it.each([mle, gradient])(
  '$name compares near the critical coupling, and says what it took',
  (m) => {
    const run = begin(m);
    let slices = 0;
    while (!run.advance()) slices++;
    const estimate = run.estimate();
    expect(estimate.sampler).toMatch(/independent samples per work/);
    // a fit that stops anywhere, also amid the comparison, goes on bit for bit
    const again = begin(m);
    let saved: unknown = null;
    for (let k = 0; k < slices && saved === null; k++) {
      again.advance();
      if (again.progress.phase.includes('comparing') && k % 3 === 0) {
        saved = structuredClone(again.snapshot());
      }
    }
    expect(saved).not.toBeNull();
    const resumed = begin(m, saved);
    while (!resumed.advance());
    expect(resumed.estimate()).toEqual(estimate);
  },
);

it('mle with clusters finds the exact estimate', () => {
  const zeroField = fitOptions({ boundary: 'periodic', seed: 5, model: { name: 'zero-field' } });
  const problem = pose(data, zeroField);
  const [sampled, truth] = [mle, exact].map((estimator) => {
    const run = estimator.start(problem, zeroField, eager);
    while (!run.advance());
    return run.estimate();
  });
  expect(sampled.sampler).toMatch(/Wolff|Swendsen–Wang/);
  expect(sampled.converged).toBe(true);
  const distance = Math.abs(sampled.parameters[0] - truth.parameters[0]);
  expect(distance).toBeLessThan(4 * sampled.monteCarloError[0]);
});

it('the chains of a check turn to clusters at the critical coupling, and draw what Kaufman says', () => {
  const model = zeroFieldModel(lattice(32, 32, 'periodic'));
  const theta = Float64Array.of(0.44);
  const settled = (factory: SamplerFactory) => {
    const sampler = factory(model, 64, 7);
    const chains = new Chains(sampler, theta, 7);
    finish(chains.settle(200));
    return { chains, series: finish(chains.record(300)) };
  };
  const { chains, series } = settled(eager);
  // the control: without clusters the energy alone takes some ten sweeps
  const plain = settled((...all) => ({ ...samplers(...all), mixture: null }));
  expect(chains.tau).toBeLessThan(plain.chains.tau / 2);
  const means = Array.from({ length: series.chains }, (_, c) => {
    let sum = 0;
    for (let t = 0; t < series.measurements; t++) sum += series.values[t * series.chains + c];
    return sum / series.measurements;
  });
  const mean = means.reduce((sum, value) => sum + value, 0) / means.length;
  const square = means.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const error = Math.sqrt(square / (means.length * (means.length - 1)));
  const truth = finish(kaufmanTorus(model).evaluate(theta)).mean[0];
  expect(Math.abs(mean - truth)).toBeLessThan(4 * error);
  expect(error).toBeLessThan(0.003 * 2048);
});
