import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileKernel } from '../../build/kernels.mjs';
import { enable } from '../../electron/node/threads/kernel-files.ts';
import { heatBathChains, heatBathLattice, rowBlocks } from '../../shared/kernels/heat-bath.ts';
import { compile } from '../../shared/kernels/wasm.ts';
import { evaluate } from '../../shared/models/contract.ts';
import { type Boundary, lattice, siteCount } from '../../shared/models/lattice/lattice.ts';
import { anisotropicModel, uniformModel } from '../../shared/models/registry.ts';
import type { Kernel, KernelKind } from '../../shared/sampling/kernel.ts';
import { covariance, mean, meanCovariance } from '../../shared/sampling/moments.ts';
import { enumerate } from './enumerate.ts';
import { scores } from './scores.ts';
import { Twin } from './twin.ts';

const module = compile(await compileKernel('heat-bath.ts'));
const chains = heatBathChains(module);
const relaxed = await compileKernel('heat-bath.ts', undefined, true);
if (!enable(relaxed)) throw new Error('This engine has no relaxed SIMD.');

const shapes = fc
  .tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 70 }), fc.boolean())
  .map(([rows, cols, periodic]) => {
    const side = (length: number) => (length === 2 ? 4 : length);
    if (rows * cols === 1) return lattice(5, 3, 'periodic');
    return periodic ? lattice(side(rows), side(cols), 'periodic') : lattice(rows, cols, 'free');
  });

/** Shapes that come in row blocks of all kinds. */
const tallShapes = fc
  .tuple(fc.integer({ min: 3, max: 140 }), fc.integer({ min: 3, max: 40 }), fc.boolean())
  .map(([rows, cols, periodic]) => lattice(rows, cols, periodic ? 'periodic' : 'free'));

/** Values, sums and products of what is measured, against the chains' spins. */
function expectMeasured(kernel: Kernel, theta: number[], scored: boolean): void {
  kernel.setParameters(theta);
  const p = theta.length;
  const { chains } = kernel;
  for (let t = 0; t < 3; t++) {
    const { series, moments } = kernel.run(2, 2, 'scores');
    const product = new Float64Array(p * p);
    for (let chain = 0; chain < chains; chain++) {
      const truth = evaluate(kernel.model, kernel.spins(chain));
      const score = scores(kernel.model, theta, kernel.spins(chain));
      if (scored) {
        for (let a = 0; a < p; a++) {
          expect(series?.scores?.[p * chain + a]).toBeCloseTo(score[a], 9);
        }
      } else expect(series?.scores).toBeUndefined();
      for (let a = 0; a < p; a++) {
        expect(series?.values[p * chain + a]).toBeCloseTo(truth[a], 12);
        expect(moments.chainSum[p * chain + a]).toBeCloseTo(truth[a], 12);
        for (let b = 0; b < p; b++) product[a * p + b] += truth[a] * truth[b];
      }
    }
    product.forEach((sum, k) => {
      expect(Math.abs(moments.product[k] - sum)).toBeLessThan(1e-12 * (1 + Math.abs(sum)));
    });
  }
}

describe('heat-bath kernels measure what their spins say', () => {
  it('many chains, any shape, any block height', () => {
    fc.assert(
      fc.property(shapes, fc.integer({ min: 1, max: 4 }), fc.nat(), (l, block, seed) => {
        const kind = heatBathChains(module, block);
        const kernel = kind.create(uniformModel(l), { chains: 32, seed, stream: 0 });
        expectMeasured(kernel, [0.3, 0.1 * siteCount(l)], true);
        const apart = kind.create(anisotropicModel(l), { chains: 32, seed, stream: 0 });
        expectMeasured(apart, [0.3, -0.2, 0.1 * siteCount(l)], false);
      }),
      { numRuns: 40, seed: 1 },
    );
  });

  it('one lattice, any shape, any block height', () => {
    fc.assert(
      fc.property(tallShapes, fc.integer({ min: 1, max: 9 }), fc.nat(), (l, block, seed) => {
        const kind = heatBathLattice(module, block);
        const kernel = kind.create(uniformModel(l), { chains: 1, seed, stream: 0 });
        expectMeasured(kernel, [0.4, 5], false);
        const apart = kind.create(anisotropicModel(l), { chains: 1, seed, stream: 0 });
        expectMeasured(apart, [0.3, -0.2, 5], false);
      }),
      { numRuns: 60, seed: 1 },
    );
  });

  // sums of 8, 16 and 32 bits are carried where they are full, and parts of rows are summed
  it.each([
    ['chains', 300, 300, 'periodic', 20],
    ['chains', 3, 20_001, 'free', 20],
    ['chains', 301, 99, 'periodic', -20],
    ['lattice', 67, 9000, 'free', 20],
    ['lattice', 1001, 999, 'periodic', 20],
  ] as const)(
    '%s of %i × %i, %s, nearly all spins alike',
    (layout, rows, cols, boundary, field) => {
      const kind = layout === 'chains' ? chains : heatBathLattice(module);
      const model = uniformModel(lattice(rows, cols, boundary));
      const kernel = kind.create(model, { chains: kind.width, seed: 3, stream: 0 });
      kernel.setParameters([0, field * rows * cols]);
      const { series } = kernel.run(1, 1, 'scores');
      for (const chain of [0, kernel.chains - 1]) {
        const truth = evaluate(model, kernel.spins(chain));
        if (layout === 'chains') {
          const score = scores(model, [0, field * rows * cols], kernel.spins(chain));
          expect(Math.abs((series?.scores?.[2 * chain] ?? Number.NaN) - score[0])).toBeLessThan(
            1e-6,
          );
        }
        expect(series?.values[2 * chain]).toBe(truth[0]);
        expect(series?.values[2 * chain + 1]).toBeCloseTo(truth[1], 12);
      }
    },
  );
});

describe.each([
  ['SIMD', module],
  ['relaxed SIMD', compile(relaxed)],
])('with %s equals its plain twin bit for bit', (_, module) => {
  const chains = heatBathChains(module);
  const couplings = [
    [0.3, 2],
    [-0.5, -1],
    // probabilities so near 1 that one update in 128 is drawn again
    [1, 0],
    [20, 0],
    [0.1, 60],
  ];

  it.each([
    [5, 7, 'free', 9],
    [6, 4, 'periodic', 9],
    [6, 4, 'periodic', 2],
    [1, 8, 'periodic', 9],
    [4, 1, 'free', 9],
    // an odd number of rows, of columns, of both goes round
    [5, 6, 'periodic', 9],
    [4, 7, 'periodic', 2],
    [5, 3, 'periodic', 9],
    [1, 9, 'periodic', 9],
    [7, 1, 'periodic', 9],
  ] as const)('many chains of %i × %i, %s, blocks of %i rows', (rows, cols, boundary, block) => {
    const l = lattice(rows, cols, boundary);
    const kind = heatBathChains(module, block);
    const kernel = kind.create(uniformModel(l), { chains: 32, seed: 99, stream: 4 });
    const twin = new Twin(l, 99, 4, null, block);
    for (const theta of couplings) {
      kernel.setParameters(theta);
      twin.setParameters(theta);
      kernel.run(20, 3);
      for (let k = 0; k < 20; k++) twin.sweep();
      for (let chain = 0; chain < 32; chain++) {
        expect(kernel.spins(chain)).toEqual(twin.spins[chain]);
      }
    }
    expect(twin.again).toBeGreaterThan(20);
  });

  it.each([
    [5, 7, 'free', null],
    [6, 4, 'periodic', null],
    [5, 3, 'periodic', null],
    [71, 5, 'free', 'blocks'],
    [71, 6, 'periodic', 'blocks'],
  ] as const)('two couplings on %i × %i, %s, %s', (rows, cols, boundary, layout) => {
    const l = lattice(rows, cols, boundary);
    const kind = layout ? heatBathLattice(module, 1) : chains;
    const kernel = kind.create(anisotropicModel(l), { chains: kind.width, seed: 99, stream: 4 });
    const twin = new Twin(l, 99, 4, layout && rowBlocks(l), layout ? 1 : rows);
    for (const theta of [
      [0.3, -0.5, 2],
      [1, 0.2, 0],
      [-0.1, 20, -1],
    ]) {
      kernel.setParameters(theta);
      twin.setParameters(theta);
      kernel.run(10, 3);
      for (let k = 0; k < 10; k++) twin.sweep();
      for (let chain = 0; chain < kernel.chains; chain++) {
        expect(kernel.spins(chain)).toEqual(twin.configuration(chain));
      }
    }
  });

  it.each([
    [64, 6, 'periodic', 9],
    [64, 5, 'free', 1],
    [12, 6, 'periodic', 9],
    [20, 7, 'free', 1],
    [88, 4, 'periodic', 1],
    // blocks that are not full: two, one, many rows fewer
    [66, 5, 'free', 9],
    [71, 5, 'free', 1],
    [130, 6, 'periodic', 9],
    [90, 7, 'periodic', 2],
    // an odd number of rows goes round, in blocks that leave three rows, one block, with odd columns
    [67, 6, 'periodic', 9],
    [71, 6, 'periodic', 1],
    [65, 4, 'periodic', 2],
    [5, 4, 'periodic', 9],
    [71, 3, 'periodic', 3],
    [9, 5, 'periodic', 1],
  ] as const)('one lattice of %i × %i, %s, blocks of %i rows', (rows, cols, boundary, block) => {
    const l = lattice(rows, cols, boundary);
    const kind = heatBathLattice(module, block);
    const kernel = kind.create(uniformModel(l), { chains: 1, seed: 99, stream: 4 });
    const twin = new Twin(l, 99, 4, rowBlocks(l), block);
    for (const theta of couplings) {
      kernel.setParameters(theta);
      twin.setParameters(theta);
      kernel.run(10, 3);
      for (let k = 0; k < 10; k++) twin.sweep();
      expect(kernel.spins(0)).toEqual(twin.configuration(0));
    }
  });
});

it('goes on bit for bit from a snapshot, and refuses a foreign one', () => {
  for (const [kind, rows] of [
    [chains, 6],
    [chains, 5],
    [heatBathLattice(module), 64],
  ] as const) {
    const model = uniformModel(lattice(rows, 6, 'periodic'));
    const kernel = kind.create(model, { chains: kind.width, seed: 5, stream: 0 });
    kernel.setParameters([0.2, 3]);
    kernel.run(7, 1);
    const snapshot = structuredClone(kernel.snapshot());
    const first = kernel.run(9, 2, true);
    const other = kind.create(model, { chains: kind.width, seed: 6, stream: 1 });
    other.restore(snapshot);
    expect(other.run(9, 2, true)).toEqual(first);
    expect(other.snapshot()).toEqual(kernel.snapshot());
    const smaller = uniformModel(lattice(rows, 4, 'periodic'));
    const foreign = kind.create(smaller, { chains: kind.width, seed: 5, stream: 0 });
    expect(() => foreign.restore(snapshot)).toThrow('This snapshot was made by');
  }
});

it('takes a configuration and gives it back', () => {
  const l = lattice(4, 6, 'periodic');
  const kernel = chains.create(uniformModel(l), { chains: 32, seed: 1, stream: 0 });
  const pattern = Int8Array.from({ length: 24 }, (_, k) => (k % 5 === 0 ? 1 : -1));
  kernel.setSpins(7, pattern);
  expect(kernel.spins(7)).toEqual(pattern);
});

/** Largest distance from the exact moments, in standard errors from the spread between kernels' chains. */
function distance(
  kind: KernelKind,
  rows: number,
  cols: number,
  boundary: Boundary,
  theta: number[],
  sweeps: number,
): number {
  const model = uniformModel(lattice(rows, cols, boundary));
  const exact = enumerate(model, theta);
  const kernel = kind.create(model, { chains: kind.width, seed: 2026, stream: 0 });
  kernel.setParameters(theta);
  kernel.run(200, 200);
  const { moments, series } = kernel.run(sweeps, 2, true);
  const error = meanCovariance(moments);
  const average = mean(moments);
  const parts = [0, 1].map((a) => Math.abs(average[a] - exact.mean[a]) / Math.sqrt(error[3 * a]));
  // variances: spread of the chains' own mean squares about the exact mean
  const values = series?.values ?? new Float64Array();
  for (const a of [0, 1]) {
    const squares = Array.from({ length: kind.width }, () => 0);
    for (let k = a; k < values.length; k += 2) {
      squares[Math.floor(k / 2) % kind.width] += (values[k] - exact.mean[a]) ** 2;
    }
    const each = squares.map((sum) => sum / moments.measurements);
    const middle = each.reduce((x, y) => x + y) / each.length;
    const spread =
      each.reduce((x, y) => x + (y - middle) ** 2, 0) / (each.length * (each.length - 1));
    parts.push(Math.abs(middle - exact.covariance[3 * a]) / Math.sqrt(spread));
  }
  expect(covariance(moments)).toHaveLength(4);
  return Math.max(...parts);
}

describe('heat-bath kernels sample the model', () => {
  it.each(
    (['free', 'periodic'] as const).flatMap((boundary) =>
      [
        [0.3, 0.1],
        [-0.3, 0.2],
        [0.44, 0],
        // with less field the two phases hold each other off for longer than any test
        [1, 1.5],
        [1, -1.5],
        [-1, 2.5],
        [-1, 0.1],
        [0.1, 1.5],
      ].map(([j, h]) => [boundary, j, h] as const),
    ),
  )(
    '4 × 4 %s at J = %f, h/n = %f: mean and variance within four standard errors',
    (boundary, j, h) => {
      expect(distance(chains, 4, 4, boundary, [j, 16 * h], 40_000)).toBeLessThan(4);
    },
  );

  // chains that start at random stay in the wrong phase for longer than any test
  it.each(['free', 'periodic'] as const)(
    'the upper phase of 4 × 4 %s at J = 1, h/n = 0.3',
    (boundary) => {
      const theta = [1, 16 * 0.3];
      const model = uniformModel(lattice(4, 4, boundary));
      const kernel = chains.create(model, { chains: 32, seed: 2026, stream: 0 });
      for (let chain = 0; chain < 32; chain++) kernel.setSpins(chain, new Int8Array(16).fill(1));
      kernel.setParameters(theta);
      kernel.run(200, 200);
      const { moments } = kernel.run(40_000, 2);
      const error = meanCovariance(moments);
      const distances = (exact: ReturnType<typeof enumerate>) =>
        [0, 1].map((a) => Math.abs(mean(moments)[a] - exact.mean[a]) / Math.sqrt(error[3 * a]));
      expect(Math.max(...distances(enumerate(model, theta, 0)))).toBeLessThan(4);
      // control: a coupling that is wrong by a twentieth
      expect(Math.max(...distances(enumerate(model, [1.05, theta[1]], 0)))).toBeGreaterThan(8);
    },
  );

  it('the layout of one lattice, in one block of rows', () => {
    // one lane alone: 32 of them would need 64 rows
    const single = heatBathLattice(module);
    const model = uniformModel(lattice(4, 4, 'free'));
    const exact = enumerate(model, [0.3, 1.6]);
    const means = Array.from({ length: 40 }, (_, stream) => {
      const kernel = single.create(model, { chains: 1, seed: 8, stream });
      kernel.setParameters([0.3, 1.6]);
      kernel.run(100, 100);
      return mean(kernel.run(4000, 1).moments);
    });
    for (const a of [0, 1]) {
      const middle = means.reduce((x, y) => x + y[a], 0) / 40;
      const spread = means.reduce((x, y) => x + (y[a] - middle) ** 2, 0) / (40 * 39);
      expect(Math.abs(middle - exact.mean[a]) / Math.sqrt(spread)).toBeLessThan(4);
    }
  });

  it.each([
    [5, 3, 0.35, 0.04],
    [3, 4, -0.35, 0.1],
    [4, 5, 0.44, 0],
    [1, 9, -0.6, 0.1],
    [3, 3, 1, 0.05],
  ] as const)('the odd torus %i × %i at J = %f, h/n = %f', (rows, cols, j, h) => {
    expect(distance(chains, rows, cols, 'periodic', [j, rows * cols * h], 20_000)).toBeLessThan(4);
  });

  it('and a kernel that does not draw a second time is caught', async () => {
    const broken = compile(
      await compileKernel('heat-bath.ts', (source) => source.replace('store<u8>(at, spin);', '')),
    );
    expect(distance(heatBathChains(broken), 4, 4, 'free', [0.3, 1.6], 40_000)).toBeGreaterThan(8);
  });

  it('with chains that know nothing of each other', () => {
    const kernel = chains.create(uniformModel(lattice(8, 8, 'periodic')), {
      chains: 32,
      seed: 12,
      stream: 0,
    });
    kernel.setParameters([0.2, 0]);
    kernel.run(100, 100);
    const { series } = kernel.run(40_000, 10, true);
    const values = series?.values ?? new Float64Array();
    const rounds = values.length / 64;
    // correlation of B between every two chains: 496 of them, each of standard deviation 1/√rounds
    const column = (chain: number) =>
      Array.from({ length: rounds }, (_, t) => values[64 * t + 2 * chain]);
    const scaled = Array.from({ length: 32 }, (_, chain) => {
      const x = column(chain);
      const middle = x.reduce((p, q) => p + q) / rounds;
      const size = Math.sqrt(x.reduce((p, q) => p + (q - middle) ** 2, 0));
      return x.map((value) => (value - middle) / size);
    });
    for (let c = 0; c < 32; c++) {
      for (let d = 0; d < c; d++) {
        const r = scaled[c].reduce((sum, x, t) => sum + x * scaled[d][t], 0);
        expect(Math.abs(r)).toBeLessThan(5 / Math.sqrt(rounds));
      }
    }
  });
});

it('is the files that the build wrote', async () => {
  const built = (name: string) =>
    readFileSync(new URL(`../../dist/kernels/${name}.wasm`, import.meta.url));
  expect(Buffer.compare(built('heat-bath'), await compileKernel('heat-bath.ts'))).toBe(0);
  expect(Buffer.compare(built('heat-bath-relaxed'), relaxed)).toBe(0);
});
