import type { SpinData } from '../data/dataset.ts';
import type { Adjustment } from '../inference/adjustment.ts';
import type { Estimate } from '../inference/estimate.ts';
import type { FitOptions } from '../inference/options.ts';
import type { FitSnapshot, Progress } from '../inference/run.ts';
import type { ErrorData } from './errors.ts';

/** What a fit thread is started with. */
export interface FitTask {
  readonly data: SpinData;
  readonly options: FitOptions;
  /** What an earlier run's checkpoint holds; null begins anew. */
  readonly snapshot: unknown;
  /** Threads that sample beside the trainer's own. */
  readonly threads: number;
  /** Gives way to a window that wants the processor for a moment. */
  readonly background: boolean;
  /** Begins paused, to be stepped. */
  readonly paused: boolean;
  /** Slow motion from the first step on; null runs as fast as it can. */
  readonly stepsPerSecond: number | null;
}

/** What a fit thread is told while it runs. */
export type FitCommand =
  | { readonly kind: 'pause' | 'resume' | 'step' | 'stop' | 'checkpoint' }
  | { readonly kind: 'adjust'; readonly changes: Adjustment }
  /** Slow motion: steps per second; null runs as fast as it can. */
  | { readonly kind: 'pace'; readonly stepsPerSecond: number | null };

/** The state of a run between two slices. */
export interface FitReport {
  readonly method: string;
  readonly progress: Progress;
  /** Trace rows since the last report, 1 + 3p numbers each, and the number of the first of them. */
  readonly rows: Float64Array;
  readonly firstRow: number;
  /** Chain 0 of the model, n spins ±1; null where nothing is sampled. */
  readonly frame: Int8Array | null;
}

/** What a fit thread tells; the last report comes with `ended`, and nothing follows it. */
export type FitEvent =
  | { readonly kind: 'report'; readonly report: FitReport; readonly paused: boolean }
  /** The state, and the number of trace rows that it stands at: they were told before. */
  | { readonly kind: 'checkpoint'; readonly snapshot: FitSnapshot | null; readonly rows: number }
  | {
      readonly kind: 'ended';
      readonly report: FitReport;
      readonly estimate: Estimate;
      /** Ended by a stop, not by itself. */
      readonly stopped: boolean;
      /** Ended for want of steps; the checkpoint told just before goes on where more are allowed. */
      readonly exhausted: boolean;
    }
  | { readonly kind: 'failed'; readonly error: ErrorData };
