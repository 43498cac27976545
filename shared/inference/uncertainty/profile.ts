import type { ExactMoments } from '../../models/lattice/exact/method.ts';
import { climb } from '../../numerics/newton.ts';
import { dot, solve } from '../../numerics/symmetric.ts';
import type { Sliced } from '../../numerics/yielding.ts';
import type { Estimate } from '../estimate.ts';
import type { Likelihood } from '../likelihood.ts';
import { type Posterior, posterior } from '../penalties/posterior.ts';
import type { Problem } from '../run.ts';
import { type Ends, gaussian68, gaussian95, type Profile } from './intervals.ts';
import { isSuspect } from './parabola.ts';

/** Part by which √(2 fall) at the ends of estimate ± 1.96 errors may miss 1.96. */
const largestMiss = 0.1;
/** Seconds that the intervals may take, of so many evaluations a parameter. */
const patience = 5;
const evaluations = 20;
const mostSteps = 25;
/** Height below the ridge that is none. */
const settled = 1e-5;

/**
 * Profile-likelihood intervals where estimate ± error is doubtful, null where it is not: for every parameter
 * the ends are where
 *
 *   max over the other parameters of M ℓ(θ) = M ℓ(θ̂) − z²/2,   z = 0.994 (68 %), 1.960 (95 %).
 *
 * Few images, or data near the hull's edge, raise the suspicion; the fall of the likelihood at the ends of
 * estimate ± 1.96 errors decides. With a prior ℓ is the log-posterior; M is the effective number of images.
 *
 * Source: D. J. Venzon, S. H. Moolgavkar, Appl. Stat. 37, 87 (1988).
 */
export function* profileIntervals(
  problem: Problem,
  { parameters, covariance }: Pick<Estimate, 'parameters' | 'covariance'>,
  likelihood: Likelihood,
  effectiveImages: number,
  names: readonly string[],
): Sliced<Profile | null> {
  const p = parameters.length;
  const slow = p * evaluations * likelihood.seconds > patience;
  if (!covariance || slow || !isSuspect(problem, effectiveImages)) return null;
  const surface = new Surface(problem, likelihood, effectiveImages);
  const top = yield* surface.at(parameters);
  if (!top) return null;
  const wald = covariance.map((value) => (value * problem.observed.images) / effectiveImages);

  // how far the likelihood has really fallen at the ends of estimate ± 1.96 errors
  let [worst, parameter] = [0, 0];
  let falls: Falls = { ends: [0, 0], isReached: true };
  for (let a = 0; a < p; a++) {
    const found = yield* fallsOf(surface, top, wald, a);
    const miss = Math.max(
      ...found.ends.map((fall) => Math.abs(Math.sqrt(2 * Math.max(0, fall)) / gaussian95 - 1)),
    );
    if (miss > worst) [worst, parameter, falls] = [miss, a, found];
  }
  if (!(worst > largestMiss)) return null;

  const ends: Record<'68' | '95', Ends[]> = { '68': [], '95': [] };
  for (let a = 0; a < p; a++) {
    for (const [level, z] of [
      ['68', gaussian68],
      ['95', gaussian95],
    ] as const) {
      const low = yield* endOf(surface, parameters, wald, a, -z, top.height);
      const high = yield* endOf(surface, parameters, wald, a, z, top.height);
      ends[level].push([low, high]);
    }
  }
  return {
    reason: reasonOf(names[parameter], falls),
    by: likelihood.name,
    interval68: ends['68'],
    interval95: ends['95'],
  };
}

/** Falls of the likelihood at one parameter's θ̂_a ± 1.96 errors. */
interface Falls {
  /** Below and above; infinite where nobody can tell. */
  readonly ends: readonly number[];
  /** Whether the likelihood is known there; if not, they were continued from nearer by. */
  readonly isReached: boolean;
}

/**
 * Where samples reach only a half or a quarter as far as the ends, what the fall is there beyond the parabola at the
 * top goes on as its third and fourth order. Both parts are of the same samples, so that no noise but that of their
 * third and fourth moments grows.
 */
function* fallsOf(
  surface: Surface,
  top: Posterior,
  covariance: Float64Array,
  a: number,
): Sliced<Falls> {
  for (const part of [1, 0.5, 0.25]) {
    const falls: number[] = [];
    const beyond: number[] = [];
    for (const side of [-1, 1]) {
      const there = yield* surface.at(along(top.theta, covariance, a, side * part * gaussian95));
      if (!there) break;
      falls.push(top.height - there.height);
      beyond.push(falls[falls.length - 1] - parabola(top, there.theta));
    }
    if (beyond.length < 2) continue;
    if (part === 1) return { ends: falls, isReached: true };
    const third = (beyond[1] - beyond[0]) / 2 / part ** 3;
    const fourth = (beyond[1] + beyond[0]) / 2 / part ** 4;
    const ends = [-1, 1].map(
      (side) =>
        parabola(top, along(top.theta, covariance, a, side * gaussian95)) + side * third + fourth,
    );
    return { ends, isReached: false };
  }
  return { ends: [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY], isReached: false };
}

/** Fall from the top as its gradient and curvature there have it. */
function parabola({ theta, gradient, curvature }: Posterior, there: Float64Array): number {
  const step = there.map((value, b) => value - theta[b]);
  const p = step.length;
  const bent = step.map((_, b) => dot(curvature.subarray(b * p, (b + 1) * p), step));
  return dot(step, bent) / 2 - dot(gradient, step);
}

/** Why estimate ± error is doubtful, of the falls below and above. */
function reasonOf(name: string, { ends: [below, above], isReached }: Falls): string {
  if (!isReached && Number.isFinite(below)) {
    return `The likelihood is no parabola about the estimate: continued from as far as the fit’s samples reach to ${name} ± 1.96 standard errors, its logarithm falls by about ${below.toFixed(1)} below and by ${above.toFixed(1)} above, not by 1.9 on both sides.`;
  }
  if (isReached) {
    return `The likelihood is no parabola about the estimate: at ${name} ± 1.96 standard errors its logarithm has fallen by ${below.toFixed(2)} below and by ${above.toFixed(2)} above, not by 1.92 on both sides.`;
  }
  return `Whether the likelihood is a parabola about the estimate cannot be told: the fit’s samples do not reach as far as ${name} ± 1.96 standard errors.`;
}

/** M ℓ(θ), with a prior the log-posterior. */
class Surface {
  constructor(
    private readonly problem: Problem,
    private readonly likelihood: Likelihood,
    private readonly images: number,
  ) {}

  *at(theta: Float64Array): Sliced<Posterior | null> {
    const moments: ExactMoments | null = yield* this.likelihood.evaluate(theta);
    if (!moments) return null;
    const { images, problem } = this;
    const one = posterior(theta, moments, problem.observed.mean, problem.penalty);
    return {
      ...one,
      height: images * one.height,
      gradient: one.gradient.map((value) => images * value),
      curvature: one.curvature.map((value) => images * value),
    };
  }
}

/** θ̂ + z σ_a along the ridge on which θ_a alone is given. */
function along(theta: Float64Array, covariance: Float64Array, a: number, z: number): Float64Array {
  const p = theta.length;
  const scale = z / Math.sqrt(covariance[a * p + a]);
  return theta.map((value, b) => value + scale * covariance[b * p + a]);
}

/** A point of the ridge: the likelihood's maximum for its θ_a. */
interface Ridge {
  readonly point: Posterior;
  /** dM ℓ/dθ_a along the ridge. */
  readonly steepness: number;
  /** By how much the parameters move with θ_a along it; 1 for θ_a itself. */
  readonly lean: Float64Array;
}

/** The maximum over all parameters but θ_a; null where it is out of reach. */
function* ridgeAt(surface: Surface, start: Float64Array, a: number): Sliced<Ridge | null> {
  const p = start.length;
  const others = Array.from({ length: p }, (_, b) => b).filter((b) => b !== a);
  const climbed = yield* climb(
    function* (values) {
      const theta = start.slice();
      others.forEach((b, i) => {
        theta[b] = values[i];
      });
      const point: Posterior | null = yield* surface.at(theta);
      return (
        point && {
          point,
          height: point.height,
          gradient: Float64Array.from(others, (b) => point.gradient[b]),
          curvature: Float64Array.from(
            others.flatMap((b) => others.map((c) => point.curvature[b * p + c])),
          ),
        }
      );
    },
    Float64Array.from(others, (b) => start[b]),
    { settled, mostSteps },
  );
  if (climbed?.end !== 'top') return null;
  const { point, curvature } = climbed.hill;
  const aside = solve(
    curvature,
    others.map((b) => -point.curvature[b * p + a]),
  );
  const lean = new Float64Array(p);
  lean[a] = 1;
  others.forEach((b, i) => {
    lean[b] = aside[i];
  });
  return { point, steepness: dot(lean, point.gradient), lean };
}

/**
 * θ_a at one end: Newton's method in the root √(2 fall) along the ridge, which is all but linear in θ_a, kept between
 * values that are known to lie on either side of the end. NaN where it is out of reach.
 */
function* endOf(
  surface: Surface,
  theta: Float64Array,
  covariance: Float64Array,
  a: number,
  z: number,
  top: number,
): Sliced<number> {
  const longest = Math.sqrt(covariance[a * theta.length + a]);
  let [inside, outside] = [theta[a], Math.sign(z) * Number.POSITIVE_INFINITY];
  let next = along(theta, covariance, a, z);
  let nearest = theta;
  let width = Number.POSITIVE_INFINITY;
  for (let steps = 0; steps < mostSteps; steps++) {
    const ridge = yield* ridgeAt(surface, next, a);
    const at = next[a];
    let wanted = Number.NaN;
    let lean: Float64Array | null = null;
    if (ridge) {
      const root = Math.sqrt(2 * Math.max(0, top - ridge.point.height));
      const missing = Math.abs(z) - root;
      if (Math.abs(missing) < 1e-4) return at;
      if (missing > 0) inside = at;
      else outside = at;
      nearest = ridge.point.theta;
      lean = ridge.lean;
      // d√(2 fall)/dθ_a = −steepness/root
      const full = (-missing * root) / ridge.steepness;
      wanted = at + Math.sign(full) * Math.min(Math.abs(full), longest);
    } else outside = at;
    // where the other phase takes over, the root bends so sharply that Newton's method goes back and forth
    const halved = Math.abs(outside - inside) <= width / 2 || !Number.isFinite(outside);
    width = Math.abs(outside - inside);
    const between = (wanted - inside) * (wanted - outside) < 0;
    const value = between && halved ? wanted : (inside + outside) / 2;
    if (!Number.isFinite(value)) return Number.NaN;
    const moved = value - nearest[a];
    const along = lean;
    next = nearest.map((old, b) => old + (along ? along[b] * moved : 0));
    next[a] = value;
  }
  return Number.NaN;
}
