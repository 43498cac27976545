import type { Statistic } from '../contract.ts';
import { UnsuitableError } from '../failures.ts';
import type { Lattice } from './lattice.ts';
import { siteField } from './statistics.ts';

/** Largest total degree of a field that varies smoothly. */
export const largestTrend = 4;

/**
 * A field that varies smoothly over the lattice, h_k = Σ_c η_c φ_c(q, r), φ_c = P_i(y) P_j(x) the products of Legendre
 * polynomials in the row (y) and the column (x), each scaled to −1 … 1 from the first site's centre to the last one's,
 * of total degree i + j ≤ D. D = 0 is a uniform field per site.
 *
 * Parameters are named `eta00`, `eta01`, … by i (rows) and j (columns), in the order of their total degree.
 *
 * @throws UnsuitableError if D is no whole number of 0 … 4, or a side has too few sites to tell the polynomials apart
 */
export function trendField(l: Lattice, degree: number): Statistic[] {
  if (!Number.isInteger(degree) || degree < 0 || degree > largestTrend) {
    throw new UnsuitableError(
      `The degree of a trend is a whole number from 0 to ${largestTrend}, not ${degree}.`,
    );
  }
  const shortest = Math.min(l.rows, l.cols);
  if (shortest <= degree) {
    throw new UnsuitableError(
      `A trend of degree ${degree} needs at least ${degree + 1} rows and columns; this lattice is ${l.rows} × ${l.cols}.`,
    );
  }
  return degrees(degree).map(([i, j]) => siteField(trendName(i, j), trendShape(l, i, j)));
}

/** Names of a trend's parameters in their order. */
export function trendNames(degree: number): string[] {
  return degrees(degree).map(([i, j]) => trendName(i, j));
}

/** `eta01`: of the polynomial P_0(y) P_1(x). */
export function trendName(i: number, j: number): string {
  return `eta${i}${j}`;
}

/** (i, j) of every polynomial of total degree 0 … D. */
function degrees(degree: number): (readonly [number, number])[] {
  const all: (readonly [number, number])[] = [];
  for (let total = 0; total <= degree; total++) {
    for (let i = total; i >= 0; i--) all.push([i, total - i]);
  }
  return all;
}

/** φ(q, r) = P_i(y) P_j(x) on every site: n values, row-major. */
export function trendShape({ rows, cols }: Lattice, i: number, j: number): Float64Array {
  const down = legendreAlong(rows, i);
  const across = legendreAlong(cols, j);
  return Float64Array.from(
    { length: rows * cols },
    (_, k) => down[Math.floor(k / cols)] * across[k % cols],
  );
}

function legendreAlong(sites: number, degree: number): Float64Array {
  return Float64Array.from({ length: sites }, (_, k) =>
    legendre(degree, sites > 1 ? (2 * k) / (sites - 1) - 1 : 0),
  );
}

/** P_l(x) by Bonnet's recursion, (l + 1) P_{l+1} = (2l + 1) x P_l − l P_{l−1}. */
function legendre(degree: number, x: number): number {
  let [before, value] = [0, 1];
  for (let l = 0; l < degree; l++) {
    [before, value] = [value, ((2 * l + 1) * x * value - l * before) / (l + 1)];
  }
  return value;
}
