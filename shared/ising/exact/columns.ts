/**
 * The hot loops of the transfer matrix: one step of it for a group of one to three coefficients, each a
 * flat array of 2^w numbers, one a state of a row (bit c set: the spin in column c is up).
 *
 * A host may hand in a faster implementation with the same results.
 */
export interface Columns {
  /**
   * Adds the vertical bond of the column in the highest bit, where an unsatisfied bond has weight q(1 + x):
   *
   *   a′_s = a_s + q a_s̄,   b′_s = b_s + q (b_s̄ + a_s̄),   c′_s = c_s + q (c_s̄ + b_s̄),
   *
   * s̄ being s with that bit flipped. The result's bits are rotated up by one, so that the next column is
   * in the highest bit, and after w steps every bit is back in its place.
   *
   * @param from coefficients of m, m·x, m·x² (one to three arrays)
   * @param to as many arrays that receive the result
   */
  bond(from: readonly Float64Array[], to: readonly Float64Array[], q: number): void;
}

/** The loops in TypeScript. */
export const plainColumns: Columns = {
  bond(from, to, q) {
    if (from.length === 3) bond3(from[0], from[1], from[2], to[0], to[1], to[2], q);
    else if (from.length === 2) bond2(from[0], from[1], to[0], to[1], q);
    else bond1(from[0], to[0], q);
  },
};

function bond1(a: Float64Array, a2: Float64Array, q: number): void {
  const half = a.length >> 1;
  for (let k = 0; k < half; k++) {
    const down = a[k];
    const up = a[k + half];
    a2[2 * k] = down + q * up;
    a2[2 * k + 1] = up + q * down;
  }
}

function bond2(
  a: Float64Array,
  b: Float64Array,
  a2: Float64Array,
  b2: Float64Array,
  q: number,
): void {
  const half = a.length >> 1;
  for (let k = 0; k < half; k++) {
    const downA = a[k];
    const upA = a[k + half];
    const downB = b[k];
    const upB = b[k + half];
    a2[2 * k] = downA + q * upA;
    a2[2 * k + 1] = upA + q * downA;
    b2[2 * k] = downB + q * (upB + upA);
    b2[2 * k + 1] = upB + q * (downB + downA);
  }
}

function bond3(
  a: Float64Array,
  b: Float64Array,
  c: Float64Array,
  a2: Float64Array,
  b2: Float64Array,
  c2: Float64Array,
  q: number,
): void {
  const half = a.length >> 1;
  for (let k = 0; k < half; k++) {
    const downA = a[k];
    const upA = a[k + half];
    const downB = b[k];
    const upB = b[k + half];
    const downC = c[k];
    const upC = c[k + half];
    a2[2 * k] = downA + q * upA;
    a2[2 * k + 1] = upA + q * downA;
    b2[2 * k] = downB + q * (upB + upA);
    b2[2 * k + 1] = upB + q * (downB + downA);
    c2[2 * k] = downC + q * (upC + upB);
    c2[2 * k + 1] = upC + q * (downC + downB);
  }
}
