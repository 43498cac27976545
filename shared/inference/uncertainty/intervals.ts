/** Intervals for p parameters; an end is NaN where it is out of reach. */
export interface Intervals {
  readonly interval68: readonly Ends[];
  readonly interval95: readonly Ends[];
}

export type Ends = readonly [low: number, high: number];

/** Errors and percentile intervals from data sets that were put together from blocks of the data. */
export interface Bootstrap extends Intervals {
  readonly unit: 'images' | 'tiles';
  /** Images in a row, or rows and columns of a tile. */
  readonly size: readonly number[];
  /** Blocks that the data are worth side by side. */
  readonly worth: number;
  readonly replicates: number;
  /** Whether every replicate was fitted in full, and not by one Newton step. */
  readonly inFull: boolean;
  /** Replicates that have no estimate, of those fitted in full; the others are left out of the numbers. */
  readonly without: number;
  /** Standard deviation of the replicates: p values. */
  readonly error: Float64Array;
}

/** Intervals that end where the profile likelihood has fallen far enough; an end is NaN where it is out of reach. */
export interface Profile extends Intervals {
  /** Why estimate ± error is doubtful, a sentence. */
  readonly reason: string;
  /** How the likelihood is known. */
  readonly by: string;
}

/** Standard deviations that 68 and 95 % of a Gaussian lie within. */
export const gaussian68 = 0.99446;
export const gaussian95 = 1.95996;

/** Percentile intervals of every parameter over replicates of p values each. */
export function quantileIntervals(replicates: readonly Float64Array[]): Intervals {
  const sorted = Array.from(replicates[0], (_, a) =>
    Float64Array.from(replicates, (values) => values[a]).sort(),
  );
  const between = (part: number) =>
    sorted.map(
      (values): Ends => [quantile(values, (1 - part) / 2), quantile(values, (1 + part) / 2)],
    );
  return { interval68: between(0.68), interval95: between(0.95) };
}

/** By interpolation, at (N + 1) q. */
function quantile(sorted: Float64Array, q: number): number {
  const place = Math.max(0, Math.min(sorted.length - 1, (sorted.length + 1) * q - 1));
  const below = Math.floor(place);
  const above = Math.min(sorted.length - 1, below + 1);
  return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
}
