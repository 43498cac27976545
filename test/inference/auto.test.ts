import { describe, expect, it } from 'vitest';
import { chooseEstimator } from '../../shared/inference/auto.ts';
import { pose } from '../../shared/inference/start.ts';
import type { Boundary } from '../../shared/models/lattice/lattice.ts';
import type { ModelName } from '../../shared/models/registry.ts';
import { fitOptions } from './synthetic.ts';

function choice(rows: number, cols: number, boundary: Boundary, name: ModelName = 'uniform') {
  const data = { rows, cols, images: 1, spins: new Int8Array(rows * cols).fill(1) };
  const options = fitOptions({ boundary, model: { name }, method: 'auto' });
  const { estimator, reason } = chooseEstimator(pose(data, options), options);
  return `${estimator.name}: ${reason}`;
}

describe('auto', () => {
  it('is exact where that takes less than a second, and says by what and how long', () => {
    expect(choice(16, 16, 'free')).toBe(
      'exact: transfer matrix, 16 rows of 2^16 states, about 0.2 s.',
    );
    expect(choice(500, 8, 'free')).toMatch(
      /^exact: transfer matrix, 500 rows of 2\^8 states, less/,
    );
    expect(choice(1, 400, 'periodic')).toMatch(/^exact: closed form of a ring of 400 spins/);
    expect(choice(4, 4, 'periodic')).toMatch(/^exact: /);
    expect(choice(256, 255, 'periodic', 'zero-field')).toMatch(/^exact: Kaufman's formula/);
  });

  it('is mle elsewhere, and says what exact methods lack', () => {
    expect(choice(20, 20, 'free')).toBe(
      'mle: Exactly (transfer matrix, 20 rows of 2^20 states) it would take about 5 s, not a second.',
    );
    expect(choice(32, 32, 'periodic')).toMatch(
      /^mle: No exact method applies: .* shorter side of 14, and this lattice is 32 × 32\.$/,
    );
    expect(choice(14, 14, 'periodic')).toMatch(/^mle: .* would take about 30 s, not a second/);
  });

  it('takes a method that is named, without a reason', () => {
    const data = { rows: 4, cols: 4, images: 1, spins: new Int8Array(16).fill(1) };
    const options = fitOptions({ method: 'gradient' });
    const { estimator, reason } = chooseEstimator(pose(data, options), options);
    expect([estimator.name, reason]).toEqual(['gradient', null]);
  });
});
