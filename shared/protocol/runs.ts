import { z } from 'zod';
import type { FitOptions } from '../inference/options.ts';
import { takes } from './declare.ts';
import type { ErrorData } from './errors.ts';
import type { FitData, FitFile } from './fit-file.ts';
import type { Frame } from './frame.ts';
import { nothing, runId } from './schemas.ts';

/** A running fit is `preparing`, `running` or `paused`; then it has `ended`, was `stopped`, or `failed`. */
export type RunState = 'preparing' | 'running' | 'paused' | 'ended' | 'stopped' | 'failed';

/** One run of the session. */
export interface RunSummary {
  readonly id: string;
  readonly name: string;
  /** ISO 8601. */
  readonly created: string;
  readonly state: RunState;
  readonly options: FitOptions;
  readonly rows: number;
  readonly cols: number;
  readonly images: number;
  /** Names of the p parameters. */
  readonly parameters: readonly string[];
  /** T̄_a/extent_a of the data: the lines that the model's moments go to; p values. */
  readonly observed: readonly number[];
  /** Rows of the trace so far. */
  readonly steps: number;
  /** Null until there is an estimate. */
  readonly result: FitResult | null;
  readonly error: ErrorData | null;
  /** Whether it can go on from where it was stopped or failed. */
  readonly continuable: boolean;
}

/** A fit file's content but for its trace and its sources, which `runs.trace` and `runs.sources` give. */
export type FitResult = {
  readonly [Key in keyof FitFile as string extends Key
    ? never
    : Key extends 'trace'
      ? never
      : Key]: Key extends 'data' ? FitData : FitFile[Key];
};

/** A file that was fitted. */
export type FittedSource = FitFile['data']['sources'][number];

/** Some of the files that a run was fitted to. */
export interface RunSources {
  readonly total: number;
  readonly sources: readonly FittedSource[];
}

/** What has changed in the table of runs. */
export interface RunsChange {
  /** The runs that there are now, oldest first. */
  readonly order: readonly string[];
  /** Those among them that are new or not what they were. */
  readonly changed: readonly RunSummary[];
}

/** What a fit file brought back: its run, and which of its pictures are gone. */
export interface RestoredFit {
  readonly run: RunSummary;
  readonly missing: readonly string[];
  /** Sources that were found where they were, and are now in the data set. */
  readonly found: number;
}

/** Rows of a trace, each 1 + 3p numbers as `Trace.slice` gives them. */
export interface TracePart {
  readonly rows: Float64Array;
  /** Rows of the whole trace. */
  readonly total: number;
}

const one = z.strictObject({ run: runId });

export const runsRequests = {
  list: takes(nothing).gives<RunSummary[]>(),
  rename: takes(
    z.strictObject({ run: runId, name: z.string().trim().min(1).max(200) }),
  ).gives<RunSummary>(),
  delete: takes(one).gives<void>(),
  /** Brings back the run that was deleted last. */
  undoDelete: takes(nothing).gives<RunSummary | null>(),
  /**
   * The trace's rows `first` … `last` (exclusive), thinned to at most about `points` rows by keeping,
   * of every stretch, the rows where a column is smallest or largest.
   */
  trace: takes(
    z.strictObject({
      run: runId,
      first: z.int().min(0),
      last: z.int().min(0),
      points: z.int().min(2).max(1_000_000),
    }),
  ).gives<TracePart>(),
  /** The files that a run with an estimate was fitted to. */
  sources: takes(
    z.strictObject({ run: runId, first: z.int().min(0), count: z.int().min(0).max(1_000_000) }),
  ).gives<RunSources>(),
  /** One image of those that the run was fitted to; null where its spins are not here. */
  image: takes(z.strictObject({ run: runId, image: z.int().min(0) })).gives<Frame | null>(),
};

export interface RunsEvents {
  /** The table of runs has changed: only what has changed is told, since results are large. */
  'runs.changed': RunsChange;
  /** A fit file was opened from outside: by double click or on the command line. */
  'runs.restored': RestoredFit;
}
