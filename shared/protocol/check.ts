import { z } from 'zod';
import type { SpinData } from '../data/dataset.ts';
import type { FitOptions } from '../inference/options.ts';
import type { Progress } from '../inference/run.ts';
import { takes } from './declare.ts';
import type { RunSummary } from './runs.ts';
import { runId } from './schemas.ts';

/** What a check thread is started with. */
export interface CheckTask {
  readonly data: SpinData;
  readonly options: FitOptions;
  readonly parameters: Float64Array;
  readonly covariance: Float64Array | null;
  readonly sandwich: Float64Array | null;
  readonly method: string;
  readonly converged: boolean;
  readonly effectiveImages: number;
  readonly seed: number;
  readonly threads: number;
}

/** How far a run's check is, some times a second. */
export interface CheckProgress {
  readonly run: string;
  readonly progress: Progress;
}

export const checkRequests = {
  /**
   * Checks a run against what its model draws, and keeps the result with it; cancelled by its signal.
   * With `onlyIfQuick` a check of more than about a second is not begun, and the run comes back as it was.
   */
  start: takes(
    z.strictObject({ run: runId, onlyIfQuick: z.boolean().default(false) }),
  ).gives<RunSummary>(),
};

export interface CheckEvents {
  'check.progress': CheckProgress;
}
