import { describe, expect, it } from 'vitest';
import { compileKernel } from '../../build/kernels.mjs';
import { heatBathChains, heatBathLattice } from '../../shared/kernels/heat-bath.ts';
import { mixed } from '../../shared/kernels/mixture.ts';
import { referenceHeatBath } from '../../shared/kernels/reference.ts';
import { compile } from '../../shared/kernels/wasm.ts';
import { evaluate, type Model } from '../../shared/models/contract.ts';
import { lattice } from '../../shared/models/lattice/lattice.ts';
import { uniformModel } from '../../shared/models/registry.ts';
import type { Kernel, KernelKind, Updates } from '../../shared/sampling/kernel.ts';
import { mean, meanCovariance } from '../../shared/sampling/moments.ts';
import { enumerate } from './enumerate.ts';

const module = compile(await compileKernel('heat-bath.ts'));
const clusters = compile(await compileKernel('cluster.ts'));
const chains = mixed(heatBathChains(module), clusters);
const mixtures: Updates[] = [
  { heatBath: 2, swendsenWang: 0, wolff: 3 },
  { heatBath: 1, swendsenWang: 1, wolff: 0 },
];

function create(kind: KernelKind, model: Model, updates: Updates): Kernel {
  const kernel = kind.create(model, { chains: kind.width, seed: 4, stream: 0 });
  kernel.mixture?.setUpdates(updates);
  return kernel;
}

describe('heat-bath mixed with cluster updates', () => {
  it.each(
    mixtures.flatMap(
      (updates) =>
        [
          [updates, 0.3, 0.1],
          [updates, 0.44, 0],
        ] as const,
    ),
  )('samples the model by %o at J = %f, h/n = %f', (updates, J, h) => {
    const model = uniformModel(lattice(4, 4, 'periodic'));
    const exact = enumerate(model, [J, 16 * h]);
    const kernel = create(chains, model, updates);
    kernel.setParameters([J, 16 * h]);
    kernel.run(50, 50);
    const { moments } = kernel.run(2000, 1);
    const error = meanCovariance(moments);
    mean(moments).forEach((value, a) => {
      expect(Math.abs(value - exact.mean[a]) / Math.sqrt(error[3 * a])).toBeLessThan(4);
    });
  });

  it.each([
    [chains, 6],
    [mixed(heatBathLattice(module), clusters), 64],
    [mixed(referenceHeatBath, clusters), 5],
  ] as const)(
    '$0.name measures what its spins say, and takes spins wherever they are',
    (kind, rows) => {
      const model = uniformModel(lattice(rows, 6, 'free'));
      const kernel = create(kind, model, mixtures[0]);
      kernel.setParameters([0.4, 1]);
      const { series, visited } = kernel.run(4, 2, true);
      expect(visited).toBeGreaterThan(4 * kernel.chains);
      const last = kernel.chains - 1;
      const truth = evaluate(model, kernel.spins(last));
      expect(series?.values.at(-2)).toBe(truth[0]);
      expect(series?.values.at(-1)).toBeCloseTo(truth[1], 12);
      const pattern = Int8Array.from({ length: rows * 6 }, (_, k) => (k % 4 === 0 ? 1 : -1));
      kernel.setSpins(last, pattern);
      kernel.mixture?.setUpdates({ heatBath: 1, swendsenWang: 0, wolff: 0 });
      expect(kernel.spins(last)).toEqual(pattern);
      kernel.run(0, 1);
      expect(kernel.spins(last)).toEqual(pattern);
    },
  );

  it('is heat-bath alone until told otherwise, bit for bit', () => {
    const model = uniformModel(lattice(6, 8, 'periodic'));
    const options = { chains: 32, seed: 3, stream: 2 };
    const plain = heatBathChains(module).create(model, options);
    const kernel = chains.create(model, options);
    for (const one of [plain, kernel]) one.setParameters([0.4, 1]);
    expect(kernel.run(9, 2, true)).toEqual(plain.run(9, 2, true));
  });

  it.each([mixtures[0], { heatBath: 0, swendsenWang: 0, wolff: 2 }])(
    'goes on bit for bit from a snapshot at %o, and back to heat-bath',
    (updates) => {
      const model = uniformModel(lattice(6, 6, 'periodic'));
      const kernel = create(chains, model, updates);
      kernel.setParameters([0.44, 0.5]);
      kernel.run(3, 1);
      const snapshot = structuredClone(kernel.snapshot());
      const other = chains.create(model, { chains: 32, seed: 9, stream: 5 });
      other.restore(snapshot);
      expect(other.run(5, 2, true)).toEqual(kernel.run(5, 2, true));
      for (const one of [kernel, other]) {
        one.mixture?.setUpdates({ heatBath: 1, swendsenWang: 0, wolff: 0 });
        one.setParameters([0.3, 0]);
      }
      expect(other.run(5, 1, true)).toEqual(kernel.run(5, 1, true));
      expect(other.snapshot()).toEqual(kernel.snapshot());
      const foreign = chains.create(uniformModel(lattice(6, 4, 'periodic')), {
        chains: 32,
        seed: 1,
        stream: 0,
      });
      expect(() => foreign.restore(snapshot)).toThrow('This snapshot was made by');
    },
  );
});
