import type { Boundary } from '../../shared/models/lattice/lattice.ts';
import type { Offset } from '../../shared/models/lattice/offsets.ts';

/** Pairs {k, k + d} by definition: a set of unordered pairs, walked site by site. */
export function pairs(
  rows: number,
  cols: number,
  edges: Boundary,
  [dr, dc]: Offset,
): [number, number][] {
  const found = new Map<string, [number, number]>();
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < cols; c++) {
      const [row, col] = [r + dr, c + dc];
      const inside = row >= 0 && row < rows && col >= 0 && col < cols;
      if (edges === 'free' && !inside) continue;
      const i = r * cols + c;
      const j = (((row % rows) + rows) % rows) * cols + (((col % cols) + cols) % cols);
      found.set([i, j].sort((a, b) => a - b).join(), [i, j]);
    }
  }
  return [...found.values()];
}

/** Legendre polynomials by their closed forms. */
export const legendre = [
  () => 1,
  (x: number) => x,
  (x: number) => (3 * x * x - 1) / 2,
  (x: number) => (5 * x ** 3 - 3 * x) / 2,
  (x: number) => (35 * x ** 4 - 30 * x * x + 3) / 8,
];

/** T of every state of n spins, by its definition: 2ⁿ × p. */
export function everyState(values: (spins: readonly number[]) => number[], n: number) {
  return Array.from({ length: 2 ** n }, (_, state) =>
    Float64Array.from(values(Array.from({ length: n }, (_, k) => ((state >> k) & 1 ? 1 : -1)))),
  );
}

/** log Z, ⟨T⟩ and Cov(T) (p × p) by summing over all states. */
export function summed(states: readonly Float64Array[], theta: readonly number[]) {
  const p = theta.length;
  let z = 0;
  const sums = new Float64Array(p);
  const products = new Float64Array(p * p);
  for (const T of states) {
    let energy = 0;
    for (let a = 0; a < p; a++) energy += theta[a] * T[a];
    const weight = Math.exp(energy);
    z += weight;
    for (let a = 0; a < p; a++) {
      sums[a] += weight * T[a];
      for (let b = 0; b < p; b++) products[a * p + b] += weight * T[a] * T[b];
    }
  }
  const mean = sums.map((sum) => sum / z);
  const covariance = products.map((sum, k) => sum / z - mean[Math.floor(k / p)] * mean[k % p]);
  return { logZ: Math.log(z), mean, covariance };
}
