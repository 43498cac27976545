import type { Lattice } from '../models/lattice/lattice.ts';
import { trendName, trendShape } from '../models/lattice/trend.ts';

/** A field that is not the same everywhere: site k feels φ_k times one parameter. */
interface Trend {
  /** As the trend models spell the parameter. */
  readonly name: string;
  /** φ_k: n values. */
  readonly shape: Float64Array;
}

/** Of rows and of columns: a field of degree 0, 1 and 2. */
const degrees = [
  [0, 0],
  [1, 0],
  [0, 1],
  [2, 0],
  [1, 1],
  [0, 2],
] as const;

/**
 * The shapes of the trend models (`models/trend.ts`) up to degree 2, on every lattice: what is the same everywhere, as
 * P_2(x) on two columns, is left out beside `eta00`.
 */
export function trendsOf(l: Lattice): Trend[] {
  return degrees.flatMap(([i, j]) => {
    const shape = trendShape(l, i, j);
    const varies = shape.some((value) => Math.abs(value - shape[0]) > 1e-9);
    return varies || i + j === 0 ? [{ name: trendName(i, j), shape }] : [];
  });
}
