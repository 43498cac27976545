/**
 * Small symmetric positive definite matrices, p × p and row-major: what Newton steps and errors need.
 */

/** Thrown where a matrix that should be positive definite is not, to working accuracy. */
export class SingularMatrixError extends Error {
  override readonly name = 'SingularMatrixError';

  /** @param index row at which the factorisation broke down */
  constructor(readonly index: number) {
    super(
      `The matrix is singular: row ${index + 1} is a combination of the rows before it, so the parameters cannot be told apart.`,
    );
  }
}

/** A Cholesky pivot below this part of its diagonal entry is rounding, not information. */
const smallestPivot = 1e-13;

/**
 * Lower triangle L of A = L Lᵀ.
 *
 * @throws SingularMatrixError if A is not positive definite to working accuracy
 */
function cholesky(a: Float64Array, p: number): Float64Array {
  const l = new Float64Array(p * p);
  for (let i = 0; i < p; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[i * p + j];
      for (let k = 0; k < j; k++) sum -= l[i * p + k] * l[j * p + k];
      if (i > j) l[i * p + j] = sum / l[j * p + j];
      // the comparison is written so that NaN fails it too
      else if (sum > smallestPivot * a[i * p + i]) l[i * p + i] = Math.sqrt(sum);
      else throw new SingularMatrixError(i);
    }
  }
  return l;
}

/**
 * x with A x = b for a symmetric positive definite A.
 *
 * @throws SingularMatrixError if A is not positive definite to working accuracy
 */
export function solve(a: Float64Array, b: ArrayLike<number>): Float64Array {
  const p = b.length;
  return substitute(cholesky(a, p), b);
}

/** Forward and backward substitution: x with L Lᵀ x = b. */
function substitute(l: Float64Array, b: ArrayLike<number>): Float64Array {
  const p = b.length;
  const x = Float64Array.from(b);
  for (let i = 0; i < p; i++) {
    for (let k = 0; k < i; k++) x[i] -= l[i * p + k] * x[k];
    x[i] /= l[i * p + i];
  }
  for (let i = p - 1; i >= 0; i--) {
    for (let k = i + 1; k < p; k++) x[i] -= l[k * p + i] * x[k];
    x[i] /= l[i * p + i];
  }
  return x;
}

/**
 * A⁻¹ of a symmetric positive definite A.
 *
 * @throws SingularMatrixError if A is not positive definite to working accuracy
 */
export function invert(a: Float64Array): Float64Array {
  const p = Math.round(Math.sqrt(a.length));
  const l = cholesky(a, p);
  const inverse = new Float64Array(p * p);
  for (let j = 0; j < p; j++) {
    const unit = new Float64Array(p);
    unit[j] = 1;
    substitute(l, unit).forEach((value, i) => {
      inverse[i * p + j] = value;
    });
  }
  return inverse;
}

/** A C A for symmetric A and C: a covariance C carried through the linear map A. */
export function congruence(a: Float64Array, c: Float64Array): Float64Array {
  return multiply(multiply(a, c), a);
}

/** A B of two p × p matrices. */
export function multiply(a: Float64Array, b: Float64Array): Float64Array {
  const p = Math.round(Math.sqrt(a.length));
  const product = new Float64Array(p * p);
  for (let i = 0; i < p; i++) {
    for (let k = 0; k < p; k++) {
      for (let j = 0; j < p; j++) product[i * p + j] += a[i * p + k] * b[k * p + j];
    }
  }
  return product;
}

/** Aᵀ. */
export function transpose(a: Float64Array): Float64Array {
  const p = Math.round(Math.sqrt(a.length));
  return a.map((_, k) => a[(k % p) * p + Math.floor(k / p)]);
}

/** xᵀ y. */
export function dot(x: ArrayLike<number>, y: ArrayLike<number>): number {
  let sum = 0;
  for (let k = 0; k < x.length; k++) sum += x[k] * y[k];
  return sum;
}
