/** ½ ln(1 + √2), the critical coupling of the infinite square lattice at h = 0. */
export const criticalCoupling = Math.asinh(1) / 2;

/**
 * Correlation length along a row of the infinite square lattice at h = 0, in lattice spacings:
 *
 *   1/ξ = −ln tanh|J| − 2|J|          |J| < J_c
 *   1/ξ = 2 (2|J| + ln tanh|J|)       |J| > J_c, where the connected correlation needs two domain walls
 *
 * for J < 0 of the staggered spins. Infinite at J_c, 0 at J = 0.
 *
 * Sources: L. Onsager, Phys. Rev. 65, 117 (1944), eq. (112) ff.; B. M. McCoy, T. T. Wu, The Two-Dimensional
 * Ising Model (1973), chapters XI and XII.
 */
export function infiniteCorrelationLength(J: number): number {
  const K = Math.abs(J);
  if (K === 0) return 0;
  const gap = -Math.log(Math.tanh(K)) - 2 * K;
  return gap >= 0 ? 1 / gap : -1 / (2 * gap);
}

/** 1/ξ = −ln tanh|J| of an endless row at h = 0. */
export function chainCorrelationLength(J: number): number {
  return J === 0 ? 0 : -1 / Math.log(Math.tanh(Math.abs(J)));
}

/**
 * Correlation length of a measured connected correlation in the plane, C(d) ∝ e^(−d/ξ)/√d beyond ξ: the slope of
 * ln C(d)√d, least squares with weights (C/δC)², over the distances from ξ on at which C is above five errors.
 * Nearer by, C falls faster than its ξ says.
 *
 * Source: T. T. Wu, B. M. McCoy, C. A. Tracy, E. Barouch, Phys. Rev. B 13, 316 (1976)
 *
 * @returns null where fewer than two distances are left
 */
export function measuredCorrelationLength(
  distances: readonly number[],
  correlation: readonly number[],
  errors: readonly number[],
): { length: number; error: number } | null {
  const end = correlation.findIndex((c, k) => !(c > 5 * errors[k]));
  const used = end < 0 ? correlation.length : end;
  for (let first = 0; first + 2 <= used; first++) {
    const found = decay(distances, correlation, errors, first, used);
    if (found && distances[first] >= found.length) return found;
  }
  return null;
}

/** From the distances number `first` … `used` − 1. */
function decay(
  distances: readonly number[],
  correlation: readonly number[],
  errors: readonly number[],
  first: number,
  used: number,
): { length: number; error: number } | null {
  let [w, wx, wy, wxx, wxy] = [0, 0, 0, 0, 0];
  for (let k = first; k < used; k++) {
    const weight = (correlation[k] / errors[k]) ** 2;
    const [x, y] = [distances[k], Math.log(correlation[k] * Math.sqrt(distances[k]))];
    w += weight;
    wx += weight * x;
    wy += weight * y;
    wxx += weight * x * x;
    wxy += weight * x * y;
  }
  const determinant = w * wxx - wx * wx;
  const slope = (w * wxy - wx * wy) / determinant;
  if (!(slope < 0)) return null;
  return { length: -1 / slope, error: Math.sqrt(w / determinant) / slope ** 2 };
}
