import { siteCount } from '../lattice.ts';
import type { Model } from '../model.ts';
import { type Columns, plainColumns } from './columns.ts';
import { checkFinite, type ExactMethod, type ExactMoments } from './method.ts';

/** Longest shorter side: 2²⁰ states of 12 numbers are 96 MiB. */
export const widestTransferMatrix = 20;

/**
 * Site-by-site transfer matrix of the open uniform lattice, field included.
 *
 * With U the number of unsatisfied bonds and P that of up spins, B = n_B − 2U and Σs = 2P − n, so that
 *
 *   Z = exp(J·n_B − h) Σ_s q^U f^P,   q = exp(−2J), f = exp(2h/n).
 *
 * The generating function Σ_s q^U (1+x)^U f^P (1+y)^P is carried along to second order in x and y: six
 * numbers for each of the 2^w states of a row, w the shorter side. Its coefficients are factorial
 * moments, sums of positive terms only. A row is added bond by bond, w steps of 2^w, and its horizontal
 * bonds and field by one factor for every state; then all is scaled so that nothing overflows.
 *
 * Source: R. J. Baxter, Exactly Solved Models in Statistical Mechanics (1982), ch. 7, for the method.
 *
 * @returns null for other models, periodic edges and lattices with a shorter side above 20
 */
export function transferMatrix(model: Model, columns: Columns = plainColumns): ExactMethod | null {
  const { rows, cols, boundary } = model.lattice;
  const width = Math.min(rows, cols);
  const length = Math.max(rows, cols);
  if (model.name !== 'uniform' || boundary !== 'free' || width > widestTransferMatrix) return null;
  return {
    name: `transfer matrix with 2^${width} states`,
    cost: 12 * length * width * 2 ** width,
    *evaluate(theta): Generator<number, ExactMoments> {
      checkFinite(theta);
      return yield* evaluate(model, length, width, theta[0], theta[1], columns);
    },
  };
}

function* evaluate(
  model: Model,
  length: number,
  width: number,
  J: number,
  h: number,
  columns: Columns,
): Generator<number, ExactMoments> {
  const n = siteCount(model.lattice);
  const bonds = model.statistics[0].extent;
  const states = 2 ** width;
  const q = Math.exp(-2 * J);
  const row = rowFactors(width, J, h / n);
  // coefficients of 1, x, x² · y, xy · y²
  let from = Array.from({ length: 6 }, () => new Float64Array(states));
  let to = Array.from({ length: 6 }, () => new Float64Array(states));
  from[0].fill(1);
  let logScale = 0;
  for (let line = 0; line < length; line++) {
    // the bonds to the row before
    for (let column = 0; line > 0 && column < width; column++) {
      columns.bond(from.slice(0, 3), to.slice(0, 3), q);
      columns.bond(from.slice(3, 5), to.slice(3, 5), q);
      columns.bond(from.slice(5), to.slice(5), q);
      [from, to] = [to, from];
      yield 12 * states;
    }
    // the row's own bonds and spins
    multiplyRow(from, row);
    logScale += row.logScale + rescale(from);
  }

  const [z, u, uu, p, up, pp] = from.map((part) => part.reduce((sum, value) => sum + value, 0));
  const meanU = u / z;
  const meanP = p / z;
  const varU = (2 * uu) / z + meanU - meanU ** 2;
  const varP = (2 * pp) / z + meanP - meanP ** 2;
  const covUP = up / z - meanU * meanP;
  const covBM = (-4 * covUP) / n;
  return {
    logZ: J * bonds - h + Math.log(z) + logScale,
    mean: Float64Array.of(bonds - 2 * meanU, (2 * meanP) / n - 1),
    covariance: Float64Array.of(4 * varU, covBM, covBM, (4 * varP) / n ** 2),
  };
}

interface RowFactors {
  /** Unsatisfied horizontal bonds and up spins of every state, and their weight. */
  readonly unsatisfied: Uint8Array;
  readonly up: Uint8Array;
  readonly weight: Float64Array;
  /** What the weights were divided by, as a logarithm. */
  readonly logScale: number;
}

function rowFactors(width: number, J: number, field: number): RowFactors {
  const states = 2 ** width;
  const unsatisfied = new Uint8Array(states);
  const up = new Uint8Array(states);
  const weight = new Float64Array(states);
  let logScale = Number.NEGATIVE_INFINITY;
  const inner = 2 ** (width - 1) - 1;
  for (let s = 0; s < states; s++) {
    unsatisfied[s] = bitCount((s ^ (s >> 1)) & inner);
    up[s] = bitCount(s);
    weight[s] = -2 * J * unsatisfied[s] + 2 * field * up[s];
    logScale = Math.max(logScale, weight[s]);
  }
  for (let s = 0; s < states; s++) weight[s] = Math.exp(weight[s] - logScale);
  return { unsatisfied, up, weight, logScale };
}

/** Multiplies by weight · (1+x)^u (1+y)^p, cut off after the second order. */
function multiplyRow(
  [c1, cx, cxx, cy, cxy, cyy]: readonly Float64Array[],
  { unsatisfied, up, weight }: RowFactors,
): void {
  for (let s = 0; s < weight.length; s++) {
    const w = weight[s];
    const u = unsatisfied[s];
    const p = up[s];
    const uu = (u * (u - 1)) / 2;
    const pp = (p * (p - 1)) / 2;
    const one = c1[s];
    const x = cx[s];
    const y = cy[s];
    cxx[s] = w * (cxx[s] + u * x + uu * one);
    cyy[s] = w * (cyy[s] + p * y + pp * one);
    cxy[s] = w * (cxy[s] + p * x + u * y + u * p * one);
    cx[s] = w * (x + u * one);
    cy[s] = w * (y + p * one);
    c1[s] = w * one;
  }
}

/** Divides all coefficients by the largest of the first, and gives its logarithm. */
function rescale(parts: readonly Float64Array[]): number {
  const largest = parts[0].reduce((most, value) => Math.max(most, value), 0);
  for (const part of parts) {
    for (let s = 0; s < part.length; s++) part[s] /= largest;
  }
  return Math.log(largest);
}

function bitCount(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++;
  return count;
}
