import type { Model } from '../../contract.ts';
import { OutOfReachError } from '../../failures.ts';
import * as jet from './jet.ts';
import { checkFinite, type ExactMethod, type ExactMoments } from './method.ts';

/** log Z of the torus at zero field with its first two derivatives in J. */
export interface Kaufman {
  readonly logZ: number;
  /** ⟨B⟩. */
  readonly meanB: number;
  readonly varB: number;
}

/** Part of the four terms that has to survive their cancellation on a frustrated torus. */
const leastRemainder = 1e-5;

/**
 * Exact partition function of the rows × cols torus at h = 0, any sides ≥ 3:
 *
 *   Z = ½ (2 sinh 2J)^{n/2} (Z₁ + Z₂ + Z₃ + Z₄)
 *   Z₁, Z₂ = Π_r 2 cosh, 2 sinh (m γ_{2r+1}/2),   Z₃, Z₄ = Π_r 2 cosh, 2 sinh (m γ_{2r}/2),   r < N
 *   cosh γ_l = cosh 2J coth 2J − cos(πl/N),   γ_0 = 2J + ln tanh J
 *
 * for sides m and N. Every factor is written through s = sinh 2J and c = s cosh γ, so that none is singular
 * at J = 0 or at J_c. For J < 0 and an odd side the signs of the four terms change and they cancel; the odd
 * side is then made N, where the differences Z₁ − Z₂ and Z₃ − Z₄ have closed forms.
 *
 * Source: B. Kaufman, Phys. Rev. 76, 1232 (1949), eq. (85); A. E. Ferdinand, M. E. Fisher,
 * Phys. Rev. 185, 832 (1969), eq. (2.2) ff.
 *
 * @throws OutOfReachError if both sides are odd and J so negative that nothing is left of the four terms
 */
export function kaufman(rows: number, cols: number, J: number): Kaufman {
  checkFinite([J]);
  const frustrated = J < 0 && (rows % 2 === 1 || cols % 2 === 1);
  const [m, n] = frustrated && rows % 2 === 1 && cols % 2 === 0 ? [cols, rows] : [rows, cols];
  const K = jet.variables(Math.abs(J), 0)[0];
  const odd = products(K, m, n, 1);
  const even = products(K, m, n, 0);

  // everything relative to Z₁
  const relative = jet.exp(jet.add(even.cosh, jet.scale(-1, odd.cosh)));
  const one = jet.constant(1);
  let sum: jet.Jet;
  let remainder = 1;
  if (!frustrated) {
    sum = jet.add(one, odd.ratio, jet.times(relative, jet.add(one, even.ratio)));
  } else if (m % 2 === 0) {
    sum = jet.add(odd.complement, jet.times(relative, even.complement));
  } else {
    const second = jet.times(relative, even.complement);
    sum = jet.add(second, jet.scale(-1, odd.complement));
    remainder = Math.abs(sum[0]) / (Math.abs(second[0]) + Math.abs(odd.complement[0]));
  }
  if (!Number.isFinite(sum[0]) || !Number.isFinite(odd.cosh[3])) {
    throw new OutOfReachError(
      `J = ${J} is too large for exact arithmetic on ${rows} × ${cols} sites.`,
    );
  }
  if (sum[0] <= 0 || remainder < leastRemainder) {
    throw new OutOfReachError(
      `At J = ${J} the terms of Kaufman's formula cancel on a torus of ${rows} × ${cols}: both sides are odd, so that its ground state is frustrated. Use an even side, or a less negative J.`,
    );
  }
  const logZ = jet.add(odd.cosh, jet.log(sum), jet.constant(-Math.LN2));
  return { logZ: logZ[0], meanB: J < 0 ? -logZ[1] : logZ[1], varB: logZ[3] };
}

/** One of the two sets of wave numbers φ = π(2r + parity)/N. */
interface Products {
  /** log of (2 sinh 2K)^{n/2} Π 2 cosh(mγ/2). */
  readonly cosh: jet.Jet;
  /** Π tanh(mγ/2), the ratio Z₂/Z₁ or Z₄/Z₃. */
  readonly ratio: jet.Jet;
  /** 1 − ratio, without cancellation. */
  readonly complement: jet.Jet;
}

function products(K: jet.Jet, m: number, n: number, parity: 0 | 1): Products {
  const one = jet.constant(1);
  const e = jet.exp(jet.scale(2, K));
  const s = jet.scale(0.5, jet.add(e, jet.scale(-1, jet.divide(one, e))));
  const gap = jet.add(one, jet.scale(-1, s));
  const gapSquare = jet.times(gap, gap);
  const square = jet.add(one, jet.times(s, s));
  let cosh = jet.constant(0);
  // tanh(mγ₀/2), the factor of φ = 0, and what it lacks of one
  let first = one;
  let lack = jet.constant(0);
  // log of the ratio of all factors but that of φ = 0
  let logRatio = jet.constant(0);
  for (let r = 0; r < n; r++) {
    const l = 2 * r + parity;
    if (l === 0) {
      // 2s e^{γ₀} = (e^{2K} − 1)², 2s e^{−γ₀} = (1 + e^{−2K})², e^{γ₀} = e^{2K} tanh K
      const low = jet.add(one, jet.divide(one, e));
      const high = jet.add(e, jet.constant(-1));
      const isOrdered = high[0] > low[0];
      const [larger, smaller] = isOrdered ? [high, low] : [low, high];
      const decay = jet.power(jet.divide(smaller, larger), m);
      cosh = jet.add(cosh, jet.scale(m, jet.log(larger)), jet.log1p(decay));
      const tanh = jet.divide(jet.add(one, jet.scale(-1, decay)), jet.add(one, decay));
      first = jet.scale(isOrdered ? 1 : -1, tanh);
      lack = jet.divide(jet.scale(2, isOrdered ? decay : one), jet.add(one, decay));
      continue;
    }
    // c ∓ s = (1 ∓ s)² ± …, sums of squares: exact near the critical point
    const wave = jet.scale(2 * Math.sin((Math.PI * l) / (2 * n)) ** 2, s);
    const minus = jet.add(gapSquare, wave);
    const plus = jet.add(square, wave);
    const c = jet.scale(0.5, jet.add(minus, plus));
    const root = jet.sqrt(jet.times(minus, plus));
    const larger = jet.add(c, root);
    const decay = jet.power(jet.divide(s, larger), m);
    // (2 sinh 2K)^{m/2} 2 cosh(mγ/2) = (2(c + √(c² − s²)))^{m/2} (1 + e^{−mγ})
    cosh = jet.add(cosh, jet.scale(m / 2, jet.log(jet.scale(2, larger))), jet.log1p(decay));
    logRatio = jet.add(logRatio, jet.log1p(jet.scale(-1, decay)), jet.scale(-1, jet.log1p(decay)));
  }
  // 1 − ab = (1 − a) + a (1 − b)
  const others = jet.expm1(logRatio);
  return {
    cosh,
    ratio: jet.times(first, jet.add(one, others)),
    complement: jet.add(lack, jet.scale(-1, jet.times(first, others))),
  };
}

/** The torus without field as an exact method: Kaufman's formula. */
export function kaufmanTorus(model: Model): ExactMethod {
  const { rows, cols } = model.lattice;
  return {
    name: `Kaufman's formula for a torus of ${rows} × ${cols}`,
    operations: 1000 * cols,
    seconds: 1e-6 * cols,
    *evaluate(theta): Generator<number, ExactMoments> {
      const { logZ, meanB, varB } = kaufman(rows, cols, theta[0]);
      yield 1000 * cols;
      return { logZ, mean: Float64Array.of(meanB), covariance: Float64Array.of(varB) };
    },
  };
}
