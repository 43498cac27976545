import type { Model } from '../../models/contract.ts';
import { sfc32, uniform } from '../../numerics/random.ts';
import type { KernelSnapshot, Moments } from '../../sampling/kernel.ts';
import { mean, meanCovariance } from '../../sampling/moments.ts';
import type { Sampler } from '../../sampling/sampler.ts';
import { Mixing, type MixingState } from '../../sampling/update-schedule.ts';
import type { Adjustment, Change } from '../adjustment.ts';
import { type Estimate, standardErrors } from '../estimate.ts';
import { existence } from '../existence/existence.ts';
import { advice, directionInWords, runawaySentence } from '../existence/words.ts';
import type { FitOptions } from '../options.ts';
import type { Estimator, FitRun, Problem } from '../run.ts';
import { stoppedSentence } from '../stopped.ts';
import { Trace } from '../trace.ts';
import { likelihoodErrors } from '../uncertainty/errors.ts';
import { type Averaged, type AverageState, fewestSteps, StepAverage } from './averaging.ts';
import { wantedError } from './mle-state.ts';

/** Work of one slice, in updates of a fast kernel: some ten milliseconds on the slowest. */
const sliceWork = 1_000_000;
/** Local field beyond which a spin never flips again: no data that have an estimate need it. */
const largestField = 8;
/** Variance from step to step, in units of the sampler's noise, that only too large a step explains. */
const largestJitter = 10;
/** Correction of the average, in standard errors, that is drift; and one up to which θ that is held stays held. */
const drifting = 0.5;
const largestCorrection = 3;
/** Part of the Monte-Carlo error that what a correction leaves out, being linear, may be. */
const leftOut = 0.15;
const firstCheck = 2 * fewestSteps;

/** Everything that changes during a run, as plain data. */
interface State {
  theta: Float64Array;
  step: number;
  nextCheck: number;
  /** Whether θ is held, so that the chains tell how far it is from θ̂. */
  held?: boolean;
  alpha: readonly number[];
  sweepsPerStep: number;
  /** Sweeps that the step under way has had. */
  swept?: number;
  outcome: 'running' | 'converged' | 'exhausted' | 'diverged';
  /** Settings that were changed on the way, in their order. */
  changes?: readonly Change[];
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
 * from random θ; a prior adds λ_a θ_a to the difference. At a constant α the average of θ is off by O(α), since ⟨T⟩ is
 * not linear over the swings of θ. So once the average over the later half of the steps has stopped drifting, θ is
 * held there (α = 0), and the chains tell how far from θ̂ that is. The estimate is corrected for it (`StepAverage`);
 * where that is so far that the correction is not linear, θ is held anew where it leads. The fit ends when the
 * Monte-Carlo error is below a tenth of the standard error, after `steps` steps, or when the steps diverge.
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
  private average: StepAverage;
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
      this.average = new StepAverage(p, sampler.chains, average);
      this.state = state;
      sampler.restore(kernels);
      this.goOnIfAllowed();
    } else {
      this.mixing = new Mixing(sampler);
      this.trace = new Trace(p);
      this.average = new StepAverage(p, sampler.chains);
      this.state = {
        theta: startValues(model, options),
        step: 0,
        nextCheck: firstCheck,
        alpha: options.gradient.alpha,
        sweepsPerStep: options.gradient.sweepsPerStep,
        outcome: 'running',
      };
    }
  }

  get progress() {
    const { mixing, state } = this;
    const equation = state.held ? 'eq. (4), θ held at its average' : 'eq. (4)';
    const phase = mixing.busy || mixing.clusters ? `${equation}, ${mixing.phrase}` : equation;
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

    const average = mean(moments);
    const noise = standardErrors(meanCovariance(moments));
    this.average.add(state.theta, moments);

    if (!state.held) {
      // eq. (4), with the pull of a prior where there is one
      const alpha = stepSizes(problem.model, state.alpha, this.options.gradient.decay, state.step);
      statistics.forEach(({ extent }, a) => {
        const pull = problem.penalty[a] * state.theta[a];
        state.theta[a] -= (alpha[a] * (average[a] - problem.observed.mean[a] + pull)) / extent;
      });
    }
    state.step++;
    this.trace.push({
      step: state.step,
      parameters: Array.from(state.theta),
      moments: statistics.map(({ extent }, a) => average[a] / extent),
      noise: statistics.map(({ extent }, a) => noise[a] / extent),
    });

    if (statistics.some(({ weight }, a) => !(Math.abs(state.theta[a] * weight) < largestField))) {
      state.outcome = 'diverged';
    } else if (state.step >= this.options.steps) {
      state.outcome = this.hasConverged() ? 'converged' : 'exhausted';
    } else if (state.step >= state.nextCheck) {
      this.judge();
    }
  }

  /** Done, go on as before, or hold θ elsewhere. */
  private judge(): void {
    const { state, mixing } = this;
    const averaged = this.averaged();
    if (this.hasConverged()) {
      state.outcome = 'converged';
      return;
    }
    if (averaged?.stationary) {
      const near =
        this.correctionOf(averaged) <= (state.held ? largestCorrection : drifting) &&
        averaged.jitter <= largestJitter;
      if (near ? !state.held || this.isBent(averaged) : state.held) {
        this.begin(near, near ? averaged.parameters : state.theta);
        return;
      }
    }
    mixing.consider(this.missingSweeps());
    state.nextCheck = state.step + Math.ceil(this.average.length / 2);
  }

  /** Begins to hold θ, or to move again. */
  private begin(held: boolean, theta: Float64Array): void {
    const { state } = this;
    state.theta = theta.slice();
    state.held = held;
    state.nextCheck = state.step + firstCheck;
    this.average = new StepAverage(theta.length, this.sampler.chains);
  }

  /** Where more steps are allowed than it ended with, it goes on as if they had been from the start. */
  private goOnIfAllowed(): void {
    const { state } = this;
    if (!this.exhausted || state.step >= this.options.steps) return;
    state.outcome = 'running';
    if (state.step >= state.nextCheck) this.judge();
  }

  private hasConverged(): boolean {
    const averaged = this.averaged();
    return averaged !== null && this.isSettled(averaged) && this.excess(averaged) <= 1;
  }

  private averaged(): Averaged | null {
    const { observed, penalty } = this.problem;
    return this.average.averaged({ mean: observed.mean, penalty });
  }

  /** Whether θ is held where the average is linear in what it lacks. */
  private isSettled(averaged: Averaged): boolean {
    return this.state.held === true && averaged.stationary && !this.isBent(averaged);
  }

  /**
   * Whether a linear correction of c standard errors leaves out too much: some c²/(2√M) of them, since log Z has a
   * skewness of about 1 over one image's standard deviation.
   */
  private isBent(averaged: Averaged): boolean {
    const second = this.correctionOf(averaged) ** 2 / (2 * Math.sqrt(this.problem.observed.images));
    return second > leftOut * wantedError * this.excess(averaged);
  }

  /** The largest correction, in standard errors. */
  private correctionOf({ correction, covariance }: Averaged): number {
    const standard = standardErrors(likelihoodErrors(covariance, this.problem).covariance);
    return Math.max(...correction.map((value, a) => Math.abs(value) / standard[a]));
  }

  /** The largest Monte-Carlo error, in units of that at which the fit ends. */
  private excess({ monteCarlo, covariance }: Averaged): number {
    const standard = standardErrors(likelihoodErrors(covariance, this.problem).covariance);
    return Math.max(
      ...standardErrors(monteCarlo).map((error, a) => error / (wantedError * standard[a])),
    );
  }

  /** Sweeps that the average over the steps still needs, if its error goes on falling as it did. */
  private missingSweeps(): number {
    const averaged = this.averaged();
    if (!averaged) return 0;
    return this.average.length * this.state.sweepsPerStep * (this.excess(averaged) ** 2 - 1);
  }

  estimate(): Estimate {
    const { state } = this;
    const averaged = state.outcome === 'diverged' ? null : this.averaged();
    const settled = averaged !== null && this.isSettled(averaged);
    // on the way neither F₁ nor the noise is that of the estimate; and an error beside a larger one says nothing
    const matrices =
      settled && wantedError * this.excess(averaged) <= 1
        ? likelihoodErrors(averaged.covariance, this.problem)
        : null;
    const unsettled = averaged?.parameters.map((value, a) => value - averaged.correction[a]);
    return {
      parameters: settled ? averaged.parameters : (unsettled ?? state.theta.slice()),
      covariance: matrices?.covariance ?? null,
      sandwich: matrices?.sandwich ?? null,
      monteCarloError: settled
        ? standardErrors(averaged.monteCarlo)
        : state.theta.map(() => Number.NaN),
      logLikelihood: null,
      exists: true,
      converged: state.outcome === 'converged',
      sampler: this.mixing.note,
      ...(state.changes && { changes: state.changes }),
      warnings: this.warnings(averaged),
    };
  }

  private warnings(averaged: Averaged | null): string[] {
    const { outcome, step } = this.state;
    if (outcome === 'converged') return [];
    const stopped = outcome === 'running' ? [stoppedSentence(`after ${step} steps`)] : [];
    return [...stopped, ...this.shortcomings(averaged)];
  }

  /** What is missing, and what to do about it. */
  private shortcomings(averaged: Averaged | null): string[] {
    const { outcome, alpha, step, held = false } = this.state;
    const { model } = this.problem;
    const smaller = alpha.map((value) => Number((value / 10).toPrecision(2))).join(',');
    const more = outcome === 'running' ? 'Go on with it' : 'Take more steps';
    const means = this.average.means();
    const direction = means && (held ? leading(averaged, model) : outwards(means, model));
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
    if (averaged === null) {
      const { length } = this.average;
      return length < fewestSteps
        ? [
            `Only ${length} steps were taken${held ? ' with θ held' : ''}: too few to say how sure the estimate is.`,
          ]
        : [
            'The chains have stood still: at these parameters the model hardly varies. Start nearer to 0, or take a smaller α.',
          ];
    }
    if (!this.isSettled(averaged)) {
      const doubtful = direction && existence(model, this.problem.observed).exists !== true;
      if (averaged.stationary && !doubtful && (held || this.correctionOf(averaged) <= drifting)) {
        return [`How far the average is off was not known yet after ${step} steps. ${more}.`];
      }
      const drift = `The parameters were still drifting after ${step} steps. ${more}, or take a larger α.`;
      return doubtful
        ? [
            `${drift} If they never come to rest, no finite parameters describe these data: they then run away as ${directionInWords(model, direction)}. ${advice.edge}`,
          ]
        : [drift];
    }
    const error = `${(wantedError * this.excess(averaged)).toFixed(2)} of the standard error`;
    if (outcome === 'running') {
      return [`When the fit was stopped the Monte-Carlo error was ${error}; it ends below 0.1.`];
    }
    return [
      `The Monte-Carlo error is ${error} after ${step} steps, not below 0.1. Take more steps or more chains.`,
    ];
  }

  adjust({ alpha, sweepsPerStep }: Adjustment): void {
    const { state } = this;
    if (alpha !== undefined) state.alpha = alpha;
    if (sweepsPerStep !== undefined) state.sweepsPerStep = sweepsPerStep;
    const made = { ...(alpha && { alpha }), ...(sweepsPerStep && { sweepsPerStep }) };
    state.changes = withChange(state.changes ?? [], { step: state.step, ...made });
  }

  frame(): Int8Array {
    return this.sampler.spins(0);
  }

  likelihood(): null {
    return null;
  }

  snapshot(): GradientSnapshot {
    const { state, sampler } = this;
    return {
      ...state,
      theta: state.theta.slice(),
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

/** Where a correction leads, if its largest part leads outwards; else null. */
function leading(averaged: Averaged | null, { statistics }: Model): number[] | null {
  if (averaged === null) return null;
  const { correction, parameters } = averaged;
  const far = correction.map((move, a) => Math.abs(move * statistics[a].weight));
  const a = far.indexOf(Math.max(...far));
  return correction[a] * parameters[a] > 0 ? Array.from(correction) : null;
}

/** A change beside the earlier ones; those before one and the same step are one. */
function withChange(changes: readonly Change[], change: Change): readonly Change[] {
  const last = changes.at(-1);
  return last?.step === change.step
    ? [...changes.slice(0, -1), { ...last, ...change }]
    : [...changes, change];
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
