import { describe, expect, it } from 'vitest';
import { compileKernel } from '../../build/kernels.mjs';
import { chooseKernel } from '../../shared/kernels/choose.ts';
import { compile } from '../../shared/kernels/wasm.ts';
import { type ModelSpecification, parameterNames } from '../../shared/models/contract.ts';
import { exactMethodFor } from '../../shared/models/lattice/exact/choose.ts';
import { enumeration } from '../../shared/models/lattice/exact/enumeration.ts';
import { type Boundary, lattice } from '../../shared/models/lattice/lattice.ts';
import { parseOffsets } from '../../shared/models/lattice/offsets.ts';
import { makeModel } from '../../shared/models/registry.ts';
import { sfc32, uniform } from '../../shared/numerics/random.ts';
import { finish } from '../../shared/numerics/yielding.ts';
import { mean, meanCovariance } from '../../shared/sampling/moments.ts';
import { localSampler } from '../../shared/sampling/sampler.ts';
import { everyState, legendre, pairs, summed } from './summed.ts';

const modules = {
  heatBath: compile(await compileKernel('heat-bath.ts')),
  clusters: compile(await compileKernel('cluster.ts')),
};

const classes = parseOffsets('(0,1);(1,0);(1,1)(1,-1)') ?? [];
const degree = 2;
const neighbourhood: ModelSpecification = { name: 'neighbourhood', offsets: classes };
const trend: ModelSpecification = { name: 'uniform', trend: degree };

/** T(s) of the two models by their definitions, in the order of their parameters. */
function definition(name: string, rows: number, cols: number, edges: Boundary) {
  const n = rows * cols;
  const sumOver = (list: readonly [number, number][], spins: readonly number[]) =>
    list.reduce((sum, [i, j]) => sum + spins[i] * spins[j], 0);
  if (name === 'neighbourhood') {
    const lists = classes.map((each) => each.flatMap((offset) => pairs(rows, cols, edges, offset)));
    return (spins: readonly number[]) => [
      ...lists.map((list) => sumOver(list, spins)),
      spins.reduce((sum, spin) => sum + spin, 0) / n,
    ];
  }
  const nearest = [...pairs(rows, cols, edges, [0, 1]), ...pairs(rows, cols, edges, [1, 0])];
  const powers = [
    [0, 0],
    [1, 0],
    [0, 1],
    [2, 0],
    [1, 1],
    [0, 2],
  ];
  const fields = powers.map(([i, j]) =>
    Array.from({ length: n }, (_, k) => {
      const y = (2 * Math.floor(k / cols)) / (rows - 1) - 1;
      const x = (2 * (k % cols)) / (cols - 1) - 1;
      return legendre[i](y) * legendre[j](x);
    }),
  );
  return (spins: readonly number[]) => [
    sumOver(nearest, spins),
    ...fields.map((field) => field.reduce((sum, value, k) => sum + value * spins[k], 0)),
  ];
}

/** Parameters of every sign: couplings within ±0.5, fields of a site within ±0.5. */
function parameterSets(names: readonly string[], n: number, count: number): number[][] {
  const generator = sfc32(15, 3);
  return Array.from({ length: count }, () =>
    names.map((name) => (uniform(generator) - 0.5) * (name === 'h' ? n : 1)),
  );
}

const cases = [neighbourhood, trend].flatMap((specification) =>
  (
    [
      [4, 4],
      [3, 5],
    ] as const
  ).flatMap(([rows, cols]) =>
    (['free', 'periodic'] as const).map(
      (edges) => [specification.name, rows, cols, edges, specification] as const,
    ),
  ),
);

describe.each(cases)('%s (with a trend where it is uniform) on %i × %i, %s', (...given) => {
  const [name, rows, cols, edges, specification] = given;
  const n = rows * cols;
  const model = makeModel(specification, lattice(rows, cols, edges));
  const names = parameterNames(model);

  it('has log Z, means and covariances of the sum over all states, at 50 parameter sets', () => {
    const states = everyState(definition(name, rows, cols, edges), n);
    const [plain, best] = [enumeration(model), exactMethodFor(model)];
    const methods = best && best.name !== plain.name ? [plain, best] : [plain];
    for (const theta of parameterSets(names, n, 50)) {
      const truth = summed(states, theta);
      for (const method of methods) {
        const found = finish(method.evaluate(theta));
        const off = [
          Math.abs(found.logZ - truth.logZ),
          ...truth.mean.map((value, a) => Math.abs(found.mean[a] - value)),
          ...truth.covariance.map((value, k) => Math.abs(found.covariance[k] - value)),
        ];
        expect(Math.max(...off), `${method.name} at ${theta}`).toBeLessThan(1e-6);
      }
    }
  });

  it('is sampled by the kernel that is chosen for it', () => {
    const [theta] = parameterSets(names, n, 1);
    const exact = finish(enumeration(model).evaluate(theta)).mean;
    /** Largest deviation of the sampled means at `sampled`, in standard errors. */
    const deviation = (sampled: readonly number[]) => {
      const sampler = localSampler(chooseKernel(modules, model, 64), model, 64, 3);
      sampler.setParameters(sampled);
      sampler.run(100, 100);
      const { moments } = sampler.run(1000, 2);
      const [average, spread] = [mean(moments), meanCovariance(moments)];
      const p = theta.length;
      return Math.max(
        ...theta.map((_, a) => Math.abs(average[a] - exact[a]) / Math.sqrt(spread[a * p + a])),
      );
    };
    expect(deviation(theta)).toBeLessThan(4);
    // a control that must fail: one coupling a little off
    expect(deviation([theta[0] + 0.03, ...theta.slice(1)])).toBeGreaterThan(4);
  });
});
