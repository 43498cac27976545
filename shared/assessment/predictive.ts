import { conditioning, deviation, type SetMeans } from './conditioning.ts';
import type { Unfitted } from './statistics.ts';

/** One statistic of the data beside what the model draws. */
export interface Comparison extends Unfitted {
  readonly data: number;
  /** What the model draws on average where its own fit is the data's. */
  readonly model: number;
  /** 95 % of the drawn sets lie between. */
  readonly low: number;
  readonly high: number;
  /** (data − model) over the standard deviation of the drawn sets. */
  readonly z: number;
  /** Share of drawn sets that lie as far out on the same side, doubled. */
  readonly pValue: number;
  /** The same for the farthest out of all statistics: below α by chance in a part α of all data sets. */
  readonly adjustedP: number;
}

/** All comparisons of a data set. */
export interface Predictive {
  readonly comparisons: readonly Comparison[];
  /** Smallest of the adjusted p-values: of the whole data set. */
  readonly overallP: number;
  /** Smallest p-value that so many drawn sets can give, two-sided. */
  readonly resolution: number;
}

/** Part of the spread between sets below which a statistic is a function of the fitted ones. */
const smallestSpread = 1e-9;

/**
 * Compares a data set with sets drawn from the model at θ̂, given the statistics that were fitted.
 *
 * In an exponential family the distribution of everything else given T̄ does not depend on θ. So each
 * statistic is regressed on T̄ over the drawn sets,
 *
 *   S̄_r = a + b·(T̄_r − T̄_data) (+ second order where drawn sets are as large as the data) + e_r,
 *
 * a is what the model expects beside the data's own T̄, and the residuals are the spread about it. This is
 * to first order the parametric bootstrap with a fit of every drawn set: the uncertainty of θ̂ counts, and
 * neither an estimate that is a little off the maximum nor its Monte-Carlo error matters. Draws with θ from
 * its posterior would let that uncertainty count twice, and p-values crowd about one half.
 *
 * Adjusted p-values are ranks among the sets' own largest |z|, whatever the statistics' dependence on each other.
 *
 * Sources: J. M. Robins, A. van der Vaart, V. Ventura, J. Am. Stat. Assoc. 95, 1143 (2000), for why not
 * the posterior; P. H. Westfall, S. S. Young, Resampling-Based Multiple Testing (1993), section 2.5.
 *
 * @param effectiveImages number of independent images M of the data
 */
export function compare(
  statistics: readonly Unfitted[],
  drawn: SetMeans,
  dataFitted: ArrayLike<number>,
  dataOthers: ArrayLike<number>,
  effectiveImages: number,
): Predictive {
  const { sets, others } = drawn;
  const k = statistics.length;
  const given = conditioning(drawn, dataFitted, effectiveImages);

  const rough: { comparison: Omit<Comparison, 'adjustedP'>; scores: Float64Array | null }[] = [];
  for (let s = 0; s < k; s++) {
    // only score tests are made of these
    if (statistics[s].family === 'trend') continue;
    const values = Float64Array.from({ length: sets }, (_, r) => others[r * k + s]);
    if (!values.every(Number.isFinite) || !Number.isFinite(dataOthers[s])) continue;
    const { prediction, deviations } = given(values);
    const spread = deviation(deviations);
    const difference = dataOthers[s] - prediction;
    const scale = Math.max(deviation(values), Math.abs(prediction) * 1e-6);
    // a function of what was fitted says nothing
    if (spread <= smallestSpread * scale && Math.abs(difference) <= 1e-6 * scale) continue;
    const above = deviations.reduce((count, d) => count + (d >= difference ? 1 : 0), 0);
    const below = deviations.reduce((count, d) => count + (d <= difference ? 1 : 0), 0);
    const z = spread > 0 ? difference / spread : Math.sign(difference) * Number.MAX_VALUE;
    const sorted = Float64Array.from(deviations).sort();
    rough.push({
      comparison: {
        ...statistics[s],
        data: dataOthers[s],
        model: prediction,
        low: prediction + quantile(sorted, 0.025),
        high: prediction + quantile(sorted, 0.975),
        z,
        pValue: Math.min(1, (2 * (1 + Math.min(above, below))) / (sets + 1)),
      },
      // a count that is nearly always the same has no scale of its own
      scores: isMostlyOne(values) ? null : deviations.map((d) => Math.abs(d) / spread),
    });
  }
  const farthest = new Float64Array(sets);
  for (const { scores } of rough) {
    scores?.forEach((score, r) => {
      farthest[r] = Math.max(farthest[r], score);
    });
  }
  const comparisons = rough.map(({ comparison, scores }): Comparison => {
    const beyond = farthest.reduce((count, f) => count + (f >= Math.abs(comparison.z) ? 1 : 0), 0);
    const adjustedP =
      scores === null
        ? Math.min(1, comparison.pValue * rough.length)
        : Math.max(comparison.pValue / 2, (1 + beyond) / (sets + 1));
    return { ...comparison, adjustedP: Math.min(1, adjustedP) };
  });
  return {
    comparisons,
    overallP: comparisons.reduce((least, { adjustedP }) => Math.min(least, adjustedP), 1),
    resolution: 2 / (sets + 1),
  };
}

function quantile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const low = Math.floor(place);
  const high = Math.min(sorted.length - 1, low + 1);
  return sorted[low] + (place - low) * (sorted[high] - sorted[low]);
}

function isMostlyOne(values: Float64Array): boolean {
  const middle = Float64Array.from(values).sort()[values.length >> 1];
  return values.reduce((count, value) => count + (value === middle ? 1 : 0), 0) > values.length / 2;
}
