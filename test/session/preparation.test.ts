import { expect, it } from 'vitest';
import { momentsOf } from '../../shared/session/preparation.ts';

it('gives b and m of every image, and their means', () => {
  // all up; a checkerboard; one down
  const spins = Int8Array.of(1, 1, 1, 1, 1, -1, -1, 1, 1, 1, 1, -1);
  const { moments, bondMean, magnetization } = momentsOf(
    { rows: 2, cols: 2, images: 3, spins },
    'free',
  );
  expect([...moments]).toEqual([1, 1, -1, 0, 0, 0.5]);
  expect([bondMean, magnetization]).toEqual([0, 0.5]);
});
