import { dot, SingularMatrixError, solve } from './symmetric.ts';

/** A concave function and its derivatives at one point. */
export interface Hill {
  readonly height: number;
  /** Its first derivatives: p values. */
  readonly gradient: Float64Array;
  /** Minus its second derivatives: p × p. */
  readonly curvature: Float64Array;
}

/** Where a climb ended. */
export interface Climb<T extends Hill> {
  readonly theta: Float64Array;
  readonly hill: T;
  /** Points that were taken. */
  readonly steps: number;
  /** At the top; where nothing bends any more, as far away at a hull's edge; or before either. */
  readonly end: 'top' | 'edge' | 'exhausted';
}

interface ClimbRules<T extends Hill> {
  /** Gain of the next step at which the top is reached. */
  readonly settled: number;
  readonly mostSteps: number;
  /** Part of a step that may be taken, of its direction and of what it would gain; 1 if not given. */
  readonly part?: (step: Float64Array, gain: number) => number;
  /** Hears of every point that is taken, the first included; whether it lies so far out that the climb ends there. */
  readonly isFar?: (theta: Float64Array, hill: T) => boolean;
}

/** Fall of the height that is rounding, and the part of what may be taken of a step that is given up. */
const rounding = 1e-13;
const smallestPart = 1e-6;

/**
 * Newton's method with step halving to the top of a concave function.
 *
 * @param at the function at θ, in slices; null where it is out of reach
 * @returns null where the start is out of reach
 */
export function* climb<T extends Hill, Y>(
  at: (theta: Float64Array) => Generator<Y, T | null>,
  start: Float64Array,
  { settled, mostSteps, part = () => 1, isFar = () => false }: ClimbRules<T>,
): Generator<Y, Climb<T> | null> {
  let theta = start;
  let hill = yield* at(theta);
  if (hill === null) return null;
  for (let steps = 1; ; steps++) {
    if (isFar(theta, hill)) return { theta, hill, steps, end: 'edge' };
    const { height, gradient, curvature }: Hill = hill;
    let step: Float64Array;
    try {
      step = solve(curvature, gradient);
    } catch (error) {
      if (!(error instanceof SingularMatrixError)) throw error;
      return { theta, hill, steps, end: 'edge' };
    }
    const gain = dot(step, gradient) / 2;
    if (gain < settled) return { theta, hill, steps, end: 'top' };
    if (steps >= mostSteps) return { theta, hill, steps, end: 'exhausted' };
    const whole = part(step, gain);
    let factor = whole;
    let next: T | null = null;
    let moved = theta;
    // written so that NaN is refused too
    const isHigher = () => next !== null && next.height >= height - rounding * Math.abs(height);
    for (; !isHigher(); factor /= 2) {
      // no higher however near: all that is left is rounding, or what is higher is out of reach
      if (factor < smallestPart * whole) {
        return { theta, hill, steps, end: next === null ? 'exhausted' : 'top' };
      }
      moved = theta.map((value, a) => value + factor * step[a]);
      next = yield* at(moved);
    }
    if (next === null) throw new Error('A point out of reach was taken.');
    [theta, hill] = [moved, next];
  }
}
