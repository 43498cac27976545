import type { Series } from './kernel.ts';

/** τ_int in units of the time between two measurements, with its standard error. */
export interface AutocorrelationTime {
  readonly tau: number;
  readonly error: number;
}

/**
 * Integrated autocorrelation time of one statistic,
 *
 *   τ_int = ½ + Σ_{t≥1} ρ(t),   ρ(t) = γ(t)/γ(0),
 *
 * so that N measurements are worth N/(2τ_int) independent ones. The autocovariances γ(t) are averages
 * over all independent chains, about their common mean, with 1/(T − t).
 *
 * The sum is cut by the initial monotone sequence: for a reversible chain Γ_k = γ(2k) + γ(2k+1) is
 * positive and falls with k, so it is summed while it is positive, each term at most the one before.
 * The error is that of a window of W lags, τ √(2(2W + 1)/N).
 *
 * Source: C. J. Geyer, Stat. Sci. 7, 473 (1992), section 3.3 (the sequence); N. Madras, A. D. Sokal,
 * J. Stat. Phys. 50, 109 (1988), appendix C (the error).
 *
 * @throws RangeError if there are fewer than four measurements a chain, or the statistic never varies
 */
export function autocorrelationTime(series: Series, statistic: number): AutocorrelationTime {
  const { chains, measurements, statistics } = series;
  if (measurements < 4) {
    throw new RangeError(
      `An autocorrelation time needs at least 4 measurements a chain, not ${measurements}.`,
    );
  }
  const deviations = centred(series, statistic);
  const variance = autocovariance(deviations, chains, measurements, 0);
  if (!(variance > 0)) {
    throw new RangeError(`Statistic ${statistic + 1} of ${statistics} never varies.`);
  }
  let tau = -0.5;
  let previous = Number.POSITIVE_INFINITY;
  let lag = 0;
  for (; lag + 1 < measurements; lag += 2) {
    const pair =
      autocovariance(deviations, chains, measurements, lag) +
      autocovariance(deviations, chains, measurements, lag + 1);
    if (pair <= 0) break;
    previous = Math.min(previous, pair);
    tau += previous / variance;
  }
  // a series that alternates may sum to nothing within its noise
  tau = Math.max(tau, 0);
  const window = Math.max(0, lag - 1);
  return { tau, error: tau * Math.sqrt((2 * (2 * window + 1)) / (chains * measurements)) };
}

/** One statistic less its mean over all chains: measurement-major. */
function centred({ statistics, values }: Series, statistic: number): Float64Array {
  const length = values.length / statistics;
  const result = new Float64Array(length);
  let sum = 0;
  for (let k = 0; k < length; k++) {
    result[k] = values[k * statistics + statistic];
    sum += result[k];
  }
  const mean = sum / length;
  for (let k = 0; k < length; k++) result[k] -= mean;
  return result;
}

function autocovariance(
  deviations: Float64Array,
  chains: number,
  measurements: number,
  lag: number,
): number {
  const shift = lag * chains;
  const pairs = (measurements - lag) * chains;
  let sum = 0;
  for (let k = 0; k < pairs; k++) sum += deviations[k] * deviations[k + shift];
  return sum / pairs;
}
