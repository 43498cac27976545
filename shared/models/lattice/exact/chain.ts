import type { Model } from '../../contract.ts';
import { OutOfReachError } from '../../failures.ts';
import { siteCount } from '../lattice.ts';
import type { NearestNeighbours } from '../nearest-neighbours.ts';
import * as jet from './jet.ts';
import { checkFinite, type ExactMethod, type ExactMoments } from './method.ts';

/**
 * One dimension (one row or one column) with field, in closed form. With H = h/n and the eigenvalues
 *
 *   λ± = e^J cosh H ± √(e^{2J} sinh²H + e^{−2J})
 *
 * of the transfer matrix, Z = λ₊ⁿ + λ₋ⁿ on a ring, and Z = c₊ λ₊ⁿ⁻¹ + c₋ λ₋ⁿ⁻¹ on an open chain, c± being the
 * squared overlaps of the eigenvectors with the ends (e^{H/2}, e^{−H/2}).
 *
 * Source: E. Ising, Z. Phys. 31, 253 (1925); R. J. Baxter, Exactly solved models (1982), section 2.1.
 */
export function chain(model: Model, layout: NearestNeighbours): ExactMethod {
  const n = siteCount(model.lattice);
  const { boundary } = model.lattice;
  const { along, field } = layout;
  return {
    name: `closed form of ${boundary === 'periodic' ? 'a ring' : 'a chain'} of ${n} spins`,
    operations: 2000,
    seconds: 1e-5,
    *evaluate(theta): Generator<number, ExactMoments> {
      checkFinite(theta);
      const [J, h] = jet.variables(theta[along], field === null ? 0 : theta[field]);
      const H = jet.scale(1 / n, h);
      const logZ = boundary === 'periodic' ? ring(J, H, n) : open(J, H, n);
      yield 2000;
      const [value, byJ, byH, byJJ, byJH, byHH] = logZ;
      if (!logZ.every(Number.isFinite)) {
        throw new OutOfReachError(
          `The parameters ${Array.from(theta).join(', ')} are too large for exact arithmetic on ${n} sites.`,
        );
      }
      return field === null
        ? { logZ: value, mean: Float64Array.of(byJ), covariance: Float64Array.of(byJJ) }
        : {
            logZ: value,
            mean: Float64Array.of(byJ, byH),
            covariance: Float64Array.of(byJJ, byJH, byJH, byHH),
          };
    },
  };
}

/** λ₊, λ₋/λ₊ and the gap λ₊ − λ₋; λ₋ comes from the determinant λ₊ λ₋ = 2 sinh 2J, not from a difference. */
function eigenvalues(J: jet.Jet, H: jet.Jet) {
  const up = jet.exp(jet.add(J, H));
  const down = jet.exp(jet.add(J, jet.scale(-1, H)));
  const unequal = jet.exp(jet.scale(-2, J));
  const half = jet.scale(0.5, jet.add(up, jet.scale(-1, down)));
  const root = jet.sqrt(jet.add(jet.times(half, half), unequal));
  const larger = jet.add(jet.scale(0.5, jet.add(up, down)), root);
  const determinant = jet.add(jet.exp(jet.scale(2, J)), jet.scale(-1, unequal));
  return {
    larger,
    ratio: jet.divide(determinant, jet.times(larger, larger)),
    gap: jet.scale(2, root),
  };
}

/** log(λ₊ⁿ + λ₋ⁿ). */
function ring(J: jet.Jet, H: jet.Jet, n: number): jet.Jet {
  const { larger, ratio } = eigenvalues(J, H);
  return jet.add(jet.scale(n, jet.log(larger)), jet.log1p(jet.power(ratio, n)));
}

/** log(c₊ λ₊ⁿ⁻¹ + c₋ λ₋ⁿ⁻¹). */
function open(J: jet.Jet, H: jet.Jet, n: number): jet.Jet {
  const { larger, ratio, gap } = eigenvalues(J, H);
  // v·v and v·T v of the ends v; c₊ + c₋ = v·v and c₊ λ₊ + c₋ λ₋ = v·T v
  const square = jet.add(jet.exp(H), jet.exp(jet.scale(-1, H)));
  const once = jet.add(
    jet.exp(jet.add(J, jet.scale(2, H))),
    jet.exp(jet.add(J, jet.scale(-2, H))),
    jet.scale(2, jet.exp(jet.scale(-1, J))),
  );
  const smaller = jet.times(ratio, larger);
  const c1 = jet.divide(jet.add(once, jet.scale(-1, jet.times(smaller, square))), gap);
  const c2 = jet.divide(jet.add(jet.times(larger, square), jet.scale(-1, once)), gap);
  const second = jet.times(jet.divide(c2, c1), jet.power(ratio, n - 1));
  return jet.add(jet.log(c1), jet.scale(n - 1, jet.log(larger)), jet.log1p(second));
}
