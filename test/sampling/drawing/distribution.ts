import { evaluate, type Model } from '../../../shared/models/contract.ts';
import { type Lattice, siteCount } from '../../../shared/models/lattice/lattice.ts';

/** Probabilities of all 2^n states, bit k set for s_k = +1, from nothing but the definition. */
export function probabilities(model: Model, theta: readonly number[]): Float64Array {
  const n = siteCount(model.lattice);
  const exponents = new Float64Array(2 ** n);
  const spins = new Int8Array(n);
  const values = new Float64Array(theta.length);
  for (let state = 0; state < exponents.length; state++) {
    for (let k = 0; k < n; k++) spins[k] = (state >> k) & 1 ? 1 : -1;
    evaluate(model, spins, values);
    exponents[state] = values.reduce((sum, value, a) => sum + theta[a] * value, 0);
  }
  const largest = exponents.reduce((a, b) => Math.max(a, b));
  const weights = exponents.map((value) => Math.exp(value - largest));
  const z = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / z);
}

/** Draws by the number of their state. */
export function states(spins: Int8Array, lattice: Lattice): Uint32Array {
  const n = siteCount(lattice);
  return Uint32Array.from({ length: spins.length / n }, (_, i) => {
    let state = 0;
    for (let k = 0; k < n; k++) if (spins[i * n + k] > 0) state |= 1 << k;
    return state;
  });
}

/** Draws by their number of spins up. */
export function ups(spins: Int8Array, n: number): Uint32Array {
  return Uint32Array.from({ length: spins.length / n }, (_, i) =>
    spins.subarray(i * n, (i + 1) * n).reduce((sum, spin) => sum + (spin > 0 ? 1 : 0), 0),
  );
}

/** Probability of every number of spins up. */
export function upProbabilities(all: Float64Array, n: number): Float64Array {
  const result = new Float64Array(n + 1);
  all.forEach((p, state) => {
    let up = 0;
    for (let rest = state; rest > 0; rest &= rest - 1) up++;
    result[up] += p;
  });
  return result;
}

/** Draws of a cell that are expected at least: rarer ones are taken together, in order of probability. */
const fewest = 5;

/**
 * Pearson's χ² of counts against probabilities, in standard deviations of its approximately normal cube root.
 *
 * Source: E. B. Wilson, M. M. Hilferty, Proc. Natl. Acad. Sci. 17, 684 (1931).
 */
export function chiSquareDeviation(found: Uint32Array, expected: Float64Array): number {
  const counts = new Float64Array(expected.length);
  for (const cell of found) counts[cell]++;
  const order = Array.from(expected.keys()).sort((a, b) => expected[b] - expected[a]);
  let [chi, cells, p, count] = [0, 0, 0, 0];
  let left = found.length;
  for (const cell of order) {
    p += expected[cell];
    count += counts[cell];
    const mean = p * found.length;
    left -= expected[cell] * found.length;
    // what is left must fill a cell as well
    if (mean < fewest || (left < fewest && left > 1e-9)) continue;
    chi += (count - mean) ** 2 / mean;
    cells++;
    [p, count] = [0, 0];
  }
  if (p * found.length > 1e-9 || count > 0) {
    const mean = Math.max(p * found.length, 1e-9);
    chi += (count - mean) ** 2 / mean;
    cells++;
  }
  const freedom = cells - 1;
  const spread = 2 / (9 * freedom);
  return (Math.cbrt(chi / freedom) - (1 - spread)) / Math.sqrt(spread);
}
