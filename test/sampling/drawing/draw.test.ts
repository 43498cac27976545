import { describe, expect, it } from 'vitest';
import { compileKernel } from '../../../build/kernels.mjs';
import { chooseKernel } from '../../../shared/kernels/choose.ts';
import { compile } from '../../../shared/kernels/wasm.ts';
import { evaluate, type Model, parameterNames } from '../../../shared/models/contract.ts';
import { UnsettledError } from '../../../shared/models/failures.ts';
import { exactMethodFor } from '../../../shared/models/lattice/exact/choose.ts';
import { type Boundary, lattice, siteCount } from '../../../shared/models/lattice/lattice.ts';
import { uniformModel, zeroFieldModel } from '../../../shared/models/registry.ts';
import { finish } from '../../../shared/numerics/yielding.ts';
import { type Drawn, draw } from '../../../shared/sampling/drawing/draw.ts';
import type { DrawMethod } from '../../../shared/sampling/drawing/methods.ts';
import { localSampler, type SamplerFactory } from '../../../shared/sampling/sampler.ts';
import { chiSquareDeviation, probabilities, upProbabilities, ups } from './distribution.ts';

const modules = {
  heatBath: compile(await compileKernel('heat-bath.ts')),
  clusters: compile(await compileKernel('cluster.ts')),
};
const samplers: SamplerFactory = (model, chains, seed) =>
  localSampler(chooseKernel(modules, model, chains), model, chains, seed);

/** Standard errors that a right sampler stays below. */
const most = 4;

function drawing(
  model: Model,
  theta: readonly number[],
  count: number,
  method: DrawMethod = 'auto',
  sweeps = 1000,
): Drawn {
  return finish(draw({ model, theta, count, seed: 7, method, sweeps }, samplers, () => {}));
}

/** Of every statistic, how many standard errors the drawn mean and variance are from the exact ones. */
function deviations(model: Model, theta: readonly number[], spins: Int8Array): number[] {
  const method = exactMethodFor(model);
  if (method === null) throw new Error('No exact method applies.');
  const exact = finish(method.evaluate(theta));
  const n = siteCount(model.lattice);
  const count = spins.length / n;
  const p = theta.length;
  const values = Array.from({ length: count }, (_, i) =>
    evaluate(model, spins.subarray(i * n, (i + 1) * n)),
  );
  const average = (f: (t: Float64Array) => number) =>
    values.reduce((sum, t) => sum + f(t), 0) / count;
  return theta.flatMap((_, a) => {
    const [mean, variance] = [exact.mean[a], exact.covariance[a * p + a]];
    const drawn = average((t) => t[a]);
    const square = average((t) => (t[a] - mean) ** 2);
    const fourth = average((t) => (t[a] - mean) ** 4);
    return [
      (drawn - mean) / Math.sqrt(variance / count),
      (square - variance) / Math.sqrt((fourth - square ** 2) / count),
    ];
  });
}

const couplings = [0.3, 0.44, 0.5, 0.6, 1, -0.6];
type Shape = readonly [number, number, Boundary];
const shapes: Shape[] = [
  [8, 8, 'free'],
  [8, 6, 'periodic'],
  [5, 7, 'periodic'],
];

describe('draws in equilibrium', () => {
  it.each(
    shapes.flatMap((shape) => couplings.flatMap((J) => [0, 0.05].map((h) => [...shape, J, h]))),
  )('have the exact means and variances on %i × %i, %s, at J = %f, h/n = %f', (...one) => {
    const [rows, cols, boundary, J, h] = one as [number, number, Boundary, number, number];
    const model = uniformModel(lattice(rows, cols, boundary));
    const theta = [J, h * rows * cols];
    const { spins } = drawing(model, theta, 1000);
    for (const deviation of deviations(model, theta, spins)) {
      expect(Math.abs(deviation)).toBeLessThan(most);
    }
  });

  it.each(
    (
      [
        [4, 4, 'free'],
        [4, 4, 'periodic'],
        [3, 5, 'periodic'],
      ] as Shape[]
    ).flatMap((shape) => couplings.flatMap((J) => [0, 0.05].map((h) => [...shape, J, h]))),
  )('have the exact histogram of m on %i × %i, %s, at J = %f, h/n = %f', (...one) => {
    const [rows, cols, boundary, J, h] = one as [number, number, Boundary, number, number];
    const model = uniformModel(lattice(rows, cols, boundary));
    const n = rows * cols;
    const { spins } = drawing(model, [J, h * n], 4000);
    const expected = upProbabilities(probabilities(model, [J, h * n]), n);
    expect(Math.abs(chiSquareDeviation(ups(spins, n), expected))).toBeLessThan(most);
  });

  it('show what single spins from a random start do not reach', () => {
    const model = zeroFieldModel(lattice(32, 32, 'periodic'));
    const frozen = drawing(model, [0.6], 100, 'heat-bath', 200);
    expect(Math.max(...deviations(model, [0.6], frozen.spins).map(Math.abs))).toBeGreaterThan(20);
    expect(frozen.warnings).toHaveLength(1);
    const right = drawing(model, [0.6], 100);
    expect(Math.max(...deviations(model, [0.6], right.spins).map(Math.abs))).toBeLessThan(most);
    expect(right).toMatchObject({ exact: true, method: 'coupling-from-the-past', warnings: [] });
  });

  it("have Onsager's magnetisation on 128 × 128", () => {
    const model = zeroFieldModel(lattice(128, 128, 'periodic'));
    const { spins } = drawing(model, [0.5], 8);
    const n = 128 ** 2;
    const sizes = Array.from({ length: 8 }, (_, i) =>
      Math.abs(spins.subarray(i * n, (i + 1) * n).reduce((sum, s) => sum + s, 0) / n),
    );
    const mean = sizes.reduce((sum, m) => sum + m, 0) / 8;
    const error = Math.sqrt(sizes.reduce((sum, m) => sum + (m - mean) ** 2, 0) / (7 * 8));
    const onsager = (1 - Math.sinh(2 * 0.5) ** -4) ** (1 / 8);
    expect(error).toBeLessThan(0.005);
    expect(Math.abs(mean - onsager) / error).toBeLessThan(most);
  });

  it('come from watched chains where coupling from the past would not end', () => {
    const model = uniformModel(lattice(7, 9, 'periodic'));
    const theta = [-0.6, 6];
    const drawn = drawing(model, theta, 2000);
    expect(drawn).toMatchObject({ exact: false, method: 'swendsen-wang' });
    expect(drawn.tau).toHaveLength(parameterNames(model).length);
    for (const deviation of deviations(model, theta, drawn.spins)) {
      expect(Math.abs(deviation)).toBeLessThan(most);
    }
  });

  it.each(['swendsen-wang', 'wolff', 'coupling-from-the-past'] as const)(
    'are those of %s where it is asked for by name',
    (method) => {
      const model = uniformModel(lattice(6, 6, 'free'));
      const drawn = drawing(model, [0.5, 1], 2000, method, 200);
      expect([drawn.method, drawn.warnings]).toEqual([method, []]);
      for (const deviation of deviations(model, [0.5, 1], drawn.spins)) {
        expect(Math.abs(deviation)).toBeLessThan(most);
      }
    },
  );

  it('are not handed out where chains from different starts keep apart', () => {
    const model = uniformModel(lattice(33, 33, 'periodic'));
    const request = { model, theta: [-6, 0.2 * 33 ** 2], count: 1, seed: 7, sweeps: 1 };
    const patience = { exact: 1e8, watching: 1e9 };
    expect(() =>
      finish(draw({ ...request, method: 'auto' }, samplers, () => {}, patience)),
    ).toThrow(UnsettledError);
  });

  it('are the same from the same seed, and others from another', () => {
    const model = uniformModel(lattice(6, 6, 'free'));
    const of = (seed: number) =>
      finish(
        draw(
          { model, theta: [0.5, 0], count: 5, seed, method: 'auto', sweeps: 1 },
          samplers,
          () => {},
        ),
      ).spins;
    expect(of(1)).toEqual(of(1));
    expect(of(1)).not.toEqual(of(2));
  });
});
