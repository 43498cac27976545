import { imageSpins, type SpinData } from '../../data/dataset.ts';
import type { Model } from '../../models/contract.ts';
import { siteCount } from '../../models/lattice/lattice.ts';
import { climb, type Hill } from '../../numerics/newton.ts';
import { congruence, invert } from '../../numerics/symmetric.ts';
import { finish } from '../../numerics/yielding.ts';
import type { Estimate } from '../estimate.ts';
import { directionInWords } from '../existence/words.ts';
import { noEstimate } from '../no-estimate.ts';
import { addPenalty, hasPrior, priorFall } from '../penalties/prior.ts';
import type { Estimator, FitRun, Problem } from '../run.ts';
import { Trace } from '../trace.ts';
import { type Patterns, patternsOf } from './patterns.ts';

/** Width of the prior that gives other methods a start where the pseudolikelihood has no maximum. */
const startWidth = 1;
const mostSteps = 100;

interface Maximum {
  readonly parameters: Float64Array;
  /** −∂²ℓ/∂θ∂θ: p × p. */
  readonly curvature: Float64Array;
  readonly steps: number;
  /** Whether the top was reached. */
  readonly found: boolean;
}

/**
 * Maximum pseudolikelihood: θ̂ maximises the product over all sites of p(s_k | its neighbours),
 *
 *   ℓ(θ) = Σ_k s_k H_k − log 2 cosh H_k,   H_k = Σ_a θ_a ∂T_a/∂s_k,
 *
 * which needs no log Z. Newton's method on the counts of (spin, neighbour sums). Consistent, but less
 * efficient than maximum likelihood, most of all near the critical coupling.
 *
 * Errors are Godambe's H⁻¹KH⁻¹ with H the curvature and K the variance of the score Σ_k g_k,
 * g_k = (s_k − tanh H_k) ∂H_k/∂θ. Under the model ⟨g_k g_l⟩ vanishes unless k = l or k and l are
 * neighbours, so that one image is enough for K; the sandwich takes K from the scores of the images.
 *
 * Source: J. Besag, The Statistician 24, 179 (1975); V. P. Godambe, Ann. Math. Stat. 31, 1208 (1960).
 */
export const pseudolikelihood: Estimator = {
  name: 'pseudolikelihood',
  start(problem) {
    const reason = whyNoMaximum(problem);
    return reason === null
      ? new PseudolikelihoodRun(problem)
      : noEstimate(problem, 'pseudolikelihood', reason);
  },
};

/**
 * Why the pseudolikelihood has no maximum at finite parameters, or none that is unique; null where it has one, as
 * always with a prior. Separate from the likelihood's own: every maximum of the likelihood may exist where spins never
 * oppose their local field. Asked exactly: with c_k = ∂H_k/∂θ, it has none just where some dθ ≠ 0 has
 * s_k c_k·dθ ≥ 0 at every site.
 *
 * Source: A. Albert, J. A. Anderson, Biometrika 71, 1 (1984), for logistic regression.
 */
function whyNoMaximum(problem: Problem): string | null {
  const { model, data, penalty } = problem;
  if (hasPrior(penalty)) return null;
  const patterns = patternsOf(model, data);
  const found = patterns.separation();
  if (found === null || found === 'unknown') return null;
  const direction = found.direction.map((value, a) => value / model.statistics[a].weight);
  const way = directionInWords(model, direction);
  return found.isFlat
    ? `The pseudolikelihood does not tell the parameters apart: the neighbours of all pixels are so alike that it stays the same along ${way}. ${ownAdvice}`
    : `The pseudolikelihood has no maximum at finite parameters: along ${way} no pixel ever opposes what its neighbours and the field ask of it. ${ownAdvice}`;
}

const ownAdvice =
  'The likelihood itself may have one: take the method exact or mle, add images, or use a weak Gaussian prior of width 1, which then sets the answer.';

/**
 * The pseudolikelihood estimate as a start for other methods; where it does not exist, that under a prior of width 1.
 */
export function pseudolikelihoodStart(problem: Problem): Float64Array {
  const { model, data } = problem;
  const patterns = patternsOf(model, data);
  const noPrior = !hasPrior(problem.penalty);
  if (!noPrior || patterns.separation() === null) {
    return maximise(patterns, pullOf(problem)).parameters;
  }
  if (patterns.separation() === 'unknown') {
    const free = maximise(patterns, pullOf(problem));
    if (free.found) return free.parameters;
  }
  const pull = Float64Array.from(model.statistics, ({ weight }) => (weight / startWidth) ** 2);
  return maximise(patterns, pull).parameters;
}

/** The prior's curvature beside the counts of all images, Λ = M λ. */
function pullOf({ observed, penalty }: Problem): Float64Array {
  return penalty.map((value) => value * observed.images);
}

class PseudolikelihoodRun implements FitRun {
  readonly method = 'pseudolikelihood';
  readonly exhausted = false;
  readonly trace: Trace;
  private result: Estimate | null = null;

  constructor(private readonly problem: Problem) {
    this.trace = new Trace(problem.model.statistics.length);
  }

  get progress() {
    return { phase: 'Newton steps', done: this.trace.length, total: null };
  }

  advance(): boolean {
    const { model, data, observed } = this.problem;
    const patterns = patternsOf(model, data);
    const pull = pullOf(this.problem);
    const maximum = maximise(patterns, pull);
    const p = model.statistics.length;
    const observedMoments = model.statistics.map(({ extent }, a) => observed.mean[a] / extent);
    this.trace.push({
      step: maximum.steps,
      parameters: Array.from(maximum.parameters),
      moments: observedMoments,
      noise: new Array<number>(p).fill(0),
    });
    const errors = maximum.found ? godambe(model, data, patterns, maximum, pull) : null;
    const warnings = maximum.found
      ? []
      : ['The Newton steps were stopped before the maximum was reached.'];
    if (maximum.found && errors === null) {
      warnings.push('These data are too few to give errors of the pseudolikelihood estimate.');
    }
    this.result = {
      parameters: maximum.parameters,
      covariance: errors?.covariance ?? null,
      sandwich: errors?.sandwich ?? null,
      monteCarloError: new Float64Array(p),
      logLikelihood: null,
      exists: true,
      converged: maximum.found,
      warnings,
    };
    return true;
  }

  estimate(): Estimate {
    if (this.result === null) this.advance();
    if (this.result === null) throw new Error('The pseudolikelihood estimate was not computed.');
    return this.result;
  }

  adjust(): void {}

  frame(): null {
    return null;
  }

  likelihood(): null {
    return null;
  }

  /** One slice is the whole fit, so that there is nothing to go on from. */
  snapshot(): null {
    return null;
  }

  close(): void {}
}

/** The top of the concave log-pseudolikelihood less ½ Σ Λ θ², from θ = 0. */
function maximise(patterns: Patterns, pull: Float64Array): Maximum {
  const climbed = finish(
    climb(
      // biome-ignore lint/correctness/useYield: the counts are summed at once
      function* (theta) {
        return derivatives(patterns, theta, pull);
      },
      new Float64Array(patterns.parameters),
      { settled: 1e-12, mostSteps },
    ),
  );
  if (climbed === null) throw new Error('Counts have a pseudolikelihood at every point.');
  const { theta, hill, steps, end } = climbed;
  return { parameters: theta, curvature: hill.curvature, steps, found: end === 'top' };
}

/** ℓ less the prior's part, its gradient and minus its second derivatives. */
function derivatives(patterns: Patterns, theta: Float64Array, pull: Float64Array): Hill {
  const p = theta.length;
  const gradient = theta.map((parameter, a) => -pull[a] * parameter);
  const curvature = addPenalty(new Float64Array(p * p), pull);
  let height = -priorFall(theta, pull);
  patterns.visit((coefficients, at, up, down) => {
    const total = up + down;
    let field = 0;
    for (let a = 0; a < p; a++) field += theta[a] * coefficients[at + a];
    const tanh = Math.tanh(field);
    const slope = up - down - total * tanh;
    const bend = total * (1 - tanh * tanh);
    // log 2 cosh H without overflow
    height +=
      (up - down) * field - total * (Math.abs(field) + Math.log1p(Math.exp(-2 * Math.abs(field))));
    for (let a = 0; a < p; a++) {
      gradient[a] += slope * coefficients[at + a];
      for (let b = 0; b < p; b++) {
        curvature[a * p + b] += bend * coefficients[at + a] * coefficients[at + b];
      }
    }
  });
  return { height, gradient, curvature };
}

/**
 * H⁻¹KH⁻¹ with K from neighbouring sites (covariance) and from the images (sandwich); a prior is one more
 * observation in either.
 */
function godambe(
  model: Model,
  data: SpinData,
  patterns: Patterns,
  { parameters, curvature }: Maximum,
  pull: Float64Array,
) {
  const n = siteCount(model.lattice);
  const p = parameters.length;
  const scores = new Float64Array(n * p);
  const local = new Float64Array(p * p);
  const between = new Float64Array(p * p);
  for (let i = 0; i < data.images; i++) {
    patterns.scores(imageSpins(data, i), parameters, scores);
    const total = new Float64Array(p);
    for (let k = 0; k < n * p; k++) total[k % p] += scores[k];
    addProducts(local, scores, n, model);
    // the scores sum to Λθ over the images at the maximum, to zero without a prior
    const expected = parameters.map((value, a) => (pull[a] * value) / data.images);
    for (let a = 0; a < p; a++) {
      for (let b = 0; b < p; b++) {
        between[a * p + b] += (total[a] - expected[a]) * (total[b] - expected[b]);
      }
    }
  }
  const inverse = invert(curvature);
  const covariance = congruence(inverse, addPenalty(local, pull));
  const images = data.images;
  const positive = Array.from({ length: p }, (_, a) => covariance[a * p + a] > 0).every(Boolean);
  if (!positive) return null;
  return {
    covariance,
    sandwich:
      images > 1
        ? congruence(
            inverse,
            addPenalty(
              between.map((value) => (value * images) / (images - 1)),
              pull,
            ),
          )
        : null,
  };
}

/** Σ_k g_k g_kᵀ + Σ_bonds (g_k g_lᵀ + g_l g_kᵀ). */
function addProducts(sum: Float64Array, scores: Float64Array, n: number, model: Model): void {
  const p = model.statistics.length;
  for (let a = 0; a < p; a++) {
    for (let b = 0; b < p; b++) {
      let products = 0;
      for (let k = 0; k < n; k++) products += scores[k * p + a] * scores[k * p + b];
      for (const { bonds } of model.statistics) {
        for (let e = 0; e < bonds.length; e += 2) {
          const k = bonds[e] * p;
          const l = bonds[e + 1] * p;
          products += scores[k + a] * scores[l + b] + scores[l + a] * scores[k + b];
        }
      }
      sum[a * p + b] += products;
    }
  }
}
