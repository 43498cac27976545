import { dot } from '../numerics/symmetric.ts';
import type { Sliced } from '../numerics/yielding.ts';
import type { Series } from '../sampling/kernel.ts';
import type { Sampler } from '../sampling/sampler.ts';
import { Chains } from './draws.ts';
import type { LogZ, PathStart } from './evidence.ts';

/** Length of a step in standard deviations of the integrand's statistic. */
const stepLength = 1;
/** Largest part of the path in one step, which matters where the statistic hardly varies. */
const longestStep = 0.5;
/** Sweeps that every point keeps at least, and those that hold clusters. */
export const fewestSweeps = 512;
const fewestClusterSweeps = 48;

/** One point of the path: of every chain the mean of H = (θ₁ − θ₀)·T and its mean square about ⟨H⟩. */
interface Point {
  readonly lambda: number;
  readonly mean: Float64Array;
  readonly square: Float64Array;
  readonly deviation: number;
}

/**
 * Thermodynamic integration along a straight path θ₀ → θ₁,
 *
 *   log Z(θ₁) = log Z(θ₀) + ∫₀¹ ⟨H⟩_λ dλ,   H = (θ₁ − θ₀)·T,   d⟨H⟩/dλ = Var_λ(H),
 *
 * in steps of one standard deviation of H, by the trapezoidal rule corrected by the derivative at both
 * ends of a step, Δ/2 (f₀ + f₁) + Δ²/12 (f₀′ − f₁′). One set of chains goes along the path and comes to
 * rest at every point. The statistical error is the spread between chains of the whole integral, which
 * holds whatever remains of one point at the next; the rule's error, of order Δ⁴, is a fifteenth of the
 * difference to the integral with every second point, and both are added in squares.
 *
 * Source: A. Gelman, X.-L. Meng, Stat. Sci. 13, 163 (1998), section 2.
 *
 * @param onProgress told which part of the points is behind it, as far as it can be foreseen
 */
export function* integrateLogZ(
  sampler: Sampler,
  start: PathStart,
  end: Float64Array,
  seed: number,
  onProgress: (done: number) => void,
): Sliced<LogZ> {
  const direction = end.map((value, a) => value - start.theta[a]);
  if (direction.every((value) => value === 0)) {
    return { value: start.logZ, error: 0, method: start.name };
  }
  const chains = new Chains(sampler, start.theta, seed);
  const points: Point[] = [];
  for (let lambda = 0; ; ) {
    let { series } = yield* chains.settle();
    const fewest = chains.clusters ? fewestClusterSweeps : fewestSweeps;
    if (series.measurements < fewest) series = yield* chains.record(fewest);
    const point = pointOf(lambda, series, direction);
    points.push(point);
    const step = Math.min(longestStep, stepLength / point.deviation);
    onProgress(points.length / (points.length + Math.ceil((1 - lambda) / step)));
    if (lambda === 1) break;
    lambda = lambda + 1.25 * step >= 1 ? 1 : lambda + step;
    chains.moveTo(start.theta.map((value, a) => value + lambda * direction[a]));
  }
  const each = integrals(points);
  const value = mean(each);
  const coarse = mean(integrals(points.filter((_, k) => k % 2 === 0 || k === points.length - 1)));
  const statistical = Math.sqrt(
    each.reduce((sum, x) => sum + (x - value) ** 2, 0) / (each.length * (each.length - 1)),
  );
  return {
    value: start.logZ + value,
    error: Math.hypot(statistical, (value - coarse) / 15),
    method: `thermodynamic integration from ${start.name}, ${points.length} points`,
  };
}

function pointOf(lambda: number, series: Series, direction: Float64Array): Point {
  const { chains, measurements, statistics: p, values } = series;
  const h = Float64Array.from({ length: chains * measurements }, (_, k) =>
    dot(direction, values.subarray(k * p, (k + 1) * p)),
  );
  const average = mean(h);
  const means = new Float64Array(chains);
  const squares = new Float64Array(chains);
  h.forEach((value, k) => {
    means[k % chains] += value / measurements;
    squares[k % chains] += (value - average) ** 2 / measurements;
  });
  return { lambda, mean: means, square: squares, deviation: Math.sqrt(mean(squares)) };
}

/** The integral of every chain. */
function integrals(points: readonly Point[]): Float64Array {
  return points[0].mean.map((_, c) => {
    let sum = 0;
    for (let k = 1; k < points.length; k++) {
      const [left, right] = [points[k - 1], points[k]];
      const width = right.lambda - left.lambda;
      sum += (width / 2) * (left.mean[c] + right.mean[c]);
      sum += (width ** 2 / 12) * (left.square[c] - right.square[c]);
    }
    return sum;
  });
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
