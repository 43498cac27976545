import { autocorrelationTime } from '../sampling/autocorrelation.ts';
import type { Series } from '../sampling/kernel.ts';

/** How well one statistic was sampled. */
export interface StatisticDiagnostics {
  /** Split R̂: √(1 + variance between half chains that independent samples would not explain). */
  readonly splitRHat: number;
  /** Independent samples that the chains are worth: N/(2τ). */
  readonly effectiveSamples: number;
  /** τ_int in sweeps, and its standard error. */
  readonly tau: number;
  readonly tauError: number;
}

/** What the chains of a fit's last stage say of themselves. */
export interface Diagnostics {
  readonly chains: number;
  /** Measurements of every chain, and sweeps between two of them. */
  readonly measurements: number;
  readonly stride: number;
  /** One a statistic of the model; null for one that never varied. */
  readonly statistics: readonly (StatisticDiagnostics | null)[];
  /** Whether the chains agree, as `disagreement` judges it. */
  readonly agree: boolean;
}

/** R̂ below which nothing is wrong, however short the chains. */
const harmless = 1.05;
/** Variance between half chains, in units of what their autocorrelation explains, that is too much. */
const tooMuch = 1.5;
/** Autocorrelation times that a chain must last for its autocorrelation to be known. */
const leastTimes = 10;

/**
 * Split R̂, autocorrelation times and effective sample sizes of the kept measurements.
 *
 * Chains at rest have R̂² − 1 ≈ 2τ/L with half chains of L measurements, which for many short chains is no
 * sign of trouble. Chains disagree where R̂ > 1.05 and either R̂² − 1 is more than 1.5 times that (four
 * standard errors for 128 half chains), or they are shorter than 10 τ, so that nobody can tell.
 *
 * Source: A. Gelman et al., Bayesian Data Analysis, 3rd ed. (2013), section 11.4.
 *
 * @param odd statistics of which only the size counts, since every sample stands for −s too; else null
 */
export function diagnose(
  series: Series,
  stride: number,
  odd: readonly boolean[] | null,
): Diagnostics {
  const { chains, measurements, statistics: p } = series;
  const sized = odd === null ? series : { ...series, values: sizes(series, odd) };
  let agree = true;
  const statistics = Array.from({ length: p }, (_, a) => {
    const splitRHat = split(sized, a);
    if (!Number.isFinite(splitRHat) || measurements < 4) return null;
    const { tau, error } = autocorrelationTime(sized, a);
    const explained = (2 * tau) / (measurements / 2);
    const excess = splitRHat ** 2 - 1 > tooMuch * explained;
    if (splitRHat > harmless && (excess || measurements < leastTimes * tau)) agree = false;
    return {
      splitRHat,
      effectiveSamples: (chains * measurements) / Math.max(1, 2 * tau),
      tau: tau * stride,
      tauError: error * stride,
    };
  });
  return { chains, measurements, stride, statistics, agree };
}

function sizes({ values, statistics: p }: Series, odd: readonly boolean[]): Float64Array {
  return values.map((value, k) => (odd[k % p] ? Math.abs(value) : value));
}

/** R̂ of one statistic over the halves of all chains; NaN where it never varies. */
function split({ values, chains, measurements, statistics: p }: Series, a: number): number {
  const length = Math.floor(measurements / 2);
  const means: number[] = [];
  let within = 0;
  for (let c = 0; c < chains; c++) {
    // an odd measurement in the middle is left out
    for (const first of [0, measurements - length]) {
      let sum = 0;
      let square = 0;
      for (let t = first; t < first + length; t++) sum += values[(t * chains + c) * p + a];
      const mean = sum / length;
      for (let t = first; t < first + length; t++) {
        square += (values[(t * chains + c) * p + a] - mean) ** 2;
      }
      means.push(mean);
      within += square / (length - 1) / (2 * chains);
    }
  }
  const overall = means.reduce((sum, mean) => sum + mean, 0) / means.length;
  const between = means.reduce((sum, mean) => sum + (mean - overall) ** 2, 0) / (means.length - 1);
  return Math.sqrt((length - 1) / length + between / within);
}
