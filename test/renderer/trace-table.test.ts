import { describe, expect, it } from 'vitest';
import { mostEntries, TraceTable } from '../../renderer/charts/trace-table.ts';

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
    // a stretch has its peaks, and those of no other
    const near = table.line('parameter', 0, 499_000, 501_000, 500).map(({ y }) => y);
    expect([Math.min(...near), Math.max(...near) < 0.1]).toEqual([-3, true]);
    // it ends at the last row itself
    expect(line.at(-1)).toEqual({ x: 1_000_000, y: Math.sin(1_000_000) / 100 });
    expect(table.range).toEqual({ min: 1, max: 1_000_000 });
  });

  it('draws nothing but its values on a width that is no whole number of pixels', () => {
    const table = new TraceTable([0.4]);
    table.append(rows(300, (step) => 5 + step / 300));
    for (const pixels of [40.5, 67.21875, 0.4]) {
      const heights = table.line('parameter', 0, 1, 300, pixels).map(({ y }) => y);
      expect(heights.length).toBeLessThanOrEqual(Math.max(3, 2 * pixels + 1));
      expect([Math.min(...heights), Math.max(...heights)]).toEqual([5 + 1 / 300, 6]);
    }
  });

  it('has the same number of entries for every length', () => {
    const table = new TraceTable([0.4]);
    for (let steps = 1; steps <= 2 ** 18; steps++) {
      table.append(Float64Array.of(steps, steps, 0.5, 0.01));
    }
    const entries = table.entriesIn(1, 2 ** 18 + 1);
    expect(entries).toBeGreaterThan(mostEntries / 2 - 1);
    expect(entries).toBeLessThanOrEqual(mostEntries);
    // every entry's extremes are those of the rows that it stands for, whatever has been merged
    const line = table.line('parameter', 0, 1, 2 ** 18, 2 ** 18).slice(0, -1);
    const stride = 2 ** 18 / entries;
    for (let k = 0; k < entries; k++) {
      const values = [line[2 * k].y, line[2 * k + 1].y];
      expect([line[2 * k].x, Math.min(...values), Math.max(...values)]).toEqual([
        1 + k * stride,
        1 + k * stride,
        (k + 1) * stride,
      ]);
    }
  });

  it('draws a path to its end', () => {
    const table = new TraceTable([0.4, 0.1]);
    for (let step = 1; step <= 100_001; step++) {
      table.append(Float64Array.of(step, step, -step, 0, 0, 0, 0));
    }
    const path = table.path(0, 1, 600);
    expect(path.length).toBeLessThan(700);
    expect(path.at(0)).toEqual({ x: 1, y: -1 });
    expect(path.at(-1)).toEqual({ x: 100_001, y: -100_001 });
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
