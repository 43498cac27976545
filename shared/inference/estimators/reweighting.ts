import { congruence, dot, invert, solve } from '../../numerics/symmetric.ts';
import type { Series } from '../../sampling/kernel.ts';
import type { Likelihood } from '../likelihood.ts';
import { addPenalty } from '../penalties/prior.ts';
import { type Controls, controlsOf } from './controls.ts';

/** What the reweighted moments are to meet. */
export interface Target {
  /** T̄: p values. */
  readonly mean: Float64Array;
  /** 1/σ² of a Gaussian prior about 0, per image: p values, 0 where there is none. */
  readonly penalty: Float64Array;
  /** Images M, whose number says how short a step is short. */
  readonly images: number;
}

/** θ̂ from the samples at one centre. */
export interface Reweighted {
  readonly theta: Float64Array;
  /** Whether θ̂ lies within the samples' reach; if not it is only a step towards it. */
  readonly near: boolean;
  /** ⟨T⟩ at θ̂, or at the centre if θ̂ is not near. */
  readonly mean: Float64Array;
  /** Cov(T) there: p × p. */
  readonly covariance: Float64Array;
  /** Covariance of the estimated mean, from the spread between chains: p × p. */
  readonly meanCovariance: Float64Array;
  /** Covariance of θ̂ that the finite run adds: p × p. */
  readonly monteCarlo: Float64Array;
  /** τ_int in measurements of what each moment is averaged from, from the spread between chains: p values. */
  readonly tau: Float64Array;
  /** The same of every parameter: its Monte-Carlo variance over twice that of as many independent samples. */
  readonly slowness: Float64Array;
  /** Largest difference of the two halves' means, or of the scores' mean from 0, in units of its error. */
  readonly drift: number;
}

/** Newton steps at most, each of at most one standard deviation of one image. */
const mostSteps = 12;
/** Least part of the samples that the weights may leave, Kish's (Σw)²/(N Σw²): at the end, and on the way. */
const leastPart = 0.5;
const leastPartBetween = 0.25;
/** Last Newton step, in standard errors: what it leaves undone is smaller by far. */
const shortStep = 0.01;

/**
 * Solves ⟨T⟩_θ = T̄ (with a prior: ⟨T⟩_θ = T̄ − λθ) by importance sampling from chains at a centre θ₀,
 *
 *   ⟨T⟩_θ = Σ_i w_i T_i / Σ_i w_i,   w_i = exp((θ − θ₀)·T_i),
 *
 * with Newton's method in the reweighted covariance. At a centre without field p(s) = p(−s): every sample then
 * stands for its mirror image as well, so that w = e^E cosh O and odd statistics are averaged as T tanh O,
 * with E and O the even and odd part of the exponent. ⟨m⟩ = 0 at the centre is thus exact.
 *
 * Weights carry the factors of their chains' control variates (`controlsOf`).
 *
 * The Monte-Carlo error is that of the ratio of two averages over independent chains: with
 * g_c = Σ_{i∈c} w_i (T_i − ⟨T⟩) less what q scores explain of it, Cov⟨T⟩ = C/(C−1−q) Σ_c g_c g_cᵀ/(Σw)², whatever
 * the autocorrelation.
 *
 * Source: C. J. Geyer, E. A. Thompson, J. R. Stat. Soc. B 54, 657 (1992); A. Kong, Tech. Rep. 348, Univ. of
 * Chicago (1992), for the part that is left.
 *
 * @param from where Newton's method begins: the last θ̂ at this centre, which saves most of its steps
 * @param odd statistics that change sign with the spins, where the centre has no field; else null
 * @throws SingularMatrixError if the samples have no spread
 */
export function reweigh(
  samples: Series,
  centre: Float64Array,
  from: Float64Array,
  odd: readonly boolean[] | null,
  target: Target,
): Reweighted {
  const controls = controlsOf(samples, odd);
  const found = climb(samples, controls, centre, from, odd, target);
  if (found?.near) return found;
  // at the centre itself all samples count alike, so that there is always a step
  const step = climb(samples, controls, centre, centre, odd, target);
  if (step === null) throw new Error('The samples have no weight at their own centre.');
  return step;
}

/** Newton's method; where it leaves the samples' reach, its first step; null where it begins beyond. */
function climb(
  samples: Series,
  controls: Controls,
  centre: Float64Array,
  from: Float64Array,
  odd: readonly boolean[] | null,
  target: Target,
): Reweighted | null {
  let theta = from;
  let first: { sums: Sums; theta: Float64Array } | null = null;
  for (let steps = 0; steps < mostSteps; steps++) {
    const sums = weigh(samples, controls.factors, theta, centre, odd);
    if (sums.part < leastPartBetween) break;
    const gap = target.mean.map((value, a) => value - target.penalty[a] * theta[a] - sums.mean[a]);
    const step = solve(addPenalty(sums.covariance, target.penalty), gap);
    const length = Math.sqrt(dot(step, gap));
    const factor = Math.min(1, 1 / length);
    theta = theta.map((value, a) => value + factor * step[a]);
    first ??= { sums, theta };
    // at a centre without field odd statistics show no noise before the first step
    const short = steps > 0 && length < shortStep / Math.sqrt(target.images);
    if (!Number.isFinite(length) || (short && sums.part < leastPart)) break;
    if (short) return { theta, near: true, ...judge(samples, controls, sums, target) };
  }
  return (
    first && { theta: first.theta, near: false, ...judge(samples, controls, first.sums, target) }
  );
}

/** Samples that the weights must leave where the likelihood is to be known. */
const fewestSamples = 1000;
/** Seconds that a sample takes to be weighed. */
const perSample = 20e-9;

/**
 * log Z(θ) − log Z(θ₀) = log ⟨exp((θ − θ₀)·T)⟩ and its derivatives from chains at a centre θ₀, as far as the
 * weights leave a thousand samples.
 *
 * @param odd as for `reweigh`
 */
export function reweightedLikelihood(
  samples: Series,
  centre: Float64Array,
  odd: readonly boolean[] | null,
): Likelihood {
  const count = samples.chains * samples.measurements;
  const { factors } = controlsOf(samples, odd);
  return {
    name: 'reweighting of the fit’s samples',
    isExact: false,
    seconds: perSample * count,
    *evaluate(theta) {
      yield;
      const { mean, covariance, part, logWeight } = weigh(samples, factors, theta, centre, odd);
      if (!(part * count >= fewestSamples)) return null;
      return { logZ: logWeight, mean, covariance };
    },
  };
}

/** Weighted sums over the samples at one θ. */
interface Sums {
  readonly mean: Float64Array;
  readonly covariance: Float64Array;
  /** log of the mean weight. */
  readonly logWeight: number;
  /** Kish's part. */
  readonly part: number;
  /** Σ w and Σ w T of every chain's first and second half: 2 × chains × (1 + p). */
  readonly halves: Float64Array;
  /** Σ w², Σ w² T_a, Σ w² T_a² : 1 + 2p. */
  readonly squares: Float64Array;
}

function weigh(
  { values, chains, measurements }: Series,
  factors: Float64Array,
  theta: Float64Array,
  centre: Float64Array,
  odd: readonly boolean[] | null,
): Sums {
  const p = theta.length;
  const width = 1 + p;
  const delta = theta.map((value, a) => value - centre[a]);
  const isOdd = Uint8Array.from({ length: p }, (_, a) => (odd?.[a] ? 1 : 0));
  const halves = new Float64Array(2 * chains * width);
  const squares = new Float64Array(1 + 2 * p);
  const products = new Float64Array(p * p);
  const half = Math.floor(measurements / 2);
  // an exponent near 0 for a typical sample, so that nothing overflows
  let shift = 0;
  for (let a = 0; a < p; a++) if (!isOdd[a]) shift += delta[a] * values[a];
  let k = 0;
  for (let t = 0; t < measurements; t++) {
    let row = t < half ? 0 : chains * width;
    for (let c = 0; c < chains; c++, row += width, k += p) {
      let even = -shift;
      let mirrored = 0;
      for (let a = 0; a < p; a++) {
        if (isOdd[a]) mirrored += delta[a] * values[k + a];
        else even += delta[a] * values[k + a];
      }
      let weight = factors[c] * Math.exp(even);
      let ratio = 1;
      if (odd !== null) {
        weight *= Math.cosh(mirrored);
        ratio = Math.tanh(mirrored);
      }
      halves[row] += weight;
      squares[0] += weight * weight;
      for (let a = 0; a < p; a++) {
        const value = values[k + a];
        const effective = isOdd[a] ? value * ratio : value;
        const weighted = weight * effective;
        halves[row + 1 + a] += weighted;
        squares[1 + a] += weight * weighted;
        squares[1 + p + a] += weighted * weighted;
        for (let b = 0; b <= a; b++) {
          // a product of two odd ones is even again
          const product = weight * value * values[k + b];
          products[a * p + b] += isOdd[a] === isOdd[b] ? product : product * ratio;
        }
      }
    }
  }
  let total = 0;
  const mean = new Float64Array(p);
  for (let row = 0; row < halves.length; row += width) {
    total += halves[row];
    for (let a = 0; a < p; a++) mean[a] += halves[row + 1 + a];
  }
  for (let a = 0; a < p; a++) mean[a] /= total;
  const covariance = new Float64Array(p * p);
  for (let a = 0; a < p; a++) {
    for (let b = 0; b <= a; b++) {
      covariance[a * p + b] = products[a * p + b] / total - mean[a] * mean[b];
      covariance[b * p + a] = covariance[a * p + b];
    }
  }
  const part = total ** 2 / (squares[0] * chains * measurements);
  const logWeight = shift + Math.log(total / (chains * measurements));
  return { mean, covariance, part, logWeight, halves, squares };
}

/** Errors, autocorrelation and drift of the averages. */
function judge({ chains }: Series, controls: Controls, sums: Sums, target: Target) {
  const { mean, covariance, halves, squares } = sums;
  const p = mean.length;
  const width = 1 + p;
  const weights = [0, 0];
  for (let c = 0; c < chains; c++) {
    for (let h = 0; h < 2; h++) weights[h] += halves[(h * chains + c) * width];
  }
  const total = weights[0] + weights[1];
  // deviations g of every chain's halves, and what the scores leave of them
  const influences = Array.from({ length: p }, (_, a) =>
    Float64Array.from(
      { length: 2 * chains },
      (_, row) => halves[row * width + 1 + a] - mean[a] * halves[row * width],
    ),
  );
  const residuals = influences.map((influence) => controls.residuals(influence));
  const degrees = chains - 1 - controls.number;
  const meanCovariance = new Float64Array(p * p);
  for (let a = 0; a < p; a++) {
    for (let b = 0; b < p; b++) {
      meanCovariance[a * p + b] =
        (products(residuals[a], residuals[b]) * chains) / (degrees * total ** 2);
    }
  }
  let drift = controls.deviation;
  for (const residual of residuals) {
    let difference = 0;
    let square = 0;
    for (let c = 0; c < chains; c++) {
      const change = residual[chains + c] / weights[1] - residual[c] / weights[0];
      difference += change;
      square += change ** 2;
    }
    const variance = (square - difference ** 2 / chains) * (chains / (chains - 1));
    if (variance > 0) drift = Math.max(drift, Math.abs(difference) / Math.sqrt(variance));
  }
  const tau = Float64Array.from({ length: p }, (_, a) => {
    const spread = squares[1 + p + a] - 2 * mean[a] * squares[1 + a] + mean[a] ** 2 * squares[0];
    const uncontrolled = (products(influences[a], influences[a]) * chains) / (chains - 1);
    // N/N_eff = 2τ is the ratio of the mean's variance to that of as many independent samples
    return spread > 0 ? uncontrolled / (2 * spread) : 0;
  });
  const inverse = invert(addPenalty(covariance, target.penalty));
  const monteCarlo = congruence(inverse, meanCovariance);
  const independent = congruence(inverse, covariance);
  const slowness = Float64Array.from({ length: p }, (_, a) => {
    const k = a * p + a;
    return (monteCarlo[k] * total ** 2) / (2 * squares[0] * independent[k]);
  });
  return { mean, covariance, meanCovariance, monteCarlo, tau, slowness, drift };
}

/** Σ_c x_c y_c over chains, of sums over their halves. */
function products(x: Float64Array, y: Float64Array): number {
  const chains = x.length / 2;
  let sum = 0;
  for (let c = 0; c < chains; c++) sum += (x[c] + x[chains + c]) * (y[c] + y[chains + c]);
  return sum;
}
