import { describe, expect, it } from 'vitest';
import { compileKernel } from '../../build/kernels.mjs';
import { chooseKernel } from '../../shared/kernels/choose.ts';
import { swendsenWang, wolff } from '../../shared/kernels/cluster.ts';
import { graphHeatBath } from '../../shared/kernels/graph-heat-bath.ts';
import { heatBathChains, heatBathLattice } from '../../shared/kernels/heat-bath.ts';
import { referenceHeatBath, referenceMetropolis } from '../../shared/kernels/reference.ts';
import { compile } from '../../shared/kernels/wasm.ts';
import type { Model, Statistic } from '../../shared/models/contract.ts';
import { UnsuitableError } from '../../shared/models/failures.ts';
import { enumeration } from '../../shared/models/lattice/exact/enumeration.ts';
import { type Boundary, lattice, siteCount } from '../../shared/models/lattice/lattice.ts';
import { makeModel } from '../../shared/models/registry.ts';
import { finish } from '../../shared/numerics/yielding.ts';
import { mean, meanCovariance } from '../../shared/sampling/moments.ts';
import { localSampler } from '../../shared/sampling/sampler.ts';

const modules = {
  heatBath: compile(await compileKernel('heat-bath.ts')),
  clusters: compile(await compileKernel('cluster.ts')),
};

/** A model that no kernel was made for: a star about site 0, a ring around it, and a field of its own for every site. */
function star(): Model {
  const l = lattice(2, 5, 'free');
  const n = siteCount(l);
  const pairs = (parameter: string, bonds: number[]): Statistic => ({
    parameter,
    structure: { kind: 'bonds' },
    bonds: Int32Array.from(bonds),
    sites: new Int32Array(0),
    siteWeights: null,
    weight: 0.5,
    extent: bonds.length / 4,
    sum: (spins) =>
      bonds.reduce((sum, site, k) => (k % 2 ? sum + spins[site] * spins[bonds[k - 1]] : sum), 0),
  });
  const weights = Float64Array.from({ length: n }, (_, k) => Math.sin(k + 1));
  const field: Statistic = {
    parameter: 'g',
    structure: { kind: 'site-field' },
    bonds: new Int32Array(0),
    sites: Int32Array.from({ length: n }, (_, k) => k),
    siteWeights: weights,
    weight: 1,
    extent: weights.reduce((sum, weight) => sum + Math.abs(weight), 0),
    sum: (spins) => weights.reduce((sum, weight, k) => sum + weight * spins[k], 0),
  };
  const spokes = Array.from({ length: n - 1 }, (_, k) => [0, k + 1]).flat();
  const ring = Array.from({ length: n - 1 }, (_, k) => [1 + k, 1 + ((k + 1) % (n - 1))]).flat();
  return {
    name: 'star',
    specification: { name: 'star' },
    lattice: l,
    statistics: [pairs('K', spokes), pairs('L', ring), field],
  };
}

/** Largest deviation of ⟨T⟩ from enumeration at `theta`, in standard errors, where chains run at `sampled`. */
function deviation(model: Model, theta: readonly number[], sampled = theta): number {
  const exact = finish(enumeration(model).evaluate(theta)).mean;
  const sampler = localSampler(graphHeatBath, model, 64, 3);
  sampler.setParameters(sampled);
  sampler.run(200, 200);
  const { moments } = sampler.run(1000, 2);
  const average = mean(moments);
  const spread = meanCovariance(moments);
  const p = theta.length;
  return Math.max(
    ...theta.map((_, a) => Math.abs(average[a] - exact[a]) / Math.sqrt(spread[a * p + a])),
  );
}

describe('a model that no fast kernel knows', () => {
  const kinds = [
    referenceHeatBath,
    referenceMetropolis,
    heatBathChains(modules.heatBath),
    heatBathLattice(modules.heatBath),
    wolff(modules.clusters),
    swendsenWang(modules.clusters),
  ];

  it.each(kinds)('is refused by $name', (kind) => {
    expect(kind.supports(star())).toBe(false);
    expect(() => localSampler(kind, star(), 4, 1)).toThrow(UnsuitableError);
    expect(() => kind.create(star(), { chains: kind.width, seed: 1, stream: 0 })).toThrow(
      UnsuitableError,
    );
  });

  it('is refused under the name of a model that they know', () => {
    const disguised = { ...star(), name: 'uniform', specification: { name: 'uniform' } };
    for (const kind of kinds) expect(kind.supports(disguised)).toBe(false);
  });

  it('is sampled right by the general kernel, which is chosen for it', () => {
    expect(chooseKernel(modules, star(), 32).supports(star())).toBe(true);
    expect(deviation(star(), [0.4, -0.3, 0.6])).toBeLessThan(4);
    // a control that must fail
    expect(deviation(star(), [0.4, -0.3, 0.6], [0.4, -0.27, 0.6])).toBeGreaterThan(4);
  });
});

describe('the general kernel', () => {
  it.each([
    [{ name: 'uniform', trend: 2 }, 4, 4, 'free', [0.3, 0.1, 0.2, -0.2, 0.1, 0.3, -0.1]],
    [{ name: 'zero-field', trend: 1 }, 3, 5, 'periodic', [-0.3, 0.2, 0.3, -0.4]],
    [{ name: 'anisotropic' }, 3, 4, 'periodic', [0.3, -0.2, 0.7]],
    [
      {
        name: 'neighbourhood',
        offsets: [
          [[0, 1]],
          [[1, 0]],
          [
            [1, 1],
            [1, -1],
          ],
        ],
      },
      ...([4, 4, 'periodic', [0.2, 0.25, -0.1, 0.5]] as const),
    ],
  ] as const)('samples %j on %i × %i, %s', (specification, rows, cols, edges, theta) => {
    const model = makeModel(specification, lattice(rows, cols, edges as Boundary));
    expect(deviation(model, theta)).toBeLessThan(4);
  });

  it('goes on bit for bit from a snapshot, and refuses what are no spins', () => {
    const options = { chains: 3, seed: 5, stream: 1 };
    const first = graphHeatBath.create(star(), options);
    first.setParameters([0.2, 0.1, -0.4]);
    first.run(5, 5);
    const snapshot = structuredClone(first.snapshot());
    const second = graphHeatBath.create(star(), { ...options, seed: 6 });
    second.restore(snapshot);
    expect(second.run(7, 1, true)).toEqual(first.run(7, 1, true));
    snapshot.state[2] = 0;
    expect(() => second.restore(snapshot)).toThrow();
  });
});
