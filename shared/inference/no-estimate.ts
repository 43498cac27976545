import type { FitRun, Problem } from './run.ts';
import { Trace } from './trace.ts';

/** The run of a fit whose estimate does not exist: it ends at once and says why. */
export function noEstimate({ model }: Problem, method: string, reason: string): FitRun {
  const p = model.statistics.length;
  return {
    method,
    trace: new Trace(p),
    exhausted: false,
    progress: { phase: 'existence', done: 0, total: 0 },
    advance: () => true,
    estimate: () => ({
      parameters: new Float64Array(p).fill(Number.NaN),
      covariance: null,
      sandwich: null,
      monteCarloError: new Float64Array(p).fill(Number.NaN),
      logLikelihood: null,
      exists: false,
      converged: false,
      warnings: [reason],
    }),
    adjust: () => {},
    frame: () => null,
    likelihood: () => null,
    snapshot: () => null,
    close: () => {},
  };
}
