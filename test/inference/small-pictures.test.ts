import { describe, expect, it } from 'vitest';
import { separation } from '../../shared/inference/existence/separation.ts';
import type { Method } from '../../shared/inference/options.ts';
import { startFit } from '../../shared/inference/start.ts';
import { evaluate, type Model } from '../../shared/models/contract.ts';
import { plainColumns } from '../../shared/models/lattice/exact/columns.ts';
import { visitConfigurations } from '../../shared/models/lattice/exact/enumeration.ts';
import { type Boundary, lattice, siteCount } from '../../shared/models/lattice/lattice.ts';
import { makeModel } from '../../shared/models/registry.ts';
import { finish } from '../../shared/numerics/yielding.ts';
import { isSeparable } from './cone.ts';
import { fitOptions, referenceSamplers } from './synthetic.ts';

/** The statistics of a picture in integers: sums over bonds and over sites. */
function integers(model: Model, values: ArrayLike<number>): number[] {
  return model.statistics.map(({ weight }, a) => Math.round(values[a] / weight));
}

function fitted(model: Model, spins: Int8Array, method: Method) {
  const { rows, cols, boundary } = model.lattice;
  const options = fitOptions({ method, boundary, model: model.specification });
  const loops = { samplers: referenceSamplers, columns: plainColumns };
  const run = startFit({ rows, cols, images: 1, spins }, options, loops);
  while (!run.advance());
  return run.estimate();
}

/** One picture for every value that the statistics take. */
function* pictures(model: Model): Generator<[number[], Int8Array]> {
  const n = siteCount(model.lattice);
  const seen = new Set<string>();
  for (let bits = 0; bits < 2 ** n; bits++) {
    const spins = Int8Array.from({ length: n }, (_, k) => ((bits >> k) & 1 ? 1 : -1));
    const values = integers(model, evaluate(model, spins));
    if (seen.has(values.join())) continue;
    seen.add(values.join());
    yield [values, spins];
  }
}

describe.each([
  ['uniform', 3, 4, 'free'],
  ['uniform', 3, 4, 'periodic'],
  ['zero-field', 3, 4, 'free'],
  ['zero-field', 3, 3, 'periodic'],
  ['anisotropic', 3, 3, 'free'],
  ['anisotropic', 3, 3, 'periodic'],
] as const)('%s on %i × %i, %s', (name, rows, cols, boundary: Boundary) => {
  const model = makeModel({ name: name }, lattice(rows, cols, boundary));

  it('has an exact estimate of a picture exactly where it lies inside the hull', () => {
    const all = new Map<string, number[]>();
    finish(
      visitConfigurations(model, (values) => {
        const point = integers(model, values);
        all.set(point.join(), point);
      }),
    );
    let [inside, outside] = [0, 0];
    for (const [point, spins] of pictures(model)) {
      const vectors = [...all.values()].map((other) => point.map((value, a) => value - other[a]));
      const exists = separation(vectors, point.length) === null;
      const estimate = fitted(model, spins, 'exact');
      expect(estimate.exists, point.join()).toBe(exists);
      expect(estimate.converged, point.join()).toBe(exists);
      if (exists) inside++;
      else outside++;
    }
    expect(Math.min(inside, outside)).toBeGreaterThan(0);
  });

  it('has a pseudolikelihood estimate of a picture exactly where no direction separates it', () => {
    const n = siteCount(model.lattice);
    let [inside, outside] = [0, 0];
    for (const [, spins] of pictures(model)) {
      // what a flip of one spin takes off the statistics: 2 s_k ∂H_k/∂θ
      const before = integers(model, evaluate(model, spins));
      const vectors = Array.from({ length: n }, (_, k) => {
        const flipped = spins.map((spin, l) => (l === k ? -spin : spin));
        const after = integers(model, evaluate(model, flipped));
        return before.map((value, a) => value - after[a]);
      });
      const exists = !isSeparable(vectors, before.length);
      const estimate = fitted(model, spins, 'pseudolikelihood');
      expect(estimate.exists, before.join()).toBe(exists);
      expect(estimate.converged, before.join()).toBe(exists);
      if (exists) inside++;
      else outside++;
    }
    expect(outside).toBeGreaterThan(0);
    if (name === 'uniform' && boundary === 'free') expect(inside).toBeGreaterThan(0);
  });
});
