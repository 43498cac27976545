import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { separation } from '../../shared/inference/existence/separation.ts';
import { dot, isSeparable } from './cone.ts';

describe('separation', () => {
  it.each([1, 2, 3])('finds a direction exactly where one exists, in %i dimensions', (p) => {
    const vector = fc.array(fc.integer({ min: -4, max: 4 }), { minLength: p, maxLength: p });
    let [found, none] = [0, 0];
    fc.assert(
      fc.property(fc.array(vector, { minLength: 1, maxLength: 7 }), (vectors) => {
        const answer = separation(vectors, p);
        expect(answer !== null).toBe(isSeparable(vectors, p));
        if (answer === null) {
          none++;
          return;
        }
        found++;
        const { direction, isFlat } = answer;
        expect(direction.some((value) => value !== 0)).toBe(true);
        const products = vectors.map((x) => dot(x, direction));
        expect(products.every((value) => value >= 0)).toBe(true);
        expect(products.every((value) => value === 0)).toBe(isFlat);
      }),
      { numRuns: 2000, seed: 7 },
    );
    // both answers were tried often
    expect(Math.min(found, none)).toBeGreaterThan(100);
  });
});
