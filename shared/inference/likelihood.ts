import { OutOfReachError } from '../models/failures.ts';
import type { ExactMethod, ExactMoments } from '../models/lattice/exact/method.ts';
import type { Sliced } from '../numerics/yielding.ts';

/** log Z about an estimate, as far as a fit knows it. */
export interface Likelihood {
  /** How it is known: "transfer matrix (2^8 states)", "reweighting". */
  readonly name: string;
  readonly isExact: boolean;
  /** Seconds of one evaluation, about. */
  readonly seconds: number;
  /** log Z up to a constant, ⟨T⟩ and Cov(T) at θ, in slices; null where θ is out of reach. */
  evaluate(theta: Float64Array): Sliced<ExactMoments | null>;
}

export function exactLikelihood(method: ExactMethod): Likelihood {
  return {
    name: method.name,
    isExact: true,
    seconds: method.seconds,
    evaluate: (theta) => evaluateInReach(method, theta),
  };
}

/** What an exact method gives at θ, in slices; null where θ is beyond its arithmetic. */
export function* evaluateInReach(
  method: ExactMethod,
  theta: Float64Array,
): Generator<number, ExactMoments | null> {
  try {
    return yield* method.evaluate(theta);
  } catch (error) {
    if (!(error instanceof OutOfReachError)) throw error;
    return null;
  }
}
