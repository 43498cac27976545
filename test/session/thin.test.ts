import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Trace } from '../../shared/inference/trace.ts';
import { thin } from '../../shared/session/runs/thin.ts';

/** A trace of one parameter with the given values in its first column. */
function traceOf(values: readonly number[]): Trace {
  const trace = new Trace(1);
  values.forEach((value, step) => {
    trace.push({ step, parameters: [value], moments: [-value], noise: [0] });
  });
  return trace;
}

const values = fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), {
  minLength: 1,
  maxLength: 400,
});

describe('thin', () => {
  it('keeps the extremes, the order, whole rows, and about as many as asked for', () => {
    fc.assert(
      fc.property(values, fc.integer({ min: 2, max: 200 }), (column, points) => {
        const rows = thin(traceOf(column), 0, column.length, points);
        const steps = Array.from({ length: rows.length / 4 }, (_, k) => rows[4 * k]);
        const kept = steps.map((step) => column[step]);
        expect(kept.every((value, k) => value === rows[4 * k + 1])).toBe(true);
        expect(Math.max(...kept)).toBe(Math.max(...column));
        expect(Math.min(...kept)).toBe(Math.min(...column));
        expect(steps.every((step, k) => k === 0 || step > steps[k - 1])).toBe(true);
        expect(steps.length).toBeLessThanOrEqual(Math.max(points, 8));
        if (column.length <= points) expect(steps).toHaveLength(column.length);
        expect(steps.at(-1)).toBe(column.length - 1);
      }),
    );
  });

  it('gives any part of a trace, and nothing beyond its end', () => {
    const trace = traceOf([1, 2, 3, 4, 5]);
    expect(Array.from(thin(trace, 1, 3, 100).filter((_, k) => k % 4 === 0))).toEqual([1, 2]);
    expect(thin(trace, 4, 100, 100)).toHaveLength(4);
    expect(thin(trace, 9, 12, 100)).toHaveLength(0);
    expect(thin(trace, 3, 1, 100)).toHaveLength(0);
  });
});
