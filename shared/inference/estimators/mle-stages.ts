import { imageSpins } from '../../data/dataset.ts';
import { siteCount } from '../../models/lattice/lattice.ts';
import type { Generator } from '../../numerics/random.ts';
import type { Sampler } from '../../sampling/sampler.ts';
import { fewestMeasurements, Mixing, type MixingState } from '../../sampling/update-schedule.ts';
import type { Problem } from '../run.ts';
import {
  isOrdered,
  mayOrder,
  mixSigns,
  safePart,
  startOrdered,
  withoutField,
} from './global-flips.ts';
import { excesses, type State, wantedError } from './mle-state.ts';
import type { Reweighted } from './reweighting.ts';
import { Samples } from './samples.ts';

/** Work between two looks at the clock's owner, in updates of a fast kernel: some milliseconds. */
const sliceWork = 4_000_000;
/** Where measurements are far apart, how much longer a slice may be before it ends between two of them. */
const longestSlice = 4;
/** Measurements that the first stage keeps of every chain, and the first one of clusters. */
const firstStage = 64;
export const firstClusterStage = 16;
/** Sweeps between two measurements at first: half as many would say hardly more. */
export const firstStride = 2;
/** Sweeps that chains forget before anything is known of their autocorrelation. */
export const firstForget = 32;
/** Sweeps after which chains that may order are moved between the two phases. */
const sweepsBetweenMixing = 256;
/** Stages after which a field that is out of reach from none is given up on. */
const stagesWithoutField = 3;
/** τ in measurements at which every second one may go, and errors, of the largest, that count. */
const muchTheSame = 1.5;
const decisivePart = 0.7;
/** Samples that are kept at least before they are thinned; more where many images ask for more. */
const leastCapacity = 2 ** 18;
const mostCapacity = 2 ** 22;

/** The chains of a fit and the samples that they give, stage by stage: each at one centre. */
export class Stages {
  readonly samples: Samples;
  readonly mixing: Mixing;

  constructor(
    private readonly problem: Problem,
    private readonly sampler: Sampler,
    private readonly state: State,
    private readonly generator: Generator,
    mixing?: MixingState,
  ) {
    this.samples = new Samples(sampler.chains, problem.model.statistics.length);
    this.mixing = new Mixing(sampler, mixing);
  }

  /** The first stage, from the images themselves; from the ordered state where the model is ordered at θ. */
  begin(): void {
    const { problem, sampler, state } = this;
    const { model, data } = problem;
    if (isOrdered(model, state.theta)) startOrdered(sampler, siteCount(model.lattice));
    else {
      // every chain begins as one of the images, in turn
      for (let chain = 0; chain < sampler.chains; chain++) {
        sampler.setSpins(chain, imageSpins(data, chain % data.images));
      }
    }
    this.moveTo(state.theta, firstForget);
  }

  /** Begins a stage at θ, or at θ without its field where that is as good. */
  moveTo(theta: Float64Array, forget: number): void {
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

  /** Of the way to θ beside a field where the model may order, the part that leaves both phases their weights. */
  cautious(theta: Float64Array): Float64Array {
    const { state, problem } = this;
    if (state.mirrored || !mayOrder(problem.model, state.centre)) return theta;
    const step = theta.map((value, a) => value - state.centre[a]);
    const part = safePart(problem.model, state.centre, step);
    return state.centre.map((value, a) => value + part * step[a]);
  }

  /** Drops the older half of the samples, which belongs to the way here, and has as many taken anew. */
  forgetOlder(): void {
    const { state, samples } = this;
    const kept = samples.measurements;
    const old = Math.ceil(kept / 2);
    samples.drop(old);
    state.forgotten += old * state.stride;
    state.keep = kept;
  }

  /** Goes on at this centre until so many times as many samples are kept, thinned where they may be. */
  extend(growth: number, found: Reweighted): void {
    this.state.keep = Math.ceil((growth - 1) * this.samples.measurements);
    this.thin(found);
  }

  /**
   * Some milliseconds of sweeps.
   *
   * @returns whether the stage has taken its measurements; null where the slice was none of a stage
   */
  slice(): boolean | null {
    const { state, samples, mixing } = this;
    if (mixing.busy) {
      if (mixing.advance()) this.beginAgain();
      return null;
    }
    const most = Math.max(1, Math.floor(sliceWork / mixing.sweepWork));
    if (state.forget > 0) {
      const sweeps = Math.min(most, state.forget);
      if (mixing.advanceRun(sweeps, sweeps) === null) return null;
      state.forget -= sweeps;
      state.forgotten += sweeps;
      state.unmixed += sweeps;
      return false;
    }
    const longest = mixing.long ? 1 : longestSlice * most;
    if (state.stride - (state.waited ?? 0) > longest) {
      // without a measurement
      if (mixing.advanceRun(longest, longest + 1) === null) return null;
      state.waited = (state.waited ?? 0) + longest;
      state.unmixed += longest;
      return null;
    }
    const measurements = Math.min(state.keep, Math.max(1, Math.floor(most / state.stride)));
    const sweeps = measurements * state.stride - (state.waited ?? 0);
    const run = mixing.advanceRun(sweeps, sweeps / measurements, 'scores');
    if (run === null) return null;
    const { series } = run;
    state.waited = 0;
    if (series === null) throw new Error('A recorded run gave no series.');
    samples.push(series);
    state.keep -= measurements;
    state.unmixed += sweeps;
    return state.keep === 0;
  }

  /** Moves chains between s and −s where the coupling may order the model and none have been for long. */
  mixSignsIfDue(): void {
    const { state, problem, mixing, sampler } = this;
    if (state.unmixed < sweepsBetweenMixing || state.mirrored || mixing.clusters) return;
    if (!mayOrder(problem.model, state.centre)) return;
    mixSigns(sampler, state.centre, this.generator);
    state.unmixed = 0;
  }

  /** Compares the kinds of sweep where those that are foreseen are worth it: errors fall as 1/√N. */
  compare(swept: number, excess: readonly number[]): void {
    const missing = excess.map((value) => value ** 2);
    const more = Math.max(0, Math.max(...missing) - 1);
    this.mixing.consider(swept * more, missing);
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

  /**
   * Thins the samples where those that are still to come would be too many, or where neighbours say much the
   * same: at τ = 1.5 measurements half of them are worth 89 % of all.
   */
  private thin(found: Reweighted): void {
    const { state, samples, sampler, problem } = this;
    const wanted = 4 * problem.observed.images * wantedError ** -2;
    const capacity = Math.min(mostCapacity, Math.max(leastCapacity, wanted));
    const excess = excesses(found, problem);
    const decisive = decisivePart * Math.max(...excess);
    let slowness = Math.min(...found.slowness.filter((_, a) => excess[a] >= decisive));
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
}
