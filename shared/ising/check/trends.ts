import { type Lattice, siteCount } from '../lattice.ts';

/** A field that is not the same everywhere: site i feels f_i times one parameter. */
interface Trend {
  readonly name: string;
  readonly degree: number;
  /** f_i: n values. */
  readonly shape: Float64Array;
}

/**
 * Fields of degree 0, 1 and 2 in x and y, which run from −1 at the left and upper edge to 1 at the right and lower
 * one: `trend` (1), `trend-x`, `trend-y`, `trend-xx` (x² less its mean), `trend-xy`, `trend-yy`. What is the same
 * everywhere, as x² on two columns, is left out.
 */
export function trendsOf(l: Lattice): Trend[] {
  const { rows, cols } = l;
  const place = (k: number, side: number) => (side > 1 ? (2 * k) / (side - 1) - 1 : 0);
  const shapeOf = (f: (x: number, y: number) => number) =>
    Float64Array.from({ length: siteCount(l) }, (_, i) =>
      f(place(i % cols, cols), place(Math.floor(i / cols), rows)),
    );
  const centred = (shape: Float64Array) => {
    const mean = shape.reduce((sum, value) => sum + value, 0) / shape.length;
    return shape.map((value) => value - mean);
  };
  const all: readonly Trend[] = [
    { name: 'trend', degree: 0, shape: shapeOf(() => 1) },
    { name: 'trend-x', degree: 1, shape: shapeOf((x) => x) },
    { name: 'trend-y', degree: 1, shape: shapeOf((_, y) => y) },
    { name: 'trend-xx', degree: 2, shape: centred(shapeOf((x) => x * x)) },
    { name: 'trend-xy', degree: 2, shape: shapeOf((x, y) => x * y) },
    { name: 'trend-yy', degree: 2, shape: centred(shapeOf((_, y) => y * y)) },
  ];
  return all.filter(({ shape }) => shape.some((value) => Math.abs(value) > 1e-9));
}
