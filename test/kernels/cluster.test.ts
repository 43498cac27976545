import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileKernel } from '../../build/kernels.mjs';
import { ClusterKernel, swendsenWang, wolff } from '../../shared/kernels/cluster.ts';
import { compile, type KernelModule } from '../../shared/kernels/wasm.ts';
import { evaluate, type Model } from '../../shared/models/contract.ts';
import { exactMethodFor } from '../../shared/models/lattice/exact/choose.ts';
import {
  type Boundary,
  type Lattice,
  lattice,
  siteCount,
} from '../../shared/models/lattice/lattice.ts';
import {
  anisotropicModel,
  makeModel,
  uniformModel,
  zeroFieldModel,
} from '../../shared/models/registry.ts';
import { finish } from '../../shared/numerics/yielding.ts';
import type { KernelKind } from '../../shared/sampling/kernel.ts';
import { covariance, mean, meanCovariance } from '../../shared/sampling/moments.ts';
import { ClusterTwin } from './cluster-twin.ts';

const module = compile(await compileKernel('cluster.ts'));
const kinds = [wolff(module), swendsenWang(module)];

const shapes = fc
  .tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }), fc.boolean())
  .map(([rows, cols, periodic]) => {
    const side = (length: number) => (length === 2 ? 3 : length);
    if (rows * cols === 1) return lattice(3, 3, 'periodic');
    return periodic ? lattice(side(rows), side(cols), 'periodic') : lattice(rows, cols, 'free');
  });

/** An exact method's answer for the model. */
function exactly(model: Model, theta: number[]) {
  const method = exactMethodFor(model);
  if (!method) throw new Error('no exact method');
  return finish(method.evaluate(theta));
}

/** Largest distance of means and variances from the exact ones, in standard errors between 32 chains. */
function distance(kind: KernelKind, model: Model, theta: number[], sweeps: number): number {
  const exact = exactly(model, theta);
  const chains = 32;
  const p = theta.length;
  const kernel = kind.create(model, { chains, seed: 2026, stream: 0 });
  kernel.setParameters(theta);
  kernel.run(100, 100);
  const { moments, series } = kernel.run(sweeps, 1, true);
  const error = meanCovariance(moments);
  const values = series?.values ?? new Float64Array();
  const parts = Array.from(mean(moments), (value, a) => {
    const variance = exact.covariance[a * (p + 1)];
    // variances: spread of the chains' own mean squares about the exact mean
    const squares = new Float64Array(chains);
    for (let k = a; k < values.length; k += p) {
      squares[Math.floor(k / p) % chains] += (values[k] - exact.mean[a]) ** 2 / sweeps;
    }
    const middle = squares.reduce((x, y) => x + y) / chains;
    const spread = squares.reduce((x, y) => x + (y - middle) ** 2, 0) / (chains * (chains - 1));
    return [
      Math.abs(value - exact.mean[a]) / Math.sqrt(error[a * (p + 1)]),
      Math.abs(middle - variance) / Math.sqrt(spread),
    ];
  });
  expect(covariance(moments)).toHaveLength(p * p);
  return Math.max(...parts.flat());
}

function uniform(rows: number, cols: number, boundary: Boundary): Model {
  return uniformModel(lattice(rows, cols, boundary));
}

describe.each(kinds)('$name', (kind) => {
  it('measures what its spins say, on any shape and model', () => {
    fc.assert(
      fc.property(
        shapes,
        fc.constantFrom(uniformModel, anisotropicModel, zeroFieldModel),
        fc.nat(),
        (l, make, seed) => {
          const model = make(l);
          const kernel = kind.create(model, { chains: 2, seed, stream: 0 });
          kernel.setParameters(
            model.statistics.map(({ sites, weight }, a) =>
              sites.length > 0 ? 0.01 / weight : 0.4 - 0.2 * a,
            ),
          );
          const { series } = kernel.run(3, 3, true);
          for (let chain = 0; chain < 2; chain++) {
            evaluate(model, kernel.spins(chain)).forEach((value, a) => {
              expect(series?.values[model.statistics.length * chain + a]).toBeCloseTo(value, 12);
            });
          }
        },
      ),
      { numRuns: 40, seed: 1 },
    );
  });

  it.each(
    (['free', 'periodic'] as const).flatMap((boundary) =>
      [
        [0.3, 0.1],
        [0.44, 0],
        [1, 0],
        [1, 0.05],
        [0.1, 1.5],
        [0.4, -0.02],
        [-0.3, 0],
        [-0.6, 0],
        [-0.3, 0.2],
      ].map(([J, h]) => [boundary, J, h] as const),
    ),
  )(
    '4 × 4 %s at J = %f, h/n = %f: mean and variance within four standard errors',
    (boundary, J, h) => {
      expect(distance(kind, uniform(4, 4, boundary), [J, 16 * h], 4000)).toBeLessThan(4);
    },
  );

  it.each([
    // an odd torus, of either sign
    [5, 3, 'periodic', 0.35, 0.04],
    [5, 3, 'periodic', -0.35, 0.1],
    // against transfer matrices with a field
    [6, 12, 'free', 0.42, 0.01],
    [8, 8, 'periodic', 0.4, -0.02],
    // a ring and a chain
    [1, 40, 'periodic', 0.7, 0.03],
    [1, 40, 'free', -0.7, 0.03],
  ] as const)('%i × %i %s at J = %f, h/n = %f', (rows, cols, boundary, J, h) => {
    const model = uniform(rows, cols, boundary);
    expect(distance(kind, model, [J, h * rows * cols], 2000)).toBeLessThan(4);
  });

  it('48 × 48 torus at J = 0.44 against Kaufman', () => {
    const model = makeModel({ name: 'zero-field' }, lattice(48, 48, 'periodic'));
    expect(distance(kind, model, [0.44], 200)).toBeLessThan(4);
  });

  it('different couplings along rows and columns, of different sign', () => {
    const model = anisotropicModel(lattice(4, 6, 'periodic'));
    expect(distance(kind, model, [0.5, -0.2, 0.5], 3000)).toBeLessThan(4);
  });

  it('goes on bit for bit from a snapshot, and refuses a foreign one', () => {
    const model = uniform(9, 14, 'periodic');
    const kernel = kind.create(model, { chains: 3, seed: 5, stream: 0 });
    kernel.setParameters([0.44, 0.3]);
    kernel.run(7, 1);
    const snapshot = structuredClone(kernel.snapshot());
    const first = kernel.run(9, 2, true);
    const other = kind.create(model, { chains: 3, seed: 6, stream: 1 });
    other.restore(snapshot);
    expect(other.run(9, 2, true)).toEqual(first);
    const foreign = kind.create(uniform(9, 13, 'free'), { chains: 3, seed: 5, stream: 0 });
    expect(() => foreign.restore(snapshot)).toThrow('This snapshot was made by');
  });

  it('takes a configuration and gives it back', () => {
    const kernel = kind.create(uniform(5, 7, 'free'), { chains: 2, seed: 1, stream: 0 });
    const pattern = Int8Array.from({ length: 35 }, (_, k) => (k % 3 === 0 ? 1 : -1));
    kernel.setSpins(1, pattern);
    expect(kernel.spins(1)).toEqual(pattern);
  });
});

it.each([
  [5, 7, 'free'],
  [6, 4, 'periodic'],
  [5, 3, 'periodic'],
  [1, 8, 'periodic'],
  [4, 1, 'free'],
] as const)('equals its plain twin bit for bit on %i × %i, %s', (rows, cols, boundary) => {
  const l: Lattice = lattice(rows, cols, boundary);
  const options = { chains: 1, seed: 99, stream: 4 };
  const kernel = new ClusterKernel('twin', uniformModel(l), module, options, null);
  kernel.scatter();
  const twin = new ClusterTwin(l, 99, 4);
  expect(kernel.spins(0)).toEqual(twin.spins);
  for (const [J, perSite] of [
    [0.4, 0],
    [0.5, 0.02],
    [0.4, -0.01],
    [-0.4, 0],
    [-0.5, 0.3],
    [20, 0.1],
  ]) {
    const theta = [J, perSite * siteCount(l)];
    kernel.setParameters(theta);
    twin.setParameters(theta);
    for (let sweep = 0; sweep < 40; sweep++) {
      kernel.setUpdates({ wolff: 5, swendsenWang: 1 });
      kernel.sweep(0);
      twin.swendsenWang();
      for (let k = 0; k < 5; k++) twin.wolff();
      expect(kernel.spins(0)).toEqual(twin.spins);
    }
  }
});

it('decides ties as its twin does', () => {
  const l = lattice(9, 9, 'periodic');
  const options = { chains: 1, seed: 7, stream: 0 };
  const kernel = new ClusterKernel('twin', uniformModel(l), module, options, null);
  kernel.scatter();
  const twin = new ClusterTwin(l, 7, 0);
  kernel.setParameters([0.44, 0]);
  twin.setParameters([0.44, 0]);
  kernel.setUpdates({ wolff: 0, swendsenWang: 2000 });
  kernel.sweep(0);
  for (let k = 0; k < 2000; k++) twin.swendsenWang();
  expect(twin.ties).toBeGreaterThan(10);
  expect(kernel.spins(0)).toEqual(twin.spins);
});

describe('a broken kernel is caught', () => {
  const broken = async (right: string, wrong: string): Promise<KernelModule> =>
    compile(
      await compileKernel('cluster.ts', (source) => {
        expect(source).toContain(right);
        return source.replace(right, wrong);
      }),
    );

  it('whose bonds are active too rarely', async () => {
    const wrong = await broken('const p0 = threshold0;', 'const p0 = threshold0 * 19 / 20;');
    for (const kind of [wolff(wrong), swendsenWang(wrong)]) {
      expect(distance(kind, uniform(4, 4, 'free'), [0.44, 0], 4000)).toBeGreaterThan(8);
    }
  });

  it('that turns clusters over whatever the field', async () => {
    const wrong = await broken('if (exponent > most)', 'if (exponent > 2 * most)');
    expect(distance(wolff(wrong), uniform(4, 4, 'free'), [0.3, 1.6], 4000)).toBeGreaterThan(8);
    const other = await broken('exponent > 0 ? less', 'exponent < 0 ? less');
    expect(distance(swendsenWang(other), uniform(4, 4, 'free'), [0.3, 1.6], 4000)).toBeGreaterThan(
      8,
    );
  });

  it('that ends sweeps once enough sites have been visited', () => {
    // the number of clusters would depend on the state: the bias that a fixed number avoids
    const model = uniform(4, 4, 'free');
    const theta = [0.44, 0];
    const exact = exactly(model, theta);
    const kernel = new ClusterKernel('x', model, module, { chains: 1, seed: 1, stream: 0 }, null);
    kernel.scatter();
    kernel.setParameters(theta);
    kernel.setUpdates({ wolff: 1, swendsenWang: 0 });
    const values = new Float64Array(2);
    const batches = Array.from({ length: 32 }, () => {
      let sum = 0;
      for (let k = 0; k < 1000; k++) {
        for (let visited = 0; visited < 16; ) visited += kernel.sweep(0);
        kernel.measure(0, values);
        sum += values[0];
      }
      return sum / 1000;
    });
    const middle = batches.reduce((x, y) => x + y) / 32;
    const spread = batches.reduce((x, y) => x + (y - middle) ** 2, 0) / (32 * 31);
    expect(Math.abs(middle - exact.mean[0]) / Math.sqrt(spread)).toBeGreaterThan(8);
  });
});

it('is the file that the build wrote', async () => {
  const { readFileSync } = await import('node:fs');
  const built = readFileSync(new URL('../../dist/kernels/cluster.wasm', import.meta.url));
  expect(Buffer.compare(built, await compileKernel('cluster.ts'))).toBe(0);
});
