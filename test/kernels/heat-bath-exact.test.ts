import { describe, expect, it } from 'vitest';
import { compileKernel } from '../../build/kernels.mjs';
import { heatBathChains, heatBathLattice } from '../../shared/kernels/heat-bath.ts';
import { compile } from '../../shared/kernels/wasm.ts';
import type { Model } from '../../shared/models/contract.ts';
import { exactMethodFor } from '../../shared/models/lattice/exact/choose.ts';
import { type Boundary, lattice, siteCount } from '../../shared/models/lattice/lattice.ts';
import { anisotropicModel, makeModel, uniformModel } from '../../shared/models/registry.ts';
import { finish } from '../../shared/numerics/yielding.ts';
import { mean } from '../../shared/sampling/moments.ts';

const module = compile(await compileKernel('heat-bath.ts'));

/**
 * Chains that are compared: as many kernels of one lattice, or lanes of some kernels. With 32 the spread itself is
 * so uncertain that one in 12 sets of these comparisons would go beyond four standard errors by chance.
 */
const chains = 128;

/** Means of T and of (T − ⟨T⟩)² about the exact ones, in standard errors from the spread between chains. */
function distance(
  model: Model,
  theta: number[],
  layout: 'lattice' | 'chains',
  sweeps: number,
  truth = theta,
): number {
  const exact = exactMethodFor(model);
  if (!exact) throw new Error('This lattice is too large to be known exactly.');
  const { mean: centre, covariance } = finish(exact.evaluate(truth));
  const p = theta.length;
  const kind = layout === 'lattice' ? heatBathLattice(module) : heatBathChains(module);
  // one row a chain: means of T, then of squares
  const rows: number[][] = [];
  for (let stream = 0; rows.length < chains; stream++) {
    const kernel = kind.create(model, { chains: kind.width, seed: 2026, stream });
    kernel.setParameters(theta);
    kernel.run(300, 300);
    const { moments, series } = kernel.run(sweeps, 2, true);
    const values = series?.values ?? new Float64Array();
    for (let c = 0; c < kind.width; c++) {
      const squares = centre.map((middle, a) => {
        let sum = 0;
        for (let k = c * p + a; k < values.length; k += kind.width * p) {
          sum += (values[k] - middle) ** 2;
        }
        return sum / moments.measurements;
      });
      const own = { ...moments, chains: 1, chainSum: moments.chainSum.slice(c * p, (c + 1) * p) };
      rows.push([...mean(own), ...squares]);
    }
  }
  const expected = [...centre, ...centre.map((_, a) => covariance[a * (p + 1)])];
  const distances = expected.map((value, k) => {
    const middle = rows.reduce((sum, row) => sum + row[k], 0) / chains;
    const spread = rows.reduce((sum, row) => sum + (row[k] - middle) ** 2, 0);
    return Math.abs(middle - value) / Math.sqrt(spread / (chains * (chains - 1)));
  });
  return Math.max(...distances);
}

const shapes: readonly (readonly [number, number, Boundary])[] = [
  [4, 4, 'free'],
  [4, 4, 'periodic'],
  [7, 4, 'free'],
  // two blocks short of a full lane each, then few rows in the last block
  [62, 7, 'free'],
  [66, 5, 'free'],
  [66, 6, 'periodic'],
  // an odd number of rows, of columns, of both goes round
  [5, 4, 'periodic'],
  [71, 6, 'periodic'],
  [6, 5, 'periodic'],
  [67, 5, 'periodic'],
];

describe('one lattice in row blocks of any height samples the model', () => {
  it.each(shapes)('%i × %i %s', (rows, cols, boundary) => {
    const model = uniformModel(lattice(rows, cols, boundary));
    for (const [j, perSite] of [
      [0.3, 0.1],
      [-0.3, 0.2],
      [0.44, 0],
      [1, 1.5],
      [-1, 6],
      [0.1, -1.5],
    ]) {
      const theta = [j, perSite * rows * cols];
      expect(distance(model, theta, 'lattice', 900), `J = ${j}, h/n = ${perSite}`).toBeLessThan(4);
    }
  });

  it.each([
    [66, 20, 0.4],
    [67, 21, 0.4],
    [67, 20, -0.4],
  ])('%i × %i torus at J = %f against Kaufman', (rows, cols, j) => {
    const model = makeModel({ name: 'zero-field' }, lattice(rows, cols, 'periodic'));
    expect(distance(model, [j], 'lattice', 600)).toBeLessThan(4);
    // control: a coupling that is wrong by a hundredth
    expect(distance(model, [j], 'lattice', 600, [1.01 * j])).toBeGreaterThan(8);
  });
});

describe('two couplings', () => {
  it.each([
    [4, 4, 'free', 'chains'],
    [4, 4, 'periodic', 'chains'],
    [5, 3, 'periodic', 'chains'],
    [3, 6, 'free', 'lattice'],
    [66, 5, 'free', 'lattice'],
    [67, 4, 'periodic', 'lattice'],
  ] as const)('%i × %i %s, %s', (rows, cols, boundary, layout) => {
    const model = anisotropicModel(lattice(rows, cols, boundary));
    for (const [x, y, perSite] of [
      [0.3, 0.1, 0.1],
      [-0.3, 0.4, 0.2],
      [0.6, 0.3, 0],
      [1, -0.2, 1.5],
      [-0.5, -1, 4],
    ]) {
      const theta = [x, y, perSite * siteCount(model.lattice)];
      expect(distance(model, theta, layout, 600), theta.join(', ')).toBeLessThan(4);
    }
    // control: the two couplings exchanged
    const theta = [0.3, 0.1, 0.1 * siteCount(model.lattice)];
    const wrong = [0.1, 0.3, theta[2]];
    expect(distance(model, theta, layout, 600, wrong)).toBeGreaterThan(8);
  });
});
