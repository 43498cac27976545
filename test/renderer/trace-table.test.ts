import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mostEntries, plain, TraceTable } from '../../renderer/charts/trace-table.ts';

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
    const line = table.line('parameter', 0, { min: 1, max: 100 }, 400);
    expect(line).toHaveLength(100);
    expect(line[41]).toEqual({ x: 42, y: 6 });
    expect(table.line('gradient', 0, { min: 1, max: 1 }, 400)[0].y).toBeCloseTo(0.1, 12);
  });

  it('keeps every peak of a million steps in four points a pixel', () => {
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
    const line = table.line('parameter', 0, { min: 1, max: 1_000_000 }, 500);
    expect(line.length).toBeLessThanOrEqual(2008);
    for (const peak of peaks.values()) expect(line.map(({ y }) => y)).toContain(peak);
    // a stretch has its peaks, and those of no other
    const near = table.line('parameter', 0, { min: 499_000, max: 501_000 }, 500).map(({ y }) => y);
    expect([Math.min(...near), Math.max(...near) < 0.1]).toEqual([-3, true]);
    // it ends at the last row itself
    expect(line.at(-1)).toEqual({ x: 1_000_000, y: Math.sin(1_000_000) / 100 });
    expect(table.range).toEqual({ min: 1, max: 1_000_000 });
  });

  it('draws what every pixel of the trace has, in its order', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: plain + 1, max: 3 * plain }),
        fc.double({ min: 0.4, max: 700, noNaN: true }),
        fc.integer({ min: 0, max: 2 ** 31 - 1 }),
        fc.boolean(),
        (steps, pixels, seed, logarithmic) => {
          const value = (step: number) => Math.sin(seed + step ** 2);
          const table = new TraceTable([0.4]);
          table.append(rows(steps, value));
          const fraction = (step: number) =>
            logarithmic ? Math.log(step) / Math.log(steps) : (step - 1) / (steps - 1);
          const line = table.line('parameter', 0, { min: 1, max: steps }, pixels, fraction);
          const pixelOf = (step: number) => Math.floor(fraction(step) * pixels);
          expect(line.every(({ x }, k) => k === 0 || x > line[k - 1].x)).toBe(true);
          expect(line.every(({ x, y }) => y === value(x))).toBe(true);
          const drawn = new Map<number, number[]>();
          for (const { x } of line) drawn.set(pixelOf(x), [...(drawn.get(pixelOf(x)) ?? []), x]);
          const all = new Map<number, number[]>();
          for (let x = 1; x <= steps; x++) {
            const pixel = all.get(pixelOf(x));
            if (pixel) pixel.push(x);
            else all.set(pixelOf(x), [x]);
          }
          const ends = (of: number[] = []) => {
            const heights = of.map(value);
            return [of[0], of.at(-1), Math.min(...heights), Math.max(...heights)];
          };
          expect(drawn.size).toBe(all.size);
          for (const [pixel, its] of all) expect(ends(drawn.get(pixel))).toEqual(ends(its));
        },
      ),
      { numRuns: 40 },
    );
  });

  it('lets a trace that rises in every step never fall, however long it is', () => {
    for (const steps of [50, 2500, 2 ** 14 + 7, 2 ** 17]) {
      const table = new TraceTable([0.4]);
      table.append(rows(steps, (step) => Math.log(step)));
      for (const pixels of [0.4, 40.5, 614, 2160]) {
        const line = table.line('parameter', 0, { min: 1, max: steps }, pixels);
        expect(line.every(({ y }, k) => k === 0 || y > line[k - 1].y)).toBe(true);
        expect([line[0].x, line.at(-1)?.x]).toEqual([1, steps]);
      }
    }
  });

  it('keeps the first thousands of steps one by one', () => {
    const table = new TraceTable([0.4]);
    table.append(rows(2 ** 18, (step) => Math.sin(step)));
    const line = table.line('parameter', 0, { min: 1, max: 1500 }, 400);
    expect(line.slice(0, 1500).map(({ x }) => x)).toEqual(
      Array.from({ length: 1500 }, (_, k) => k + 1),
    );
  });

  it('draws no point where there is no value', () => {
    const table = new TraceTable([0.4]);
    table.append(Float64Array.of(0, 0.1, Number.NaN, Number.NaN, 1, 0.2, 0.5, 0.01));
    expect(table.line('moment', 0, { min: 0, max: 1 }, 400)).toEqual([{ x: 1, y: 0.5 }]);
    expect(table.line('parameter', 0, { min: 0, max: 1 }, 400)).toHaveLength(2);
  });

  it('has the same number of entries for every length', () => {
    const table = new TraceTable([0.4]);
    for (let steps = 1; steps <= 2 ** 18; steps++) {
      table.append(Float64Array.of(steps, steps, 0.5, 0.01));
    }
    const entries = table.entriesIn(1, 2 ** 18 + 1);
    expect(entries).toBeGreaterThan(mostEntries / 2 - 1);
    expect(entries).toBeLessThanOrEqual(mostEntries);
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
