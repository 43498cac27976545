import { whyNotExact } from '../exact/choose.ts';
import type { ExactMethod, ExactMoments } from '../exact/method.ts';
import { runawaySentence } from '../existence/words.ts';
import { dot, SingularMatrixError, solve } from '../symmetric.ts';
import { likelihoodErrors } from './errors.ts';
import type { Estimate } from './estimate.ts';
import { exactLikelihood } from './likelihood.ts';
import { addPenalty, hasPrior, priorFall } from './prior.ts';
import { pseudolikelihoodStart } from './pseudolikelihood.ts';
import type { Estimator, FitRun, Problem } from './run.ts';
import { Trace } from './trace.ts';

/** Operations of one slice: some ten milliseconds. */
const sliceOperations = 10_000_000;
/** Local field beyond which the likelihood only rises on towards infinity. */
const largestField = 12;
/** Largest change of a coupling or a field per site in one step: far away the curvature misleads. */
const longestStep = 1;
const mostSteps = 60;

/**
 * Exact maximum likelihood: Newton's method on ℓ(θ) = θ·T̄ − log Z(θ), which is concave, with log Z and
 * its derivatives by an exact method, less the prior's ½ Σ λ θ² where there is one; from the pseudolikelihood estimate, with step halving. It ends
 * when the next step would gain less than 10⁻¹² in ℓ.
 */
export const exact: Estimator = {
  name: 'exact',
  start(problem) {
    if (problem.exact === null) {
      throw new RangeError(
        `${whyNotExact(problem.model)} Take the Monte-Carlo likelihood (mle) instead.`,
      );
    }
    return new ExactRun(problem, problem.exact);
  },
};

class ExactRun implements FitRun {
  readonly method = 'exact';
  /** More steps than Newton's method was given would not help. */
  readonly exhausted = false;
  readonly trace: Trace;
  /** The best θ so far with its moments and log-posterior; null before the first evaluation ends. */
  private here: { theta: Float64Array; moments: ExactMoments; height: number } | null = null;
  private step: Float64Array | null = null;
  private factor = 1;
  private trial: Float64Array;
  private evaluation: Generator<number, ExactMoments>;
  private outcome: 'running' | 'converged' | 'diverged' | 'exhausted' = 'running';

  constructor(
    private readonly problem: Problem,
    private readonly exactMethod: ExactMethod,
  ) {
    this.trace = new Trace(problem.model.statistics.length);
    this.trial = pseudolikelihoodStart(problem);
    this.evaluation = exactMethod.evaluate(this.trial);
  }

  get progress() {
    return { phase: this.exactMethod.name, done: this.trace.length, total: null };
  }

  advance(): boolean {
    let operations = 0;
    while (operations < sliceOperations && this.outcome === 'running') {
      const { done, value } = this.evaluation.next();
      if (done) this.judge(value);
      else operations += value;
    }
    return this.outcome !== 'running';
  }

  /** Takes or refuses the evaluated point, and chooses the next. */
  private judge(moments: ExactMoments): void {
    const { observed, model, penalty } = this.problem;
    const height = dot(this.trial, observed.mean) - moments.logZ - priorFall(this.trial, penalty);
    // written so that NaN is refused too
    const better =
      this.here === null || height >= this.here.height - 1e-13 * Math.abs(this.here.height);
    if (!better && this.step !== null && this.here !== null) {
      this.factor /= 2;
      if (this.factor < 1e-9) this.outcome = 'converged';
      else this.evaluate(this.here.theta, this.step);
      return;
    }
    this.here = { theta: this.trial, moments, height };
    this.trace.push({
      step: this.trace.length + 1,
      parameters: Array.from(this.trial),
      moments: model.statistics.map(({ extent }, a) => moments.mean[a] / extent),
      noise: model.statistics.map(() => 0),
    });
    const far = model.statistics.some(
      ({ weight }, a) => Math.abs(this.trial[a] * weight) > largestField,
    );
    if (far && !hasPrior(penalty)) {
      this.outcome = 'diverged';
      return;
    }
    const gradient = moments.mean.map(
      (value, a) => observed.mean[a] - value - penalty[a] * this.trial[a],
    );
    try {
      this.step = solve(addPenalty(moments.covariance, penalty), gradient);
    } catch (error) {
      // no spread left in the model: the parameters have run to the edge
      if (!(error instanceof SingularMatrixError)) throw error;
      this.outcome = 'diverged';
      return;
    }
    if (dot(this.step, gradient) / 2 < 1e-12) this.outcome = 'converged';
    else if (this.trace.length >= mostSteps) this.outcome = 'exhausted';
    else {
      const { step } = this;
      const length = Math.max(
        ...model.statistics.map(({ weight }, a) => Math.abs(step[a] * weight)),
      );
      this.factor = Math.min(1, longestStep / length);
      this.evaluate(this.trial, step);
    }
  }

  private evaluate(from: Float64Array, step: Float64Array): void {
    this.trial = from.map((value, a) => value + this.factor * step[a]);
    this.evaluation = this.exactMethod.evaluate(this.trial);
  }

  estimate(): Estimate {
    const { here, outcome } = this;
    const p = this.trace.p;
    const exists = outcome !== 'diverged';
    const errors =
      here !== null && exists ? likelihoodErrors(here.moments.covariance, this.problem) : null;
    return {
      parameters: here?.theta ?? this.trial,
      covariance: errors?.covariance ?? null,
      sandwich: errors?.sandwich ?? null,
      monteCarloError: new Float64Array(p),
      logLikelihood: here && dot(here.theta, this.problem.observed.mean) - here.moments.logZ,
      exists,
      converged: outcome === 'converged',
      warnings: exists
        ? outcome === 'converged'
          ? []
          : ['The Newton steps were stopped before the maximum was reached.']
        : [runawaySentence(this.problem.model, this.step ?? this.trial)],
    };
  }

  adjust(): void {}

  frame(): null {
    return null;
  }

  likelihood() {
    return exactLikelihood(this.exactMethod);
  }

  /** Newton's few steps are taken again from the same start, which ends with the same bits. */
  snapshot(): null {
    return null;
  }

  close(): void {}
}
