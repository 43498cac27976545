import type { Point } from './extremes.ts';

/** Vertices that a path has at most: up to so many, it has all. */
export const mostVertices = 4096;

/** Vertices at the beginning, where a fit makes its way, that always stay. */
export const firstVertices = 1024;

/**
 * A path in a plane in memory that does not grow with its steps. When it is full, its beginning stays, and of
 * the rest the half that its shape is made of: the vertices furthest from what would be drawn without them.
 *
 * Source: D. H. Douglas, T. K. Peucker, Cartographica 10, 112 (1973), with a number in the place of a tolerance.
 */
export class WindingPath {
  private vertices: Point[] = [];

  add(vertex: Point): void {
    this.vertices.push(vertex);
    if (this.vertices.length > mostVertices) this.vertices = simplified(this.vertices);
  }

  /** In their order; the first is the start, and the last the end. */
  get points(): readonly Point[] {
    return this.vertices;
  }
}

function simplified(vertices: readonly Point[]): Point[] {
  const later = vertices.slice(firstVertices);
  const weights = significance(later);
  const kept = Array.from(later.keys())
    .sort((a, b) => weights[b] - weights[a] || a - b)
    .slice(0, later.length >> 1)
    .sort((a, b) => a - b);
  return [...vertices.slice(0, firstVertices), ...kept.map((k) => later[k])];
}

/** How far a vertex lies from the chord that stands for it where it is left out; infinite for both ends. */
function significance(vertices: readonly Point[]): Float64Array {
  const weights = new Float64Array(vertices.length);
  const [width, height] = [spread(vertices.map(({ x }) => x)), spread(vertices.map(({ y }) => y))];
  const last = vertices.length - 1;
  weights[0] = weights[last] = Number.POSITIVE_INFINITY;
  const chords: [from: number, to: number, weight: number][] = [[0, last, weights[0]]];
  for (let chord = chords.pop(); chord; chord = chords.pop()) {
    const [from, to, limit] = chord;
    if (to - from < 2) continue;
    const [a, b] = [vertices[from], vertices[to]];
    const [dx, dy] = [(b.x - a.x) / width, (b.y - a.y) / height];
    const length = dx * dx + dy * dy;
    let [furthest, most] = [from + 1, -1];
    for (let k = from + 1; k < to; k++) {
      const [x, y] = [(vertices[k].x - a.x) / width, (vertices[k].y - a.y) / height];
      const along = length > 0 ? Math.min(1, Math.max(0, (x * dx + y * dy) / length)) : 0;
      const distance = (x - along * dx) ** 2 + (y - along * dy) ** 2;
      if (distance > most) [furthest, most] = [k, distance];
    }
    // never more than the vertices at the ends of its chord, without which it would stand for nothing
    const weight = Math.min(limit, most);
    // nothing lies beside this chord
    if (weight <= 0) continue;
    weights[furthest] = weight;
    chords.push([from, furthest, weight], [furthest, to, weight]);
  }
  return weights;
}

function spread(values: readonly number[]): number {
  return Math.max(...values) - Math.min(...values) || 1;
}
