import { describe, expect, it } from 'vitest';
import type { Model } from '../../../shared/models/contract.ts';
import { type Boundary, lattice, siteCount } from '../../../shared/models/lattice/lattice.ts';
import { anisotropicModel, uniformModel } from '../../../shared/models/registry.ts';
import { finish } from '../../../shared/numerics/yielding.ts';
import { bondCoupling } from '../../../shared/sampling/drawing/bond-coupling.ts';
import { type Coupling, exactDraws } from '../../../shared/sampling/drawing/coupling.ts';
import { couplingsOf } from '../../../shared/sampling/drawing/lattice-model.ts';
import { spinCoupling } from '../../../shared/sampling/drawing/spin-coupling.ts';
import { chiSquareDeviation, probabilities, states } from './distribution.ts';

/** Standard deviations of χ² that a right sampler stays below. */
const most = 4;

const makers = { spins: spinCoupling, 'random clusters': bondCoupling };

function coupling(name: keyof typeof makers, model: Model, theta: readonly number[]): Coupling {
  const made = makers[name](couplingsOf(model, theta), 3, 1);
  if (made === null) throw new Error(`${name} cannot draw this.`);
  return made;
}

function drawn(one: Coupling, block: number, count: number, n: number): Int8Array {
  const spins = new Int8Array(count * n);
  finish(exactDraws(one, block, count, (s, k) => spins.set(s, k * n)));
  return spins;
}

type Case = readonly [keyof typeof makers, number, number, Boundary, number, number, number];

/** Coupling, rows, columns, edges, J, field per site, sweeps of a block. */
const cases: Case[] = [
  ['spins', 3, 3, 'free', 0.44, 0, 10],
  ['spins', 3, 3, 'free', 0.3, -0.2, 8],
  ['spins', 3, 3, 'free', -0.6, 0.2, 16],
  ['spins', 3, 3, 'periodic', -0.2, 0.3, 12],
  ['spins', 4, 4, 'periodic', 0.3, 0.1, 12],
  ['random clusters', 3, 3, 'free', 0.44, 0, 3],
  ['random clusters', 3, 3, 'periodic', 0.6, 0, 3],
  ['random clusters', 3, 3, 'periodic', 0.3, 0.1, 4],
  ['random clusters', 3, 3, 'free', 1, -0.05, 3],
  ['random clusters', 3, 3, 'free', -0.6, 0, 3],
  ['random clusters', 4, 4, 'periodic', 0.5, 0, 4],
  ['random clusters', 4, 4, 'periodic', -0.44, 0, 4],
  ['random clusters', 4, 4, 'free', 0.44, 0.03, 4],
  ['random clusters', 1, 9, 'periodic', 0.7, 0.1, 4],
];

describe('coupling from the past', () => {
  it.each(cases)(
    'by %s draws every state of %i × %i, %s, with its probability at J = %f, h/n = %f',
    (name, rows, cols, boundary, J, field, block) => {
      const model = uniformModel(lattice(rows, cols, boundary));
      const n = siteCount(model.lattice);
      const theta = [J, field * n];
      const spins = drawn(coupling(name, model, theta), block, 20_000, n);
      const deviation = chiSquareDeviation(
        states(spins, model.lattice),
        probabilities(model, theta),
      );
      expect(Math.abs(deviation)).toBeLessThan(most);
    },
  );

  it.each(['spins', 'random clusters'] as const)('by %s serves two couplings', (name) => {
    const model = anisotropicModel(lattice(3, 4, 'free'));
    const theta = [0.5, -0.3, 0];
    const spins = drawn(coupling(name, model, theta), 8, 20_000, 12);
    const found = states(spins, model.lattice);
    expect(Math.abs(chiSquareDeviation(found, probabilities(model, theta)))).toBeLessThan(most);
    // the control: the couplings exchanged
    expect(chiSquareDeviation(found, probabilities(model, [-0.3, 0.5, 0]))).toBeGreaterThan(20);
  });

  it('is told from another coupling', () => {
    const model = uniformModel(lattice(3, 3, 'free'));
    const one = coupling('spins', model, [0.44, 0]);
    const right = states(drawn(one, 10, 20_000, 9), model.lattice);
    expect(chiSquareDeviation(right, probabilities(model, [0.47, 0]))).toBeGreaterThan(2 * most);
  });

  it('has no random clusters where bonds are frustrated or a field breaks the alternation', () => {
    const of = (rows: number, boundary: Boundary, J: number, h: number) => {
      const model = uniformModel(lattice(rows, 4, boundary));
      return bondCoupling(couplingsOf(model, [J, h]), 1, 1);
    };
    expect(of(5, 'periodic', -0.3, 0)).toBeNull();
    expect(of(4, 'free', -0.3, 0.1)).toBeNull();
    expect(of(5, 'free', -0.3, 0)).not.toBeNull();
    expect(of(5, 'periodic', 0.3, 0.1)).not.toBeNull();
  });
});
