import type { Observed, SpinData } from '../data/dataset.ts';
import type { Model } from '../models/contract.ts';
import type { ColumnsFactory } from '../models/lattice/exact/columns.ts';
import type { ExactMethod } from '../models/lattice/exact/method.ts';
import type { KernelSnapshot } from '../sampling/kernel.ts';
import type { SamplerFactory } from '../sampling/sampler.ts';
import type { Adjustment } from './adjustment.ts';
import type { Estimate } from './estimate.ts';
import type { Likelihood } from './likelihood.ts';
import type { FitOptions } from './options.ts';
import type { Trace } from './trace.ts';

/** What is to be fitted: a model, the spins, and the statistics observed in them. */
export interface Problem {
  readonly model: Model;
  readonly data: SpinData;
  readonly observed: Observed;
  /** The cheapest exact method for the model; null where there is none. */
  readonly exact: ExactMethod | null;
  /** Curvature of the prior per image, λ of `penaltyOf`: p values, 0 without one. */
  readonly penalty: Float64Array;
}

/** What a host hands in: the engine's hot loops, in the fastest form that it has. */
export interface Loops {
  readonly samplers: SamplerFactory;
  readonly columns: ColumnsFactory;
}

/** How far a run has come; `total` is null where nobody can know. */
export interface Progress {
  /** What is being done, as a phrase: "eq. (4)", "Newton steps". */
  readonly phase: string;
  readonly done: number;
  readonly total: number | null;
}

/**
 * A fit under way. Work advances in slices of some ten milliseconds, so that whoever drives it can
 * hear a stop or a pause between two of them; no decision depends on the clock.
 */
export interface FitRun {
  /** The method that really runs (never `auto`). */
  readonly method: string;
  /**
   * Goes on by one slice; true when the fit has ended.
   *
   * @param maxSteps at most so many steps in this slice: one for a single step or slow motion
   */
  advance(maxSteps?: number): boolean;
  /** The steps so far; a snapshot does not hold them. */
  readonly trace: Trace;
  readonly progress: Progress;
  /** Ended for want of steps: from its snapshot it goes on where the options allow more of them. */
  readonly exhausted: boolean;
  /** The estimate as it stands: the result once ended, the best so far before (`converged: false`). */
  estimate(): Estimate;
  /** The likelihood about the estimate of a run that has converged; null where the method knows none. */
  likelihood(): Likelihood | null;
  /**
   * Everything but the trace that is needed to go on bit for bit: plain data and typed arrays only. Null begins
   * anew, and the trace with it.
   */
  snapshot(): FitSnapshot | null;
  /** Changes settings of eq. (4) from the next step on; other methods have none. */
  adjust(changes: Adjustment): void;
  /** Chain 0 of the model as it is now, n spins ±1; null where nothing is sampled. */
  frame(): Int8Array | null;
  /** Frees the run's sampler. */
  close(): void;
}

/** What a fit goes on from: its samplers' states, and whatever else its method knows by then. */
export interface FitSnapshot {
  readonly kernels: readonly KernelSnapshot[];
}

/** One method of estimation. */
export interface Estimator {
  readonly name: string;
  /** Begins a fit, or continues one from what its `snapshot` gave. */
  start(
    problem: Problem,
    options: FitOptions,
    samplers: SamplerFactory,
    snapshot?: unknown,
  ): FitRun;
}
