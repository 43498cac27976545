import { describe, expect, it } from 'vitest';
import { ticks } from '../../renderer/charts/ticks.ts';
import { contour } from '../../renderer/check/contours.ts';

describe('a contour', () => {
  const side = 41;
  const values = Array.from({ length: side * side }, (_, k) => {
    const [x, y] = [(k % side) - 20, Math.floor(k / side) - 20];
    return -(x * x) / 100 - (y * y) / 25;
  });

  it('of a hill is a closed ellipse', () => {
    // a level that no grid point has exactly
    const segments = contour(values, side, -1.0123);
    const ends = new Map<string, number>();
    for (const [a, b, c, d] of segments) {
      for (const [x, y] of [
        [a, b],
        [c, d],
      ]) {
        // linear interpolation of a parabola between grid points is off by less than a tenth
        expect(Math.hypot((x - 20) / 10, (y - 20) / 5)).toBeCloseTo(1, 1);
        const key = `${x.toFixed(6)},${y.toFixed(6)}`;
        ends.set(key, (ends.get(key) ?? 0) + 1);
      }
    }
    expect(segments.length).toBeGreaterThan(40);
    for (const count of ends.values()) expect(count).toBe(2);
  });

  it('is nothing where the level is not reached', () => {
    expect(contour(values, side, 1)).toEqual([]);
  });
});

describe('ticks', () => {
  it('are round, inside, and written alike', () => {
    expect(ticks(0.287, 0.313, 5).map(({ label }) => label)).toEqual(['0.29', '0.30', '0.31']);
    // one tick is no scale
    expect(ticks(-0.19, 0.17, 3.36).map(({ label }) => label)).toEqual(['−0.1', '0.0', '0.1']);
    expect(ticks(-1, 1, 4).map(({ label }) => label)).toEqual([
      '−1.0',
      '−0.5',
      '0.0',
      '0.5',
      '1.0',
    ]);
  });
});
