import { invert, SingularMatrixError } from '../symmetric.ts';
import type { Unfitted } from './statistics.ts';

/** Sets of images as means over each set: of the model's own statistics T̄, and of the others S̄. */
export interface SetMeans {
  /** Number of sets R. */
  readonly sets: number;
  /** Images of each set. */
  readonly images: number;
  /** R × p. */
  readonly fitted: Float64Array;
  /** R × K. */
  readonly others: Float64Array;
}

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
  /** The same for the farthest out of all statistics: below 0.05 by chance in one data set of twenty. */
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
 * Drawn sets of m < M images have residuals larger by √(M/m), which are scaled back. Adjusted p-values are
 * ranks among the sets' own largest |z|, whatever the statistics' dependence on each other.
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
  const { sets, images, others } = drawn;
  const k = statistics.length;
  const { hat, intercept, leverages } = design(drawn, dataFitted, images >= effectiveImages);
  const factor = Math.sqrt(images / effectiveImages + intercept);

  const rough: { comparison: Omit<Comparison, 'adjustedP'>; scores: Float64Array | null }[] = [];
  for (let s = 0; s < k; s++) {
    const values = Float64Array.from({ length: sets }, (_, r) => others[r * k + s]);
    if (!values.every(Number.isFinite) || !Number.isFinite(dataOthers[s])) continue;
    const { prediction, residuals } = regress(values, hat, leverages);
    const deviations = residuals.map((residual) => factor * residual);
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

/** Least squares on the sets' T̄, once for all statistics. */
interface Design {
  /** Coefficients from values: c × R, so that coefficients = hat · values; and the regressors, R × c. */
  readonly hat: {
    readonly map: Float64Array;
    readonly regressors: Float64Array;
    readonly c: number;
  };
  /** Variance of the prediction at T̄_data in units of a residual's. */
  readonly intercept: number;
  /** Part of every set's own value in its prediction. */
  readonly leverages: Float64Array;
}

function design(drawn: SetMeans, dataFitted: ArrayLike<number>, curved: boolean): Design {
  const { sets, fitted } = drawn;
  const p = dataFitted.length;
  const scales = Float64Array.from({ length: p }, (_, a) =>
    deviation(Float64Array.from({ length: sets }, (_, r) => fitted[r * p + a])),
  );
  // a statistic that never varies explains nothing
  const used = Array.from(scales.keys()).filter((a) => scales[a] > 0);
  for (const order of curved ? [2, 1, 0] : [1, 0]) {
    const rows = Array.from({ length: sets }, (_, r) => {
      const u = used.map((a) => (fitted[r * p + a] - dataFitted[a]) / scales[a]);
      return [
        1,
        ...(order > 0 ? u : []),
        ...(order > 1 ? u.flatMap((x, i) => u.slice(0, i + 1).map((y) => x * y)) : []),
      ];
    });
    const c = rows[0].length;
    if (sets < 3 * c) continue;
    const normal = new Float64Array(c * c);
    for (const row of rows) {
      for (let i = 0; i < c; i++) for (let j = 0; j < c; j++) normal[i * c + j] += row[i] * row[j];
    }
    try {
      const inverse = invert(normal);
      const map = new Float64Array(c * sets);
      const leverages = new Float64Array(sets);
      rows.forEach((row, r) => {
        for (let i = 0; i < c; i++) {
          let sum = 0;
          for (let j = 0; j < c; j++) sum += inverse[i * c + j] * row[j];
          map[i * sets + r] = sum;
          leverages[r] += row[i] * sum;
        }
      });
      const regressors = Float64Array.from(rows.flat());
      return { hat: { map, regressors, c }, intercept: inverse[0], leverages };
    } catch (error) {
      // statistics that determine each other on so small a lattice: fewer terms say as much
      if (!(error instanceof SingularMatrixError)) throw error;
    }
  }
  throw new RangeError(`A comparison needs at least 3 drawn sets, not ${sets}.`);
}

/** The prediction at T̄_data, and every set's residual with the variance of a fresh one. */
function regress(
  values: Float64Array,
  { map, regressors, c }: Design['hat'],
  leverages: Float64Array,
) {
  const sets = values.length;
  const coefficients = new Float64Array(c);
  for (let i = 0; i < c; i++) {
    for (let r = 0; r < sets; r++) coefficients[i] += map[i * sets + r] * values[r];
  }
  const residuals = values.map((value, r) => {
    let predicted = 0;
    for (let i = 0; i < c; i++) predicted += regressors[r * c + i] * coefficients[i];
    return (value - predicted) / Math.sqrt(Math.max(1e-6, 1 - leverages[r]));
  });
  return { prediction: coefficients[0], residuals };
}

function deviation(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const square = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(square / (values.length - 1));
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
