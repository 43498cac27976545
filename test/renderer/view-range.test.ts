import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { panned, zoomed } from '../../renderer/charts/view-range.ts';

const whole = { min: 10, max: 1010 };
const fraction = fc.double({ min: 0, max: 1, noNaN: true });

describe('the stretch of an axis that is looked at', () => {
  it('never leaves the whole, however it is zoomed and panned', () => {
    const gesture = fc.tuple(
      fraction,
      fc.double({ min: 0.2, max: 5, noNaN: true }),
      fc.double({ min: -3, max: 3, noNaN: true }),
    );
    fc.assert(
      fc.property(fc.array(gesture, { maxLength: 12 }), (gestures) => {
        let shown = whole;
        for (const [at, factor, by] of gestures) {
          shown = panned(zoomed(shown, whole, at, factor, 4) ?? whole, whole, by);
          expect(shown.min).toBeGreaterThanOrEqual(whole.min - 1e-9);
          expect(shown.max).toBeLessThanOrEqual(whole.max + 1e-9);
          expect(shown.max - shown.min).toBeGreaterThan(3.999);
        }
      }),
    );
  });

  it('keeps what is under the pointer there', () => {
    const shown = { min: 200, max: 400 };
    fc.assert(
      fc.property(fraction, (at) => {
        const next = zoomed(shown, whole, at, 2, 4);
        expect((next?.min ?? 0) + at * 100).toBeCloseTo(200 + at * 200, 9);
      }),
    );
  });

  it('shows everything once it is zoomed out far enough', () => {
    expect(zoomed({ min: 200, max: 900 }, whole, 0.5, 0.5, 4)).toBeNull();
  });
});
