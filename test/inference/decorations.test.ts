import { describe, expect, it } from 'vitest';
import type { FitOptions } from '../../shared/inference/options.ts';
import { startFit } from '../../shared/inference/start.ts';
import { plainColumns } from '../../shared/models/lattice/exact/columns.ts';
import { draw, fitOptions, referenceSamplers } from './synthetic.ts';

/** A fit of images of 8 × 8 at J = 0.2 in a field of 0.8 a site, where most bonds and spins are alike, to its end. */
function fitted(images: number, seed: number, changes: Partial<FitOptions>) {
  const data = draw({ rows: 8, cols: 8, boundary: 'free' }, 0.2, 0.8, images, seed);
  const loops = { samplers: referenceSamplers, columns: plainColumns };
  const run = startFit(data, fitOptions({ method: 'exact', seed: 1, ...changes }), loops);
  while (!run.advance());
  return run.estimate();
}

describe('what decorates a fit', () => {
  it.each(['anisotropic', 'uniform'] as const)(
    'never ends it: replicates of the %s model that run away are counted',
    (name) => {
      const found = [0, 1].map((seed) => fitted(8, seed, { model: { name } }));
      expect(found.every(({ converged }) => converged)).toBe(true);
      const without = found.map(({ bootstrap }) => bootstrap?.without ?? 0);
      // a replicate left out, and a bootstrap that is not given, are both said
      expect(without.some((number) => number > 0)).toBe(true);
      for (const { bootstrap, warnings } of found) {
        expect(bootstrap !== undefined || warnings.length > 0).toBe(true);
      }
    },
  );

  it('never ends a fit of one picture, whose profile reaches far', () => {
    for (let seed = 0; seed < 3; seed++) expect(fitted(1, seed, {}).converged).toBe(true);
  });
});
