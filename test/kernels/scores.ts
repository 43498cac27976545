import type { Model } from '../../shared/models/contract.ts';
import { siteCount } from '../../shared/models/lattice/lattice.ts';

/** S_a = Σ_k (s_k − tanh H_k) ∂H_k/∂θ_a, bond by bond. */
export function scores(
  model: Model,
  theta: ArrayLike<number>,
  spins: ArrayLike<number>,
): Float64Array {
  const n = siteCount(model.lattice);
  const slopes = model.statistics.map(({ bonds, sites, weight }) => {
    const slope = new Float64Array(n);
    for (let e = 0; e < bonds.length; e += 2) {
      slope[bonds[e]] += weight * spins[bonds[e + 1]];
      slope[bonds[e + 1]] += weight * spins[bonds[e]];
    }
    for (const k of sites) slope[k] += weight;
    return slope;
  });
  const off = Float64Array.from({ length: n }, (_, k) => {
    const field = slopes.reduce((sum, slope, a) => sum + theta[a] * slope[k], 0);
    return spins[k] - Math.tanh(field);
  });
  return Float64Array.from(slopes, (slope) =>
    slope.reduce((sum, value, k) => sum + value * off[k], 0),
  );
}
