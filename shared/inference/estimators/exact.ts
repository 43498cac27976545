import type { Model } from '../../models/contract.ts';
import { UnsuitableError } from '../../models/failures.ts';
import { whyNotExact } from '../../models/lattice/exact/choose.ts';
import type { ExactMethod } from '../../models/lattice/exact/method.ts';
import { type Climb, climb } from '../../numerics/newton.ts';
import { dot } from '../../numerics/symmetric.ts';
import type { Estimate } from '../estimate.ts';
import { existence } from '../existence/existence.ts';
import { runawaySentence } from '../existence/words.ts';
import { evaluateInReach, exactLikelihood } from '../likelihood.ts';
import { type Posterior, posterior } from '../penalties/posterior.ts';
import { hasPrior } from '../penalties/prior.ts';
import type { Estimator, FitRun, Problem } from '../run.ts';
import { Trace } from '../trace.ts';
import { likelihoodErrors } from '../uncertainty/errors.ts';
import { pseudolikelihoodStart } from './pseudolikelihood.ts';

/** Operations of one slice: some ten milliseconds. */
const sliceOperations = 10_000_000;
/** Local field beyond which the likelihood only rises on towards infinity. */
const largestField = 12;
/** Largest change of a coupling or a field per site in one step: far away the curvature misleads. */
const longestStep = 1;
const mostSteps = 60;

/**
 * Exact maximum likelihood: Newton's method on ℓ(θ) = θ·T̄ − log Z(θ), which is concave, with log Z and
 * its derivatives by an exact method, less the prior's ½ Σ λ θ² where there is one; from the pseudolikelihood
 * estimate. It ends when the next step would gain less than 10⁻¹² in ℓ.
 */
export const exact: Estimator = {
  name: 'exact',
  start(problem) {
    if (problem.exact === null) {
      throw new UnsuitableError(
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
  private readonly start: Float64Array;
  private readonly work: Generator<number, Climb<Posterior> | null>;
  /** The best point so far; null before the first evaluation ends. */
  private here: Posterior | null = null;
  private outcome: 'running' | Climb<Posterior>['end'] = 'running';

  constructor(
    private readonly problem: Problem,
    private readonly exactMethod: ExactMethod,
  ) {
    const { model, observed, penalty } = problem;
    this.trace = new Trace(model.statistics.length);
    this.start = pseudolikelihoodStart(problem);
    const climbFrom = (start: Float64Array) =>
      climb(
        function* (theta) {
          const moments = yield* evaluateInReach(exactMethod, theta);
          return moments && posterior(theta, moments, observed.mean, penalty);
        },
        start,
        {
          settled: 1e-12,
          mostSteps,
          part: (step) => Math.min(1, longestStep / longest(model, step)),
          isFar: (theta, point) => {
            this.take(point);
            return longest(model, theta) > largestField && !hasPrior(penalty);
          },
        },
      );
    const { start } = this;
    this.work = (function* () {
      // where the start is beyond the method's arithmetic, θ = 0 never is
      return (yield* climbFrom(start)) ?? (yield* climbFrom(start.map(() => 0)));
    })();
  }

  get progress() {
    return { phase: this.exactMethod.name, done: this.trace.length, total: null };
  }

  advance(): boolean {
    let operations = 0;
    while (operations < sliceOperations && this.outcome === 'running') {
      const { done, value } = this.work.next();
      if (!done) operations += value;
      else if (value === null) throw new Error('An exact method reaches θ = 0.');
      else this.outcome = value.end;
    }
    return this.outcome !== 'running';
  }

  private take(point: Posterior): void {
    const { statistics } = this.problem.model;
    this.here = point;
    this.trace.push({
      step: this.trace.length + 1,
      parameters: Array.from(point.theta),
      moments: statistics.map(({ extent }, a) => point.moments.mean[a] / extent),
      noise: statistics.map(() => 0),
    });
  }

  estimate(): Estimate {
    const { here, outcome } = this;
    const p = this.trace.p;
    // what is proved of the hull stands above what arithmetic can follow
    const { model, observed } = this.problem;
    const exists = outcome !== 'edge' || existence(model, observed).exists === true;
    const errors =
      here !== null && exists ? likelihoodErrors(here.moments.covariance, this.problem) : null;
    return {
      parameters: here?.theta ?? this.start,
      covariance: errors?.covariance ?? null,
      sandwich: errors?.sandwich ?? null,
      monteCarloError: new Float64Array(p),
      logLikelihood: here && dot(here.theta, this.problem.observed.mean) - here.moments.logZ,
      exists,
      converged: outcome === 'top',
      warnings: exists
        ? outcome === 'top'
          ? []
          : ['The Newton steps were stopped before the maximum was reached.']
        : [runawaySentence(this.problem.model, here?.theta ?? this.start)],
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

/** The largest coupling, or field per site. */
function longest({ statistics }: Model, theta: Float64Array): number {
  return Math.max(...statistics.map(({ weight }, a) => Math.abs(theta[a] * weight)));
}
