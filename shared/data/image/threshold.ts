/** How often every distinct grey value occurs, values 0 … 255 ascending. */
export interface Tally {
  readonly values: Float64Array;
  readonly counts: Float64Array;
}

/** Tally of any grey values. */
export function tallyValues(greys: Float64Array): Tally {
  const sorted = greys.slice().sort();
  const values = new Float64Array(sorted.length);
  const counts = new Float64Array(sorted.length);
  let last = -1;
  for (let k = 0; k < sorted.length; k++) {
    if (last < 0 || sorted[k] !== values[last]) values[++last] = sorted[k];
    counts[last]++;
  }
  return { values: values.slice(0, last + 1), counts: counts.slice(0, last + 1) };
}

/** Tally from the number of pixels at every stored level 0 … counts.length − 1. */
export function tallyLevels(counts: Uint32Array): Tally {
  const levels = Array.from(counts.keys()).filter((level) => counts[level] > 0);
  const steps = (counts.length - 1) / 255;
  return {
    values: Float64Array.from(levels, (level) => level / steps),
    counts: Float64Array.from(levels, (level) => counts[level]),
  };
}

/**
 * Otsu's threshold: of all cuts between neighbouring distinct values the one with the largest variance
 * between the two classes, w₀ w₁ (μ₀ − μ₁)², given as the midpoint between the values on its two sides;
 * the lowest of equal ones. Exact, without bins.
 *
 * Source: N. Otsu, "A threshold selection method from gray-level histograms", IEEE Trans. SMC 9 (1979) 62, eq. (14).
 *
 * @param tally at least two distinct values
 */
export function otsu({ values, counts }: Tally): number {
  const total = sum(counts);
  const moment = counts.reduce((acc, count, k) => acc + count * values[k], 0);
  let [weight, partial, best, cut] = [0, 0, -1, 0];
  for (let k = 0; k + 1 < values.length; k++) {
    weight += counts[k];
    partial += counts[k] * values[k];
    // w₀w₁(μ₀ − μ₁)² = (moment·w₀ − total·partial)² / (total² w₀ w₁)
    const separation = (moment * weight - total * partial) ** 2 / (weight * (total - weight));
    if (separation > best) [best, cut] = [separation, k];
  }
  return (values[cut] + values[cut + 1]) / 2;
}

/**
 * The cut between neighbouring distinct values that comes nearest to equal halves, as the midpoint
 * between them; the lower of equal ones. With all values distinct this is the ordinary median, and where
 * many are equal it still separates dark from bright.
 *
 * @param tally at least two distinct values
 */
export function median({ values, counts }: Tally): number {
  const half = sum(counts) / 2;
  let [weight, best, cut] = [0, Number.POSITIVE_INFINITY, 0];
  for (let k = 0; k + 1 < values.length; k++) {
    weight += counts[k];
    if (Math.abs(weight - half) < best) [best, cut] = [Math.abs(weight - half), k];
  }
  return (values[cut] + values[cut + 1]) / 2;
}

/** The mean grey value. */
export function mean({ values, counts }: Tally): number {
  return counts.reduce((acc, count, k) => acc + count * values[k], 0) / sum(counts);
}

function sum(counts: Float64Array): number {
  return counts.reduce((acc, count) => acc + count, 0);
}

/** Spins at a fixed threshold: s_k = +1 where the grey value is at least `threshold`, else −1. */
export function cut(greys: Float64Array, threshold: number, spins: Int8Array): void {
  for (let k = 0; k < greys.length; k++) spins[k] = greys[k] >= threshold ? 1 : -1;
}

/** Sites on either side of a site over which `cutAdaptive` takes the local mean. */
export function adaptiveRadius(rows: number, cols: number): number {
  return Math.max(1, Math.round(Math.min(rows, cols) / 8));
}

/**
 * Spins at a threshold that follows the lighting: s_k = +1 where the grey value is at least the mean
 * over the square of (2a + 1)² sites around the site, a = max(1, round(min(rows, cols)/8)), cut off at
 * the lattice's edges. Structures wider than the window are lost, which biases J towards smaller values.
 */
export function cutAdaptive(
  greys: Float64Array,
  rows: number,
  cols: number,
  spins: Int8Array,
): void {
  const a = adaptiveRadius(rows, cols);
  // integral[q][r] is the sum over rows below q and columns below r
  const integral = new Float64Array((rows + 1) * (cols + 1));
  const at = (q: number, r: number) => q * (cols + 1) + r;
  for (let q = 0; q < rows; q++) {
    let line = 0;
    for (let r = 0; r < cols; r++) {
      line += greys[q * cols + r];
      integral[at(q + 1, r + 1)] = integral[at(q, r + 1)] + line;
    }
  }
  // sums in another order differ by rounding; an even surface must not turn into noise
  const slack = 1e-12 * integral[at(rows, cols)];
  for (let q = 0; q < rows; q++) {
    const [top, bottom] = [Math.max(0, q - a), Math.min(rows, q + a + 1)];
    for (let r = 0; r < cols; r++) {
      const [left, right] = [Math.max(0, r - a), Math.min(cols, r + a + 1)];
      const around =
        integral[at(bottom, right)] -
        integral[at(top, right)] -
        integral[at(bottom, left)] +
        integral[at(top, left)];
      const area = (bottom - top) * (right - left);
      spins[q * cols + r] = greys[q * cols + r] * area >= around - slack ? 1 : -1;
    }
  }
}
