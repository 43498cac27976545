import { invert, SingularMatrixError } from '../numerics/symmetric.ts';

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

/** One statistic of the sets given that their T̄ were the data's. */
export interface Conditional {
  /** What the model expects beside the data's own T̄. */
  readonly prediction: number;
  /** Deviations from it that data of as many images would have: R. */
  readonly deviations: Float64Array;
  /** Its derivatives by T̄_a: p. */
  readonly slopes: Float64Array;
}

/**
 * Regresses statistics on T̄ over drawn sets, at the data's T̄. Drawn sets of m < M images have residuals larger by
 * √(M/m), which are scaled back; the second order is taken where sets are as large as the data.
 *
 * @param effectiveImages number of independent images M of the data
 * @returns a function of a statistic's value in every set
 * @throws RangeError for fewer than three sets
 */
export function conditioning(
  drawn: SetMeans,
  dataFitted: ArrayLike<number>,
  effectiveImages: number,
): (values: Float64Array) => Conditional {
  const { sets, images } = drawn;
  const { map, regressors, c, linear, scales, intercept, leverages } = design(
    drawn,
    dataFitted,
    images >= effectiveImages,
  );
  const factor = Math.sqrt(images / effectiveImages + intercept);
  return (values) => {
    const coefficients = new Float64Array(c);
    for (let i = 0; i < c; i++) {
      for (let r = 0; r < sets; r++) coefficients[i] += map[i * sets + r] * values[r];
    }
    const deviations = values.map((value, r) => {
      let predicted = 0;
      for (let i = 0; i < c; i++) predicted += regressors[r * c + i] * coefficients[i];
      // with the variance of a fresh one
      return (factor * (value - predicted)) / Math.sqrt(Math.max(1e-6, 1 - leverages[r]));
    });
    const slopes = new Float64Array(dataFitted.length);
    linear.forEach((a, i) => {
      slopes[a] = coefficients[1 + i] / scales[a];
    });
    return { prediction: coefficients[0], deviations, slopes };
  };
}

/** Least squares on the sets' T̄, once for all statistics. */
interface Design {
  /** Coefficients from values: c × R, so that coefficients = map · values. */
  readonly map: Float64Array;
  /** R × c. */
  readonly regressors: Float64Array;
  readonly c: number;
  /** The T̄_a of the linear terms, which follow the constant, and the unit of each T̄_a. */
  readonly linear: readonly number[];
  readonly scales: Float64Array;
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
      const linear = order > 0 ? used : [];
      return { map, regressors, c, linear, scales, intercept: inverse[0], leverages };
    } catch (error) {
      // statistics that determine each other on so small a lattice: fewer terms say as much
      if (!(error instanceof SingularMatrixError)) throw error;
    }
  }
  throw new RangeError(`A comparison needs at least 3 drawn sets, not ${sets}.`);
}

/** Standard deviation. */
export function deviation(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const square = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(square / (values.length - 1));
}
