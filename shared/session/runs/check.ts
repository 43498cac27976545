import { isQuickCheck } from '../../assessment/cost.ts';
import { pose } from '../../inference/start.ts';
import type { CheckTask } from '../../protocol/check.ts';
import type { Emit, Handlers } from '../../protocol/contract.ts';
import { ExplainedError } from '../../protocol/errors.ts';
import type { FitResult } from '../../protocol/runs.ts';
import type { CheckOrder, Workers } from '../ports.ts';
import type { Run, RunTable } from './run-table.ts';

/** Milliseconds between two progress events. */
const interval = 50;

/** The requests about checks: one for every run at a time, each in a thread of its own. */
export function checkHandlers(
  runs: RunTable,
  workers: Pick<Workers, 'check'>,
  emit: Emit,
): Handlers['check'] {
  const underWay = new Set<string>();
  return {
    async start({ run: id, onlyIfQuick }, signal) {
      const run = runs.get(id);
      const task = taskOf(run);
      const checked = run.summary.result;
      if (onlyIfQuick && !isQuickCheck(pose(task.data, task.options), task.parameters)) {
        return run.summary;
      }
      if (underWay.has(id)) throw new ExplainedError('This run is being checked already.');
      underWay.add(id);
      try {
        let last = 0;
        const check = await workers.check(
          task,
          (progress) => {
            if (Date.now() - last < interval) return;
            last = Date.now();
            emit('check.progress', { run: id, progress });
          },
          signal,
        );
        const { result } = run.summary;
        // a fit that went on meanwhile has another estimate, of which this check says nothing
        if (result === null || result.created !== checked?.created) {
          throw new ExplainedError(
            'The fit went on while it was checked, and its check is of the old estimate.',
            'Check the run again.',
          );
        }
        return runs.change(run, { result: { ...result, check } });
      } finally {
        underWay.delete(id);
      }
    },
  };
}

/** @throws ExplainedError where a run cannot be checked */
function taskOf({ summary, set }: Run): CheckOrder {
  const { result, options } = summary;
  if (!result) throw new ExplainedError('This run has no estimate to check.', 'Let it end first.');
  if (!result.exists) {
    throw new ExplainedError('A fit without a finite estimate cannot be checked.');
  }
  if (!set) {
    throw new ExplainedError(
      'The spins of this run are not here, because it was opened from a file.',
      'Open its pictures again and repeat the fit.',
    );
  }
  return { data: set.data, options, ...estimateOf(result) };
}

/** What a check needs of a fit's result. */
export function estimateOf(
  result: Omit<FitResult, 'check'>,
): Omit<CheckTask, 'data' | 'options' | 'threads'> {
  const { model, estimate, covariance, sandwichError, method, converged, data, seed } = result;
  const p = model.parameters.length;
  const read = (values: FitResult['estimate']) =>
    Float64Array.from(model.parameters, (name) => {
      const value = values[name];
      return typeof value === 'number' ? value : Number.NaN;
    });
  const sandwich = sandwichError && new Float64Array(p * p);
  if (sandwich && sandwichError) {
    read(sandwichError).forEach((error, a) => {
      sandwich[a * p + a] = error ** 2;
    });
  }
  return {
    parameters: read(estimate),
    covariance: covariance && Float64Array.from(covariance.flat()),
    sandwich,
    method,
    converged,
    effectiveImages: data.effectiveImages,
    seed,
  };
}
