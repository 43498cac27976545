import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Point } from '../../renderer/charts/extremes.ts';
import { firstVertices, mostVertices, WindingPath } from '../../renderer/charts/winding-path.ts';

/** A way that goes to rest: a spiral with chance, as eq. (4) makes it. */
function way(steps: number, seed: number, chance: number): Point[] {
  return Array.from({ length: steps }, (_, k) => {
    const far = Math.exp(-k / 40);
    const noise = (by: number) => chance * Math.sin(seed + by * k * k);
    return { x: far * Math.cos(k / 9) + noise(1), y: 50 * (far * Math.sin(k / 9) + noise(2)) };
  });
}

function pathOf(points: readonly Point[]): readonly Point[] {
  const path = new WindingPath();
  for (const point of points) path.add(point);
  return path.points;
}

/** How far a place lies from a path, in units of the plane's sides. */
function distance({ x, y }: Point, path: readonly Point[]): number {
  let least = Number.POSITIVE_INFINITY;
  for (let k = 1; k < path.length; k++) {
    const [a, b] = [path[k - 1], path[k]];
    const [dx, dy] = [(b.x - a.x) / 2, (b.y - a.y) / 100];
    const [px, py] = [(x - a.x) / 2, (y - a.y) / 100];
    const length = dx * dx + dy * dy;
    const along = length > 0 ? Math.min(1, Math.max(0, (px * dx + py * dy) / length)) : 0;
    least = Math.min(least, Math.hypot(px - along * dx, py - along * dy));
  }
  return least;
}

describe('a path', () => {
  it('has every vertex up to some thousands', () => {
    const points = way(mostVertices, 1, 0.01);
    expect(pathOf(points)).toEqual(points);
  });

  it('keeps its shape, its order and its ends, however long it gets', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: mostVertices + 1, max: 6 * mostVertices }),
        fc.integer({ min: 0, max: 1000 }),
        (steps, seed) => {
          const points = way(steps, seed, 0.003);
          const path = pathOf(points);
          expect(path.length).toBeLessThanOrEqual(mostVertices);
          expect([path[0], path.at(-1)]).toEqual([points[0], points.at(-1)]);
          const places = path.map((vertex) => points.indexOf(vertex));
          expect(places.every((place, k) => k === 0 || place > places[k - 1])).toBe(true);
          // its beginning whole, and what is left out is nearer than the chance at its end is wide
          expect(path.slice(0, firstVertices)).toEqual(points.slice(0, firstVertices));
          for (let k = firstVertices; k < steps; k += 97) {
            expect(distance(points[k], path)).toBeLessThan(0.003);
          }
        },
      ),
      { numRuns: 8 },
    );
  });

  it('keeps no more than it must of one that goes straight', () => {
    const path = pathOf(Array.from({ length: 20_000 }, (_, k) => ({ x: k, y: 3 * k })));
    expect(path.length).toBeLessThanOrEqual(mostVertices);
    expect(path.every(({ x, y }, k) => y === 3 * x && (k === 0 || x > path[k - 1].x))).toBe(true);
  });
});
