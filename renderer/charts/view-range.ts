/** A stretch of an axis that is looked at. */
export interface Range {
  readonly min: number;
  readonly max: number;
}

/**
 * The stretch after zooming by `factor` about the point at `fraction` of it; null (everything) where it
 * would be larger than the whole.
 *
 * @param smallest width below which nothing is shown larger
 */
export function zoomed(
  shown: Range,
  whole: Range,
  fraction: number,
  factor: number,
  smallest: number,
): Range | null {
  const width = Math.max(smallest, (shown.max - shown.min) / factor);
  if (width >= whole.max - whole.min) return null;
  const centre = shown.min + fraction * (shown.max - shown.min);
  return within({ min: centre - fraction * width, max: centre + (1 - fraction) * width }, whole);
}

/** The stretch moved by a fraction of its width, as far as the whole goes. */
export function panned(shown: Range, whole: Range, fraction: number): Range {
  const by = fraction * (shown.max - shown.min);
  return within({ min: shown.min - by, max: shown.max - by }, whole);
}

function within({ min, max }: Range, whole: Range): Range {
  const width = max - min;
  const start = Math.min(Math.max(min, whole.min), Math.max(whole.min, whole.max - width));
  return { min: start, max: start + width };
}
