import { existence } from '../existence/existence.ts';
import { advice, directionInWords, runawaySentence } from '../existence/words.ts';
import type { KernelSnapshot, Moments } from '../kernel.ts';
import { Mixing, type MixingState } from '../mixing.ts';
import type { Model } from '../model.ts';
import { accumulate, covariance, emptyMoments, mean, meanCovariance } from '../moments.ts';
import type { FitOptions } from '../options.ts';
import { sfc32, uniform } from '../rng.ts';
import type { Sampler } from '../sampler.ts';
import { SingularMatrixError } from '../symmetric.ts';
import { type Averaged, type AverageState, fewestSteps, StepAverage } from './averaging.ts';
import { likelihoodErrors } from './errors.ts';
import { type Estimate, standardErrors } from './estimate.ts';
import type { Adjustment, Estimator, FitRun, Problem } from './run.ts';
import { Trace } from './trace.ts';

/** Work of one slice, in updates of a fast kernel: some ten milliseconds on the slowest. */
const sliceWork = 1_000_000;
/** Local field beyond which a spin never flips again: no data that have an estimate need it. */
const largestField = 8;
/** Variance from step to step, in units of the sampler's noise, that only too large a step explains. */
const largestJitter = 10;
const firstCheck = 2 * fewestSteps;

/** Everything that changes during a run, as plain data. */
interface State {
  theta: Float64Array;
  step: number;
  nextCheck: number;
  alpha: readonly number[];
  sweepsPerStep: number;
  /** Sweeps that the step under way has had. */
  swept?: number;
  outcome: 'running' | 'converged' | 'exhausted' | 'diverged';
  /** Moments since the last check. */
  pooled: Moments;
}

export interface GradientSnapshot extends State {
  readonly average?: AverageState;
  /** All steps in its place, as 0.1.0 wrote states at first. */
  readonly trace?: Float64Array;
  readonly mixing?: MixingState;
  readonly kernels: readonly KernelSnapshot[];
}

/**
 * Eq. (4) of the notes with persistent chains:
 *
 *   θ_a ← θ_a − α_a(t) (⟨T_a⟩ − T̄_a) / extent_a,   T̄ the mean over all images,
 *
 * from random θ; a prior adds λ_a θ_a to the difference. The estimate is the average of θ over the later half of the steps. The fit ends when
 * that average has stopped drifting and its Monte-Carlo error is below a tenth of the standard error,
 * after `steps` steps, or when the steps diverge.
 *
 * Source: the notes, eq. (4); persistent chains: L. Younes, Stochastics 65, 177 (1999).
 */
export const gradient: Estimator = {
  name: 'gradient',
  start(problem, options, samplers, snapshot) {
    const sampler = samplers(problem.model, options.gradient.chains, options.seed);
    return new GradientRun(problem, options, sampler, snapshot as GradientSnapshot | undefined);
  },
};

class GradientRun implements FitRun {
  readonly method = 'gradient';
  readonly trace: Trace;
  private readonly state: State;
  private readonly average: StepAverage;
  private readonly mixing: Mixing;

  constructor(
    private readonly problem: Problem,
    private readonly options: FitOptions,
    private readonly sampler: Sampler,
    snapshot?: GradientSnapshot,
  ) {
    const { model } = problem;
    const p = model.statistics.length;
    if (snapshot) {
      const { average, trace, kernels, mixing, ...state } = snapshot;
      this.mixing = new Mixing(sampler, mixing);
      this.trace = trace ? Trace.from(p, trace) : new Trace(p, state.step);
      this.average = trace ? averageOf(p, trace) : new StepAverage(p, average);
      this.state = state;
      sampler.restore(kernels);
      this.goOnIfAllowed();
    } else {
      this.mixing = new Mixing(sampler);
      this.trace = new Trace(p);
      this.average = new StepAverage(p);
      this.state = {
        theta: startValues(model, options),
        step: 0,
        nextCheck: firstCheck,
        alpha: options.gradient.alpha,
        sweepsPerStep: options.gradient.sweepsPerStep,
        outcome: 'running',
        pooled: emptyMoments(p, sampler.chains),
      };
    }
  }

  get progress() {
    const { mixing, state } = this;
    const phase = mixing.busy || mixing.clusters ? `eq. (4), ${mixing.phrase}` : 'eq. (4)';
    return { phase, done: state.step, total: this.options.steps };
  }

  get exhausted() {
    return this.state.outcome === 'exhausted';
  }

  advance(maxSteps = Number.POSITIVE_INFINITY): boolean {
    const { state, mixing } = this;
    if (mixing.busy) {
      mixing.advance();
      return false;
    }
    let sweeps = Math.max(1, Math.floor(sliceWork / mixing.sweepWork));
    let steps = 0;
    while (sweeps > 0 && steps < maxSteps && state.outcome === 'running' && !mixing.busy) {
      const { swept = 0 } = state;
      if (swept === 0) this.sampler.setParameters(state.theta);
      const missing = Math.max(1, state.sweepsPerStep - swept);
      const now = Math.min(sweeps, missing);
      // the model's moments at the present parameters, from chains that persist from step to step
      const { moments } = mixing.run(now, now);
      sweeps -= now;
      state.swept = now < missing ? swept + now : 0;
      if (state.swept > 0) continue;
      this.takeStep(moments);
      steps++;
    }
    return state.outcome !== 'running';
  }

  /** Eq. (4) once. @param moments of the model, after the sweeps of this step */
  private takeStep(moments: Moments): void {
    const { problem, state } = this;
    const { statistics } = problem.model;

    // the way from the random start would pass for spread of the model
    if (state.step === firstCheck / 2) state.pooled = this.nothingPooled();
    accumulate(state.pooled, moments);
    const average = mean(moments);
    const noise = standardErrors(meanCovariance(moments));

    // eq. (4), with the pull of a prior where there is one
    const alpha = stepSizes(problem.model, state.alpha, this.options.gradient.decay, state.step);
    statistics.forEach(({ extent }, a) => {
      const pull = problem.penalty[a] * state.theta[a];
      state.theta[a] -= (alpha[a] * (average[a] - problem.observed.mean[a] + pull)) / extent;
    });
    state.step++;
    const step = {
      step: state.step,
      parameters: Array.from(state.theta),
      moments: statistics.map(({ extent }, a) => average[a] / extent),
      noise: statistics.map(({ extent }, a) => noise[a] / extent),
    };
    this.trace.push(step);
    this.average.add(step.parameters, step.moments, step.noise);

    if (statistics.some(({ weight }, a) => !(Math.abs(state.theta[a] * weight) < largestField))) {
      state.outcome = 'diverged';
    } else if (state.step >= this.options.steps) {
      state.outcome = this.hasConverged() ? 'converged' : 'exhausted';
    } else if (state.step >= state.nextCheck) {
      if (this.hasConverged()) state.outcome = 'converged';
      else this.lookAgainLater();
    }
  }

  private lookAgainLater(): void {
    const { state, mixing } = this;
    mixing.consider(this.missingSweeps());
    state.nextCheck = Math.ceil(1.5 * state.step);
    state.pooled = this.nothingPooled();
  }

  /** Where more steps are allowed than it ended with, it goes on as if they had been from the start. */
  private goOnIfAllowed(): void {
    const { state } = this;
    if (!this.exhausted || state.step >= this.options.steps) return;
    state.outcome = 'running';
    if (state.step >= state.nextCheck) this.lookAgainLater();
  }

  private hasConverged(): boolean {
    const averaged = this.average.averaged();
    const matrices = averaged && this.errorMatrices();
    if (!averaged?.stationary || averaged.jitter > largestJitter || !matrices) return false;
    const standard = standardErrors(matrices.covariance);
    return averaged.error.every((error, a) => error <= standard[a] / 10);
  }

  /** Sweeps that the average over the steps still needs, if its error goes on falling as it did. */
  private missingSweeps(): number {
    const averaged = this.average.averaged();
    const matrices = averaged && this.errorMatrices();
    if (!matrices) return 0;
    const standard = standardErrors(matrices.covariance);
    const excess = Math.max(...averaged.error.map((value, a) => (10 * value) / standard[a]));
    const { step, sweepsPerStep } = this.state;
    return step * sweepsPerStep * (excess ** 2 - 1);
  }

  private nothingPooled(): Moments {
    return emptyMoments(this.problem.model.statistics.length, this.sampler.chains);
  }

  private errorMatrices() {
    try {
      return likelihoodErrors(covariance(this.state.pooled), this.problem);
    } catch (error) {
      // chains that do not move carry no information: there are no errors to give
      if (error instanceof SingularMatrixError) return null;
      throw error;
    }
  }

  estimate(): Estimate {
    const { state } = this;
    const averaged = this.average.averaged();
    const usable = averaged !== null && state.outcome !== 'diverged';
    const matrices = usable && state.pooled.measurements > 0 ? this.errorMatrices() : null;
    return {
      parameters: usable ? averaged.parameters : state.theta.slice(),
      covariance: matrices?.covariance ?? null,
      sandwich: matrices?.sandwich ?? null,
      monteCarloError: usable ? averaged.error : state.theta.map(() => Number.NaN),
      logLikelihood: null,
      exists: true,
      converged: state.outcome === 'converged',
      sampler: this.mixing.note,
      warnings: this.warnings(averaged, matrices?.covariance ?? null),
    };
  }

  private warnings(averaged: Averaged | null, curvature: Float64Array | null): string[] {
    const { outcome, alpha, step } = this.state;
    const { model } = this.problem;
    if (outcome === 'converged') return [];
    const smaller = alpha.map((value) => Number((value / 10).toPrecision(2))).join(',');
    const direction = averaged && outwards(averaged.means, model);
    if (outcome === 'diverged') {
      // steps that are too long go back and forth; those towards the hull's edge go on and on
      if (direction) return [`Eq. (4) after ${step} steps: ${runawaySentence(model, direction)}`];
      return [
        `Eq. (4) diverged after ${step} ${step === 1 ? 'step' : 'steps'}: the step size α = ${alpha.join(', ')} is too large for these data. Try α = ${smaller}.`,
      ];
    }
    if (averaged !== null && averaged.jitter > largestJitter) {
      return [
        `The parameters still swing from step to step ${Math.sqrt(averaged.jitter).toFixed(0)} times more than the sampler's noise explains: α = ${alpha.join(', ')} is too large. Try α = ${smaller}.`,
      ];
    }
    if (averaged === null || curvature === null) {
      return [`Only ${step} steps were taken: too few to say how sure the estimate is.`];
    }
    if (!averaged.stationary) {
      const drift = `The parameters were still drifting after ${step} steps. Take more steps, or a larger α.`;
      const doubtful = direction && existence(model, this.problem.observed).exists !== true;
      return doubtful
        ? [
            `${drift} If they never come to rest, no finite parameters describe these data: they then run away as ${directionInWords(model, direction)}. ${advice.edge}`,
          ]
        : [drift];
    }
    const standard = standardErrors(curvature);
    const worst = Math.max(...averaged.error.map((error, a) => error / standard[a]));
    return [
      `The Monte-Carlo error is ${worst.toFixed(2)} of the standard error after ${step} steps, not below 0.1. Take more steps or more chains.`,
    ];
  }

  adjust({ alpha, sweepsPerStep }: Adjustment): void {
    if (alpha !== undefined) this.state.alpha = alpha;
    if (sweepsPerStep !== undefined) this.state.sweepsPerStep = sweepsPerStep;
  }

  frame(): Int8Array {
    return this.sampler.spins(0);
  }

  likelihood(): null {
    return null;
  }

  snapshot(): GradientSnapshot {
    const { state, sampler } = this;
    const pooled = this.nothingPooled();
    accumulate(pooled, state.pooled);
    const theta = state.theta.slice();
    return {
      ...state,
      theta,
      pooled,
      average: this.average.snapshot(),
      mixing: this.mixing.snapshot(),
      kernels: sampler.snapshot(),
    };
  }

  close(): void {
    this.sampler.close();
  }
}

/** Parts of the later half of the steps that must all lead the same way. */
const parts = 10;

/**
 * The way of the batches' means of θ, in their order, where the parameter that moved furthest went outwards in every
 * tenth of it; else null.
 */
function outwards(means: readonly Float64Array[], { statistics }: Model): number[] | null {
  const places = Array.from(
    { length: parts + 1 },
    (_, k) => means[Math.round((k * (means.length - 1)) / parts)],
  );
  const [first, last] = [places[0], places[parts]];
  const direction = Array.from(last, (value, a) => value - first[a]);
  const far = direction.map((move, a) => Math.abs(move * statistics[a].weight));
  const a = far.indexOf(Math.max(...far));
  const outward = places.every(
    (place, k) => k === 0 || (place[a] - places[k - 1][a]) * last[a] > 0,
  );
  return outward ? direction : null;
}

/** The average of a trace that an old state holds. */
function averageOf(p: number, rows: Float64Array): StepAverage {
  const average = new StepAverage(p);
  for (let start = 1; start < rows.length; start += 1 + 3 * p) {
    const part = (k: number) => rows.subarray(start + k * p, start + (k + 1) * p);
    average.add(part(0), part(1), part(2));
  }
  return average;
}

/** α_a(t) = α_a / (1 + t/decay); a single α stands for the coupling and the field per site. */
function stepSizes(
  model: Model,
  alpha: readonly number[],
  decay: number,
  step: number,
): readonly number[] {
  const slowed = decay > 0 ? 1 / (1 + step / decay) : 1;
  return model.statistics.map(({ weight }, a) =>
    alpha.length === 1 ? (slowed * alpha[0]) / weight : slowed * alpha[a],
  );
}

/** The given start, or coupling and field per site drawn from −0.3 … 0.3. */
function startValues(model: Model, { gradient: { start }, seed }: FitOptions): Float64Array {
  if (start !== null) return Float64Array.from(start);
  const generator = sfc32(seed, 0x5eed);
  return Float64Array.from(
    model.statistics,
    ({ weight }) => (0.6 * uniform(generator) - 0.3) / weight,
  );
}
