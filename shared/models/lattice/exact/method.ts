import { OutOfReachError } from '../../failures.ts';

/** log Z(θ) with its first and second derivatives, to working accuracy. */
export interface ExactMoments {
  readonly logZ: number;
  /** ⟨T_a⟩ = ∂ log Z/∂θ_a: p values. */
  readonly mean: Float64Array;
  /** Cov(T_a, T_b) = ∂² log Z/∂θ_a∂θ_b: p × p, row-major. */
  readonly covariance: Float64Array;
}

/** A way to evaluate log Z and its derivatives without a sampler. */
export interface ExactMethod {
  /** What it is called in a report: "transfer matrix (2^8 states)". */
  readonly name: string;
  /** Operations of one evaluation, roughly. */
  readonly operations: number;
  /** Seconds of one evaluation on an ordinary core, from the operations and not from a clock. */
  readonly seconds: number;
  /**
   * Evaluates at θ in pieces of some milliseconds, and yields after each the operations it took, so
   * that whoever drives it can hear a stop.
   *
   * @throws OutOfReachError if the parameters are not finite, or too large for the method's arithmetic
   */
  evaluate(theta: ArrayLike<number>): Generator<number, ExactMoments>;
}

/** @throws OutOfReachError if a parameter is not a finite number */
export function checkFinite(theta: ArrayLike<number>): void {
  for (let a = 0; a < theta.length; a++) {
    if (!Number.isFinite(theta[a])) {
      throw new OutOfReachError(`Parameter ${a + 1} is ${theta[a]}; it must be a finite number.`);
    }
  }
}
