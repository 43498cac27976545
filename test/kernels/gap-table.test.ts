import { expect, it } from 'vitest';
import { gapTable, longestGap } from '../../shared/kernels/gap-table.ts';

/** Of 2³² random words those that the table turns into each gap. */
function words(table: Uint32Array): Float64Array {
  const counts = new Float64Array(table.length);
  table.forEach((entry, cell) => {
    const bound = Math.floor(entry / 1024);
    counts[cell] += bound;
    counts[entry % 1024] += 2 ** 22 - bound;
  });
  return counts;
}

it.each([1 / 256, 1 / 128])(
  'gives every gap its share of the 2³² words, to one of them, at ε = %s',
  (epsilon) => {
    const counts = words(gapTable(epsilon));
    counts.forEach((count, gap) => {
      const probability = (1 - epsilon) ** gap * (gap < longestGap ? epsilon : 1);
      expect(Math.abs(count - 2 ** 32 * probability)).toBeLessThanOrEqual(1);
    });
    expect(counts.reduce((sum, count) => sum + count)).toBe(2 ** 32);
  },
);
