import { imageSpins } from '../dataset.ts';
import { runawaySentence } from '../existence/words.ts';
import type { KernelSnapshot, Series } from '../kernel.ts';
import { siteCount } from '../lattice.ts';
import { fewestMeasurements, Mixing, type MixingState } from '../mixing.ts';
import type { FitOptions } from '../options.ts';
import { type Generator, sfc32 } from '../rng.ts';
import type { Sampler } from '../sampler.ts';
import { SingularMatrixError } from '../symmetric.ts';
import { type Diagnostics, diagnose } from './diagnostics.ts';
import { likelihoodErrors } from './errors.ts';
import { type Estimate, standardErrors } from './estimate.ts';
import { pseudolikelihoodStart } from './pseudolikelihood.ts';
import { type Reweighted, reweigh, reweightedLikelihood, type Target } from './reweighting.ts';
import type { Estimator, FitRun, Problem } from './run.ts';
import { Samples } from './samples.ts';
import {
  isOrdered,
  mayOrder,
  mixSigns,
  oddStatistics,
  safePart,
  startOrdered,
  twoPhaseStart,
  withoutField,
} from './sign-mixing.ts';
import { Trace } from './trace.ts';

/** Work between two looks at the clock's owner, in updates of a fast kernel: some milliseconds. */
const sliceWork = 4_000_000;
/** Where measurements are far apart, how much longer a slice may be before it ends between two of them. */
const longestSlice = 4;
/** Measurements that the first stage keeps of every chain, and the first one of clusters. */
const firstStage = 64;
const firstClusterStage = 16;
/** Sweeps between two measurements at first: half as many would say hardly more. */
const firstStride = 2;
/** Sweeps that chains forget before anything is known of their autocorrelation. */
const firstForget = 32;
/** Autocorrelation times that chains forget, and that they keep at least. */
const forgottenTimes = 5;
const keptTimes = 10;
/** Sweeps after which chains that may order are moved between the two phases. */
const sweepsBetweenMixing = 256;
/** Stages after which a field that is out of reach from none is given up on. */
const stagesWithoutField = 3;
/** Local field beyond which a spin never flips again: no data that have an estimate need it. */
const largestField = 8;
/** One at which no chain is frozen. */
const warmField = 0.25;
/** Monte-Carlo error at which a fit ends, in standard errors. */
const wantedError = 0.1;
/** Difference of the two halves of the kept samples, in its own errors, beyond which chains still drift. */
const largestDrift = 4;
/** τ in measurements at which every second one may go, and errors, of the largest, that count. */
const muchTheSame = 1.5;
const decisivePart = 0.7;
/** Samples that are kept at least before they are thinned; more where many images ask for more. */
const leastCapacity = 2 ** 18;
const mostCapacity = 2 ** 22;

interface State {
  /** θ at which the chains run. */
  centre: Float64Array;
  /** Whether the centre has no field, so that every sample stands for its mirror image too. */
  mirrored: boolean;
  /** θ̂ as it stands. */
  theta: Float64Array;
  /** Sweeps between two measurements, and those since the last one where they take several slices. */
  stride: number;
  waited?: number;
  /** Sweeps that this stage still forgets, those it has forgotten, and measurements it still takes. */
  forget: number;
  forgotten: number;
  keep: number;
  stage: number;
  slices: number;
  /** Sweeps since the chains were last moved between s and −s. */
  unmixed: number;
  /** Generator of the moves between s and −s. */
  generator: Uint32Array;
  /** What the last judgement found; null before the first. */
  found: Reweighted | null;
  outcome: 'running' | 'converged' | 'exhausted' | 'diverged';
}

export interface MleSnapshot extends State {
  readonly samples: Series;
  /** Rows of the trace so far, which whoever takes this state has. */
  readonly rows?: number;
  /** The rows themselves, as 0.1.0 wrote states at first. */
  readonly trace?: Float64Array;
  readonly mixing?: MixingState;
  readonly kernels: readonly KernelSnapshot[];
}

/**
 * Monte-Carlo maximum likelihood without a step size.
 *
 * Chains start from the images themselves, which are samples of the model that is sought, and run at a
 * centre θ₀, first the pseudolikelihood estimate. Their samples are reweighted to the θ̂ at which ⟨T⟩ = T̄.
 * Where θ̂ is out of the samples' reach the centre moves towards it, by at most one standard deviation of
 * one image; otherwise the chains go on at the same centre, for as long as the Monte-Carlo error, from the
 * spread between independent chains, foretells, until it is below a tenth of the standard error. Chains
 * forget five autocorrelation times first, and the two halves of what is kept must agree.
 *
 * A small field is left to the reweighting: the centre has none, and every sample stands for −s too. Where
 * the coupling may order the model beside a field, chains move between s and −s, so that both phases count.
 * Where much is to be sampled, heat-bath is compared with cluster updates (`Mixing`).
 *
 * Source: C. J. Geyer, E. A. Thompson, J. R. Stat. Soc. B 54, 657 (1992).
 */
export const mle: Estimator = {
  name: 'mle',
  start(problem, options, samplers, snapshot) {
    const sampler = samplers(problem.model, options.gradient.chains, options.seed);
    return new MleRun(problem, options, sampler, snapshot as MleSnapshot | undefined);
  },
};

class MleRun implements FitRun {
  readonly method = 'mle';
  readonly trace: Trace;
  private readonly state: State;
  private readonly generator: Generator;
  private readonly samples: Samples;
  private readonly mixing: Mixing;
  private readonly odd: readonly boolean[];
  private readonly target: Target;

  constructor(
    private readonly problem: Problem,
    private readonly options: FitOptions,
    private readonly sampler: Sampler,
    snapshot?: MleSnapshot,
  ) {
    const { model, observed } = problem;
    const p = model.statistics.length;
    this.generator = sfc32(options.seed, 0x519);
    this.odd = oddStatistics(model);
    this.target = {
      mean: observed.mean,
      penalty: problem.penalty,
      images: observed.images,
    };
    this.samples = new Samples(sampler.chains, p);
    if (snapshot) {
      const { rows, trace, kernels, mixing, samples, ...state } = snapshot;
      this.mixing = new Mixing(sampler, mixing);
      this.trace = trace ? Trace.from(p, trace) : new Trace(p, rows);
      this.state = state;
      if (this.exhausted && state.slices < options.steps) state.outcome = 'running';
      this.samples.push(samples);
      this.generator.state.set(state.generator);
      sampler.restore(kernels);
    } else {
      this.trace = new Trace(p);
      this.mixing = new Mixing(sampler);
      const start = pseudolikelihoodStart(problem);
      const theta = mayOrder(model, start) ? twoPhaseStart(model, observed, start) : start;
      this.state = {
        centre: theta,
        mirrored: false,
        theta,
        stride: firstStride,
        forget: 0,
        forgotten: 0,
        keep: 0,
        stage: 0,
        slices: 0,
        unmixed: 0,
        generator: this.generator.state,
        found: null,
        outcome: 'running',
      };
      if (isOrdered(model, theta)) startOrdered(sampler, siteCount(model.lattice));
      else this.startFromImages();
      this.moveTo(theta, firstForget);
    }
  }

  /** Every chain begins as one of the images, in turn. */
  private startFromImages(): void {
    const { data } = this.problem;
    for (let chain = 0; chain < this.sampler.chains; chain++) {
      this.sampler.setSpins(chain, imageSpins(data, chain % data.images));
    }
  }

  /** Begins a stage at θ, or at θ without its field where that is as good. */
  private moveTo(theta: Float64Array, forget: number): void {
    const { state, samples } = this;
    // a field that was out of reach from none a few times stays in the centre
    const centre = state.stage < stagesWithoutField ? withoutField(this.problem, theta) : null;
    state.mirrored = centre !== null;
    state.centre = centre ?? theta;
    state.theta = theta;
    state.forget = forget;
    state.forgotten = 0;
    state.waited = 0;
    state.keep = firstStage;
    samples.drop(samples.measurements);
    this.sampler.setParameters(state.centre);
  }

  get progress() {
    return { phase: this.mixing.phrase, done: this.state.slices, total: null };
  }

  get exhausted() {
    return this.state.outcome === 'exhausted';
  }

  advance(): boolean {
    const { state, sampler, samples, mixing } = this;
    const { model } = this.problem;
    // a run that is continued may have ended already
    if (state.outcome !== 'running') return true;
    if (mixing.busy) {
      if (mixing.advance()) this.beginAgain();
      return false;
    }
    const most = Math.max(1, Math.floor(sliceWork / mixing.sweepWork));
    if (state.forget > 0) {
      const sweeps = Math.min(most, state.forget);
      mixing.run(sweeps, sweeps);
      state.forget -= sweeps;
      state.forgotten += sweeps;
      state.unmixed += sweeps;
    } else if (state.stride - (state.waited ?? 0) > longestSlice * most) {
      const sweeps = longestSlice * most;
      // without a measurement
      mixing.run(sweeps, sweeps + 1);
      state.waited = (state.waited ?? 0) + sweeps;
      state.unmixed += sweeps;
      return false;
    } else {
      const measurements = Math.min(state.keep, Math.max(1, Math.floor(most / state.stride)));
      const sweeps = measurements * state.stride - (state.waited ?? 0);
      const { series } = mixing.run(sweeps, sweeps / measurements, 'scores');
      state.waited = 0;
      if (series === null) throw new Error('A recorded run gave no series.');
      samples.push(series);
      state.keep -= measurements;
      state.unmixed += sweeps;
      if (state.keep === 0) this.judge();
    }
    state.slices++;
    const due = state.unmixed >= sweepsBetweenMixing;
    if (due && !state.mirrored && !mixing.clusters && mayOrder(model, state.centre)) {
      mixSigns(sampler, state.centre, this.generator);
      state.unmixed = 0;
    }
    if (state.outcome === 'running' && state.slices >= this.options.steps)
      state.outcome = 'exhausted';
    return state.outcome !== 'running';
  }

  /** Samples of another kind of sweep begin a stage of their own; the comparison has brought the chains to rest. */
  private beginAgain(): void {
    const { state, mixing } = this;
    state.stride = mixing.clusters ? 1 : firstStride;
    this.moveTo(state.theta, 1);
    if (!mixing.clusters) return;
    // sweeps that cost as much as a hundred of heat-bath
    state.forgotten = fewestMeasurements;
    state.keep = firstClusterStage;
  }

  /** Judges the samples kept at this centre: done, go on here, or move. */
  private judge(): void {
    const { state, problem, samples, target } = this;
    const { statistics } = problem.model;
    let found: Reweighted;
    try {
      found = reweigh(
        samples.series,
        state.centre,
        state.theta,
        state.mirrored ? this.odd : null,
        target,
      );
    } catch (error) {
      // frozen chains: the model has no spread at this centre
      if (!(error instanceof SingularMatrixError)) throw error;
      const warmer = state.theta.map((value) => value / 2);
      // pseudolikelihood may start out there, which says nothing about the likelihood itself
      if (state.found === null && !this.isHot(warmer)) this.moveTo(warmer, firstForget);
      else state.outcome = 'diverged';
      return;
    }
    state.found = found;
    state.theta = found.theta;
    state.stage++;
    this.record(found);
    if (statistics.some(({ weight }, a) => !(Math.abs(state.theta[a] * weight) < largestField))) {
      state.outcome = 'diverged';
      return;
    }
    const slowest = Math.ceil(state.stride * Math.max(...found.tau));
    const kept = samples.measurements;
    const swept = kept * state.stride;
    const excesses = this.excesses(found);
    const excess = Math.max(...excesses);
    if (!found.near) {
      this.moveTo(this.cautious(found.theta), firstForget + forgottenTimes * slowest);
      this.compare(swept, excesses);
      return;
    }
    if (state.forgotten < forgottenTimes * slowest || found.drift > largestDrift) {
      // the older half belongs to the way here
      const old = Math.ceil(kept / 2);
      samples.drop(old);
      state.forgotten += old * state.stride;
      state.keep = kept;
      this.compare(swept, excesses);
      return;
    }
    if (excess <= 1 && swept >= keptTimes * slowest) {
      state.outcome = 'converged';
      return;
    }
    // errors fall as 1/√N; those of a short stage are rough
    const growth = Math.min(4, Math.max(1.1 * excess ** 2, 1.25));
    state.keep = Math.ceil((growth - 1) * kept);
    this.thin(found);
    this.compare(swept, excesses);
  }

  /** Whether the temperature is so high (couplings and fields so weak) that no chain is frozen. */
  private isHot(theta: Float64Array): boolean {
    const { statistics } = this.problem.model;
    return statistics.every(({ weight }, a) => Math.abs(theta[a] * weight) < warmField);
  }

  /** Compares the kinds of sweep where those that are foreseen are worth it: errors fall as 1/√N. */
  private compare(swept: number, excesses: readonly number[]): void {
    const missing = excesses.map((excess) => excess ** 2);
    const more = Math.max(0, Math.max(...missing) - 1);
    this.mixing.consider(swept * more, missing);
  }

  /** Of a step beside a field where the model may order, the part that leaves both phases their weights. */
  private cautious(theta: Float64Array): Float64Array {
    const { state, problem } = this;
    if (state.mirrored || !mayOrder(problem.model, state.centre)) return theta;
    const step = theta.map((value, a) => value - state.centre[a]);
    const part = safePart(problem.model, state.centre, step);
    return state.centre.map((value, a) => value + part * step[a]);
  }

  /**
   * Thins the samples where those that are still to come would be too many, or where neighbours say much the
   * same: at τ = 1.5 measurements half of them are worth 89 % of all.
   */
  private thin(found: Reweighted): void {
    const { state, samples, sampler, problem } = this;
    const wanted = 4 * problem.observed.images * wantedError ** -2;
    const capacity = Math.min(mostCapacity, Math.max(leastCapacity, wanted));
    const excesses = this.excesses(found);
    const decisive = decisivePart * Math.max(...excesses);
    let slowness = Math.min(...found.slowness.filter((_, a) => excesses[a] >= decisive));
    while (
      samples.measurements > firstStage / 2 &&
      ((samples.measurements + state.keep) * sampler.chains > capacity || slowness >= muchTheSame)
    ) {
      samples.thin();
      slowness /= 2;
      state.stride *= 2;
      state.keep = Math.ceil(state.keep / 2);
    }
  }

  /** The Monte-Carlo errors in units of those at which the fit ends. */
  private excesses({ covariance, monteCarlo }: Reweighted): number[] {
    const standard = standardErrors(likelihoodErrors(covariance, this.problem).covariance);
    return Array.from(
      standardErrors(monteCarlo),
      (error, a) => error / (wantedError * standard[a]),
    );
  }

  private record({ mean, meanCovariance }: Reweighted): void {
    const { statistics } = this.problem.model;
    const noise = standardErrors(meanCovariance);
    this.trace.push({
      step: this.state.stage,
      parameters: Array.from(this.state.theta),
      moments: statistics.map(({ extent }, a) => mean[a] / extent),
      noise: statistics.map(({ extent }, a) => noise[a] / extent),
    });
  }

  estimate(): Estimate {
    const { theta, outcome, found } = this.state;
    const known = outcome === 'diverged' ? null : found;
    const errors = known && likelihoodErrors(known.covariance, this.problem);
    const diagnostics = known && this.diagnostics();
    return {
      parameters: theta.slice(),
      covariance: errors?.covariance ?? null,
      sandwich: errors?.sandwich ?? null,
      monteCarloError: known
        ? standardErrors(known.monteCarlo)
        : new Float64Array(theta.length).fill(Number.NaN),
      logLikelihood: null,
      exists: true,
      converged: outcome === 'converged',
      sampler: this.mixing.note,
      ...(diagnostics && { diagnostics }),
      warnings: [...this.warnings(known), ...this.chainWarnings(diagnostics)],
    };
  }

  /** Of the measurements kept at the present centre; null where there are too few. */
  private diagnostics(): Diagnostics | null {
    const { state, samples } = this;
    if (samples.measurements < firstClusterStage) return null;
    return diagnose(samples.series, state.stride, state.mirrored ? this.odd : null);
  }

  private chainWarnings(diagnostics: Diagnostics | null): string[] {
    const { model } = this.problem;
    const warnings: string[] = [];
    if (diagnostics && !diagnostics.agree) {
      const worst = Math.max(...diagnostics.statistics.map((one) => one?.splitRHat ?? 1));
      warnings.push(
        `The chains disagree (R̂ = ${worst.toFixed(2)}): they are in different phases, or not yet at rest, so that the estimate and its errors may be wrong. Allow more steps, or use an exact method on a smaller lattice.`,
      );
    }
    if (diagnostics && isOrdered(model, this.state.theta)) {
      warnings.push(
        'The coupling is above the critical one, 0.4407: the likelihood sees both phases, mostly bright and mostly dark, each with its weight. Pictures of one phase alone say little about h.',
      );
    }
    return warnings;
  }

  private warnings(found: Reweighted | null): string[] {
    const { outcome, stage } = this.state;
    if (outcome === 'converged') return [];
    if (outcome === 'diverged') {
      return [`After ${stage} stages: ${runawaySentence(this.problem.model, this.state.theta)}`];
    }
    if (found === null) return ['The fit was stopped before it could say how sure it is.'];
    return [
      `The Monte-Carlo error is ${(wantedError * Math.max(...this.excesses(found))).toFixed(2)} of the standard error, not surely below ${wantedError}. Allow more steps; if chains disagree (two phases above the critical coupling), no number of steps may suffice.`,
    ];
  }

  /** Eq. (4)'s step size and sweeps per step have no meaning here. */
  adjust(): void {}

  frame(): Int8Array {
    return this.sampler.spins(0);
  }

  likelihood() {
    const { state, samples } = this;
    return state.outcome === 'converged'
      ? reweightedLikelihood(samples.series, state.centre, state.mirrored ? this.odd : null)
      : null;
  }

  snapshot(): MleSnapshot {
    const { state, trace, sampler, samples } = this;
    const { series } = samples;
    return {
      ...state,
      generator: this.generator.state.slice(),
      samples: {
        ...series,
        values: series.values.slice(),
        ...(series.scores && { scores: series.scores.slice() }),
      },
      rows: trace.length,
      mixing: this.mixing.snapshot(),
      kernels: sampler.snapshot(),
    };
  }

  close(): void {
    this.sampler.close();
  }
}
