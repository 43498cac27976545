import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Pyramid } from '../../renderer/charts/pyramid.ts';
import { TraceTable } from '../../renderer/charts/trace-table.ts';

describe('pyramid', () => {
  it('has the extremes of every stretch', () => {
    const values = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), {
      minLength: 1,
      maxLength: 2000,
    });
    fc.assert(
      fc.property(values, fc.nat(), fc.nat(), (numbers, a, b) => {
        const pyramid = new Pyramid();
        for (const number of numbers) pyramid.push(number);
        const [from, to] = [a % numbers.length, b % numbers.length].sort((x, y) => x - y);
        const stretch = numbers.slice(from, to + 1);
        expect(pyramid.extremes(from, to + 1)).toEqual([
          Math.min(...stretch),
          Math.max(...stretch),
        ]);
      }),
    );
  });
});

/** Rows of a trace of one parameter whose value is given for every step. */
function rows(steps: number, value: (step: number) => number): Float64Array {
  const table = new Float64Array(4 * steps);
  for (let k = 0; k < steps; k++) table.set([k + 1, value(k + 1), 0.5, 0.01], 4 * k);
  return table;
}

describe('trace table', () => {
  it('gives short traces whole', () => {
    const table = new TraceTable([0.4]);
    table.append(rows(100, (step) => step / 7));
    const line = table.line('parameter', 0, 1, 100, 400);
    expect(line).toHaveLength(100);
    expect(line[41]).toEqual({ x: 42, y: 6 });
    expect(table.line('gradient', 0, 1, 1, 400)[0].y).toBeCloseTo(0.1, 12);
  });

  it('keeps every peak of a million steps in two points a pixel', () => {
    const table = new TraceTable([0.4]);
    const peaks = new Map([
      [123_457, 5],
      [500_000, -3],
      [999_999, 2],
    ]);
    const all = rows(1_000_000, (step) => peaks.get(step) ?? Math.sin(step) / 100);
    // arrives in parts, as it does from a host
    for (let start = 0; start < all.length; start += 4 * 33_333) {
      table.append(all.subarray(start, start + 4 * 33_333));
    }
    expect(table.length).toBe(1_000_000);
    const line = table.line('parameter', 0, 1, 1_000_000, 500);
    expect(line.length).toBeLessThanOrEqual(1001);
    for (const peak of peaks.values()) expect(line.map(({ y }) => y)).toContain(peak);
    const close = table.line('parameter', 0, 499_990, 500_010, 500);
    expect(close.find(({ x }) => x === 500_000)?.y).toBe(-3);
    expect(close.length).toBeLessThan(30);
  });

  it('remembers the last two rows across parts', () => {
    const table = new TraceTable([0.4]);
    const all = rows(3, (step) => step);
    table.append(all.subarray(0, 8));
    table.append(all.subarray(8));
    expect(table.ends.previous?.[1]).toBe(2);
    expect(table.ends.last?.[1]).toBe(3);
    table.append(new Float64Array(0));
    expect(table.ends.last?.[1]).toBe(3);
  });
});
