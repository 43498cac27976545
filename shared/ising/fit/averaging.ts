import type { Trace } from './trace.ts';

/** The later half of a trace, averaged. */
export interface Averaged {
  /** Mean of θ over the steps (Polyak–Ruppert average): p values. */
  readonly parameters: Float64Array;
  /** Standard errors of these means, from batch means: p values. */
  readonly error: Float64Array;
  /** Whether both halves of the steps agree within three standard errors, for every parameter. */
  readonly stationary: boolean;
  /** Largest ratio of the moments' variance from step to step to what the sampler's noise explains. */
  readonly jitter: number;
}

const batches = 20;

/** Fewest steps whose later half fills the batches. */
export const fewestSteps = 4 * batches;

/**
 * Averages the later half of a trace of eq. (4).
 *
 * With a constant step size θ keeps fluctuating about θ̂; its average over T steps converges as
 * 1/√T, whatever the step size. Errors come from 20 batch means, which feel the autocorrelation.
 *
 * Source: B. T. Polyak, A. B. Juditsky, SIAM J. Control Optim. 30, 838 (1992).
 *
 * @throws RangeError for fewer than `fewestSteps` steps
 */
export function averageTrace(trace: Trace): Averaged {
  const length = Math.floor(trace.length / 2 / batches);
  if (trace.length < fewestSteps) {
    throw new RangeError(
      `${trace.length} steps are too few to average; ${fewestSteps} are needed.`,
    );
  }
  const { p } = trace;
  const first = trace.length - batches * length;
  const means = Array.from({ length: batches }, () => new Float64Array(p));
  const moments = Array.from({ length: p }, () => ({ sum: 0, square: 0, noise: 0 }));
  for (let row = first; row < trace.length; row++) {
    const step = trace.at(row);
    const batch = means[Math.floor((row - first) / length)];
    for (let a = 0; a < p; a++) {
      batch[a] += step.parameters[a] / length;
      moments[a].sum += step.moments[a];
      moments[a].square += step.moments[a] ** 2;
      moments[a].noise += step.noise[a] ** 2;
    }
  }

  const parameters = new Float64Array(p);
  const error = new Float64Array(p);
  let stationary = true;
  for (let a = 0; a < p; a++) {
    const values = means.map((batch) => batch[a]);
    parameters[a] = average(values);
    const variance =
      values.reduce((sum, value) => sum + (value - parameters[a]) ** 2, 0) / (batches - 1);
    error[a] = Math.sqrt(variance / batches);
    // the error of a difference of two half averages is twice that of the whole average
    const drift = average(values.slice(batches / 2)) - average(values.slice(0, batches / 2));
    if (Math.abs(drift) > 3 * 2 * error[a]) stationary = false;
  }
  const steps = batches * length;
  const jitter = Math.max(
    ...moments.map(
      ({ sum, square, noise }) => (square - sum ** 2 / steps) / Math.max(noise, 1e-300),
    ),
  );
  return { parameters, error, stationary, jitter };
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
