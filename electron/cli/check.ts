import type { Check } from '../../shared/assessment/check.ts';
import { isQuickCheck } from '../../shared/assessment/cost.ts';
import type { Problem, Progress } from '../../shared/inference/run.ts';
import type { CheckTask } from '../../shared/protocol/check.ts';
import { Cancelled } from '../../shared/protocol/errors.ts';
import type { FitFile } from '../../shared/protocol/fit-file.ts';
import { fitOptions } from '../../shared/protocol/schemas.ts';
import { estimateOf } from '../../shared/session/runs/check.ts';
import { jobInThread } from '../node/threads/job-thread.ts';
import { onInterruption } from './interruption.ts';
import { ProgressLine, say } from './progress.ts';

interface CheckFlags {
  readonly check?: boolean;
  readonly threads: number;
}

/**
 * The check of a fit that has just been made: where it was asked for, or takes about a second. An interrupt
 * leaves it out. Undefined where there is none.
 */
export async function checkFit(
  file: FitFile,
  problem: Problem,
  { check: wanted, threads }: CheckFlags,
): Promise<Check | undefined> {
  if (!file.exists || wanted === false) return undefined;
  const estimate = estimateOf(file);
  if (wanted === undefined && !isQuickCheck(problem, estimate.parameters)) {
    say(
      'Whether the model describes the pictures was not checked: it takes longer. --check does it.',
    );
    return undefined;
  }
  const task: CheckTask = {
    data: problem.data,
    options: fitOptions.parse(file.options),
    ...estimate,
    threads,
  };
  const abort = new AbortController();
  const noLongerChecking = onInterruption(() => abort.abort(new Cancelled()));
  const line = new ProgressLine('Checking');
  try {
    return await jobInThread<Progress, Check>(
      new URL('./check-worker.js', import.meta.url),
      task,
      ({ phase, done, total }) => line.update(done, total, phase),
      abort.signal,
    );
  } catch (error) {
    // it decorates a fit that is done
    if (error instanceof Cancelled) say('The check was stopped; the fit is kept without it.');
    else {
      const reason = error instanceof Error ? error.message : String(error);
      say(`The check failed; the fit is kept without it: ${reason}`);
    }
    return undefined;
  } finally {
    line.end();
    noLongerChecking();
  }
}
