import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  adaptiveRadius,
  cut,
  cutAdaptive,
  mean,
  median,
  otsu,
  tallyLevels,
  tallyValues,
} from '../../shared/data/image/threshold.ts';

const greys = fc
  .array(fc.integer({ min: 0, max: 255 }), { minLength: 2, maxLength: 60 })
  .filter((values) => new Set(values).size > 1)
  .map((values) => Float64Array.from(values));

/** Variance between the classes below and from a threshold, straight from its definition. */
function between(values: Float64Array, threshold: number): number {
  const classes = [values.filter((v) => v < threshold), values.filter((v) => v >= threshold)];
  if (classes.some((c) => c.length === 0)) return 0;
  const [a, b] = classes.map((c) => c.reduce((x, y) => x + y) / c.length);
  return (classes[0].length * classes[1].length * (a - b) ** 2) / values.length ** 2;
}

describe('thresholds', () => {
  it('Otsu’s maximises the variance between classes over all thresholds', () => {
    fc.assert(
      fc.property(greys, (values) => {
        const best = Math.max(...Array.from({ length: 511 }, (_, t) => between(values, t / 2)));
        expect(between(values, otsu(tallyValues(values)))).toBeCloseTo(best, 8);
      }),
    );
  });

  it('the median cuts as near to halves as any threshold does', () => {
    fc.assert(
      fc.property(greys, (values) => {
        const excess = (t: number) =>
          Math.abs(2 * values.filter((v) => v >= t).length - values.length);
        const inner = Array.from(new Set(values))
          .sort((a, b) => a - b)
          .slice(1);
        expect(excess(median(tallyValues(values)))).toBe(Math.min(...inner.map(excess)));
      }),
    );
    // the ordinary median of these is 0, which would leave no dark site
    expect(median(tallyValues(Float64Array.of(0, 0, 0, 5, 9)))).toBe(2.5);
    // of two equally good cuts the lower
    expect(median(tallyValues(Float64Array.of(1, 2, 3)))).toBe(1.5);
  });

  it('the mean lies where the sums say', () => {
    expect(mean(tallyValues(Float64Array.of(1, 2, 2, 7)))).toBe(3);
  });

  it('counting levels and sorting values give one tally', () => {
    fc.assert(
      fc.property(greys, (values) => {
        const counts = new Uint32Array(256);
        for (const v of values) counts[v]++;
        expect(tallyLevels(counts)).toEqual(tallyValues(values));
      }),
    );
    const deep = new Uint32Array(65536);
    deep[514] = 3;
    expect(tallyLevels(deep)).toEqual({ values: Float64Array.of(2), counts: Float64Array.of(3) });
  });

  it('a value at the threshold is up', () => {
    const spins = new Int8Array(3);
    cut(Float64Array.of(9, 10, 11), 10, spins);
    expect([...spins]).toEqual([-1, 1, 1]);
  });

  it('the adaptive one compares every site with the mean around it', () => {
    const side = fc.integer({ min: 2, max: 20 });
    fc.assert(
      fc.property(
        side,
        side,
        fc.infiniteStream(fc.integer({ min: 0, max: 255 })),
        (rows, cols, values) => {
          const image = Float64Array.from({ length: rows * cols }, () => values.next().value ?? 0);
          const spins = new Int8Array(rows * cols);
          cutAdaptive(image, rows, cols, spins);
          const a = adaptiveRadius(rows, cols);
          for (let q = 0; q < rows; q++) {
            for (let r = 0; r < cols; r++) {
              let [sum, count] = [0, 0];
              for (let y = Math.max(0, q - a); y <= Math.min(rows - 1, q + a); y++) {
                for (let x = Math.max(0, r - a); x <= Math.min(cols - 1, r + a); x++) {
                  sum += image[y * cols + x];
                  count++;
                }
              }
              expect(spins[q * cols + r]).toBe(image[q * cols + r] * count >= sum ? 1 : -1);
            }
          }
        },
      ),
      { numRuns: 40 },
    );
    // an even surface stays even, although its sums are rounded
    const even = new Int8Array(900);
    cutAdaptive(new Float64Array(900).fill(0.1), 30, 30, even);
    expect(even.every((s) => s === 1)).toBe(true);
  });
});
