import type { Model } from '../../models/contract.ts';
import { type Generator, sfc32 } from '../../numerics/random.ts';
import { SingularMatrixError } from '../../numerics/symmetric.ts';
import type { Sampler } from '../../sampling/sampler.ts';
import { type Diagnostics, diagnose } from '../diagnostics.ts';
import { type Estimate, standardErrors } from '../estimate.ts';
import type { FitOptions } from '../options.ts';
import type { Estimator, FitRun, Problem } from '../run.ts';
import { Trace } from '../trace.ts';
import { likelihoodErrors } from '../uncertainty/errors.ts';
import { mayOrder, oddStatistics, twoPhaseStart } from './global-flips.ts';
import { firstClusterStage, firstForget, firstStride, Stages } from './mle-stages.ts';
import { excesses, type MleSnapshot, type State, wantedError } from './mle-state.ts';
import { mleWarnings } from './mle-warnings.ts';
import { pseudolikelihoodStart } from './pseudolikelihood.ts';
import { type Reweighted, reweigh, reweightedLikelihood, type Target } from './reweighting.ts';

/** Autocorrelation times that chains forget, and that they keep at least. */
const forgottenTimes = 5;
const keptTimes = 10;
/** Local field beyond which a spin never flips again: no data that have an estimate need it. */
const largestField = 8;
/** One at which no chain is frozen. */
const warmField = 0.25;
/** Difference of the two halves of the kept samples, in its own errors, beyond which chains still drift. */
const largestDrift = 4;

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
  private readonly stages: Stages;
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
    if (snapshot) {
      const { rows, trace, kernels, mixing, samples, ...state } = snapshot;
      this.trace = trace ? Trace.from(p, trace) : new Trace(p, rows);
      this.state = state;
      if (this.exhausted && state.slices < options.steps) state.outcome = 'running';
      this.generator.state.set(state.generator);
      this.stages = new Stages(problem, sampler, state, this.generator, mixing);
      this.stages.samples.push(samples);
      sampler.restore(kernels);
    } else {
      this.trace = new Trace(p);
      this.state = firstState(problem, this.generator);
      this.stages = new Stages(problem, sampler, this.state, this.generator);
      this.stages.begin();
    }
  }

  get progress() {
    return { phase: this.stages.mixing.phrase, done: this.state.slices, total: null };
  }

  get exhausted() {
    return this.state.outcome === 'exhausted';
  }

  advance(): boolean {
    const { state, stages } = this;
    // a run that is continued may have ended already
    if (state.outcome !== 'running') return true;
    const complete = stages.slice();
    if (complete === null) return false;
    if (complete) this.judge();
    state.slices++;
    stages.mixSignsIfDue();
    if (state.outcome === 'running' && state.slices >= this.options.steps)
      state.outcome = 'exhausted';
    return state.outcome !== 'running';
  }

  /** Judges the samples kept at this centre: done, go on here, or move. */
  private judge(): void {
    const { state, problem, stages } = this;
    const { samples } = stages;
    const { statistics } = problem.model;
    const found = this.reweighted();
    if (found === null) return;
    state.found = found;
    state.theta = found.theta;
    state.stage++;
    this.record(found);
    if (statistics.some(({ weight }, a) => !(Math.abs(state.theta[a] * weight) < largestField))) {
      state.outcome = 'diverged';
      return;
    }
    const slowest = Math.ceil(state.stride * Math.max(...found.tau));
    const swept = samples.measurements * state.stride;
    const missing = excesses(found, problem);
    const excess = Math.max(...missing);
    if (!found.near) {
      stages.moveTo(stages.cautious(found.theta), firstForget + forgottenTimes * slowest);
    } else if (state.forgotten < forgottenTimes * slowest || found.drift > largestDrift) {
      stages.forgetOlder();
    } else if (excess <= 1 && swept >= keptTimes * slowest) {
      state.outcome = 'converged';
      return;
    } else {
      // errors fall as 1/√N; those of a short stage are rough
      stages.extend(Math.min(4, Math.max(1.1 * excess ** 2, 1.25)), found);
    }
    stages.compare(swept, missing);
  }

  /** θ̂ from the samples at this centre; where the model has no spread there, null and a warmer start or the end. */
  private reweighted(): Reweighted | null {
    const { state, stages, problem, target } = this;
    const odd = state.mirrored ? this.odd : null;
    try {
      return reweigh(stages.samples.series, state.centre, state.theta, odd, target);
    } catch (error) {
      // frozen chains: the model has no spread at this centre
      if (!(error instanceof SingularMatrixError)) throw error;
      const warmer = state.theta.map((value) => value / 2);
      // pseudolikelihood may start out there, which says nothing about the likelihood itself
      if (state.found === null && !isHot(problem.model, warmer)) stages.moveTo(warmer, firstForget);
      else state.outcome = 'diverged';
      return null;
    }
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
    const diagnostics = known && this.diagnostics();
    const settled = known && (outcome === 'converged' || this.isSettled(known)) ? known : null;
    const errors = settled && likelihoodErrors(settled.covariance, this.problem);
    return {
      parameters: theta.slice(),
      covariance: errors?.covariance ?? null,
      sandwich: errors?.sandwich ?? null,
      monteCarloError: settled
        ? standardErrors(settled.monteCarlo)
        : new Float64Array(theta.length).fill(Number.NaN),
      logLikelihood: null,
      exists: true,
      converged: outcome === 'converged',
      sampler: this.stages.mixing.note,
      ...(diagnostics && { diagnostics }),
      warnings: mleWarnings(this.state, this.problem, diagnostics),
    };
  }

  /** Whether errors mean something before the fit has converged: chains at rest, and noise below the standard error. */
  private isSettled(found: Reweighted): boolean {
    const worst = wantedError * Math.max(...excesses(found, this.problem));
    return found.near && found.drift <= largestDrift && worst <= 1;
  }

  /** Of the measurements kept at the present centre; null where there are too few. */
  private diagnostics(): Diagnostics | null {
    const { state, stages } = this;
    if (stages.samples.measurements < firstClusterStage) return null;
    return diagnose(stages.samples.series, state.stride, state.mirrored ? this.odd : null);
  }

  /** Eq. (4)'s step size and sweeps per step have no meaning here. */
  adjust(): void {}

  frame(): Int8Array {
    return this.sampler.spins(0);
  }

  likelihood() {
    const { state, stages } = this;
    return state.outcome === 'converged'
      ? reweightedLikelihood(stages.samples.series, state.centre, state.mirrored ? this.odd : null)
      : null;
  }

  snapshot(): MleSnapshot {
    const { state, stages, trace, sampler } = this;
    const { series } = stages.samples;
    return {
      ...state,
      generator: this.generator.state.slice(),
      samples: {
        ...series,
        values: series.values.slice(),
        ...(series.scores && { scores: series.scores.slice() }),
      },
      rows: trace.length,
      mixing: stages.mixing.snapshot(),
      kernels: sampler.snapshot(),
    };
  }

  close(): void {
    this.sampler.close();
  }
}

/** Before any sweep: at the pseudolikelihood estimate, or where both phases are where that may be in one of them. */
function firstState(problem: Problem, generator: Generator): State {
  const { model, observed } = problem;
  const start = pseudolikelihoodStart(problem);
  const theta = mayOrder(model, start) ? twoPhaseStart(model, observed, start) : start;
  return {
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
    generator: generator.state,
    found: null,
    outcome: 'running',
  };
}

/** Whether the temperature is so high (couplings and fields so weak) that no chain is frozen. */
function isHot({ statistics }: Model, theta: Float64Array): boolean {
  return statistics.every(({ weight }, a) => Math.abs(theta[a] * weight) < warmField);
}
