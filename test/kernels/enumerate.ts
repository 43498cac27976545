import type { Model } from '../../shared/models/contract.ts';
import { evaluate } from '../../shared/models/contract.ts';
import { siteCount } from '../../shared/models/lattice/lattice.ts';

const tables = new Map<string, Float64Array>();

/** T of all 2ⁿ configurations, configuration-major. */
function statisticsOfAll(model: Model): Float64Array {
  const { rows, cols, boundary } = model.lattice;
  const key = `${rows} ${cols} ${boundary}`;
  const known = tables.get(key);
  if (known) return known;
  const n = siteCount(model.lattice);
  const all = new Float64Array(2 * 2 ** n);
  const spins = new Int8Array(n);
  for (let c = 0; c < 2 ** n; c++) {
    for (let k = 0; k < n; k++) spins[k] = (c >> k) & 1 ? 1 : -1;
    evaluate(model, spins, all.subarray(2 * c, 2 * c + 2));
  }
  tables.set(key, all);
  return all;
}

/**
 * ⟨T⟩ and Cov(T) of a uniform model by summing over every configuration.
 *
 * @param least only those with a magnetisation above this: the states of one phase
 */
export function enumerate(model: Model, theta: number[], least = Number.NEGATIVE_INFINITY) {
  const all = statisticsOfAll(model);
  const sums = new Float64Array(6);
  for (let c = 0; c < all.length; c += 2) {
    const [b, m] = [all[c], all[c + 1]];
    if (m <= least) continue;
    const weight = Math.exp(theta[0] * b + theta[1] * m);
    const terms = [1, b, m, b * b, b * m, m * m];
    for (let k = 0; k < 6; k++) sums[k] += weight * terms[k];
  }
  const [z, b, m, bb, bm, mm] = sums;
  const mean = [b / z, m / z];
  const cross = bm / z - mean[0] * mean[1];
  return { mean, covariance: [bb / z - mean[0] ** 2, cross, cross, mm / z - mean[1] ** 2] };
}
