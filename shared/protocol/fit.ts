import { z } from 'zod';
import type { Progress } from '../inference/run.ts';
import { takes } from './declare.ts';
import type { Frame } from './frame.ts';
import type { RunSummary } from './runs.ts';
import { alpha, fitOptions, nothing, runId, sweepsPerStep, threads } from './schemas.ts';

/** Slow motion: steps of eq. (4) per second; null runs as fast as it can. */
const stepsPerSecond = z.number().min(0.1).max(1000).nullable();

/** What can be changed while a fit runs; what is left out stays. */
export const adjustment = z.strictObject({
  alpha: alpha.optional(),
  sweepsPerStep: sweepsPerStep.optional(),
  stepsPerSecond: stepsPerSecond.optional(),
});

/** What a running fit tells, about 30 times a second; the last one always arrives. */
export interface FitProgress {
  readonly run: RunSummary;
  readonly progress: Progress;
  /** Trace rows since the last event, as `Trace.slice` gives them: 1 + 3p numbers each. */
  readonly rows: Float64Array;
  /** Number of the first of these rows; where it is not the next one expected, ask `runs.trace`. */
  readonly firstRow: number;
  /** Chain 0 of the model; null for methods without a sampler. */
  readonly frame: Frame | null;
}

export const fitRequests = {
  /** Prepares the data where that is still to be done and begins; one fit runs at a time. */
  start: takes(
    z.strictObject({
      options: fitOptions,
      paused: z.boolean().default(false),
      /** Threads that sample, which change how fast a fit is and nothing else; null takes all. */
      threads: threads.nullable().default(null),
      stepsPerSecond: stepsPerSecond.default(null),
    }),
  ).gives<RunSummary>(),
  /** Goes on, bit for bit, with a run that was stopped or that failed. */
  goOn: takes(
    z.strictObject({
      run: runId,
      paused: z.boolean().default(false),
      threads: threads.nullable().default(null),
      stepsPerSecond: stepsPerSecond.default(null),
    }),
  ).gives<RunSummary>(),
  pause: takes(nothing).gives<void>(),
  resume: takes(nothing).gives<void>(),
  /** One step of a paused fit. */
  step: takes(nothing).gives<void>(),
  /** Ends the fit and keeps what it has. */
  stop: takes(nothing).gives<RunSummary>(),
  /** Ends the fit and forgets its run. */
  reset: takes(nothing).gives<void>(),
  adjust: takes(adjustment).gives<void>(),
  /** The run under way; null if there is none. */
  current: takes(nothing).gives<RunSummary | null>(),
  /** Steps per second of the fit under way, or of the last one; null is as fast as it can. */
  pace: takes(nothing).gives<number | null>(),
};

export interface FitEvents {
  'fit.progress': FitProgress;
  /** After the last `fit.progress`; `run.error` says what went wrong if something did. */
  'fit.ended': RunSummary;
}
