/**
 * A value and its error, both to the error's second significant digit: `0.3469 ± 0.0031`; four
 * significant digits where there is no error.
 */
export function withError(value: number, error: number | null): string {
  if (error === null || !Number.isFinite(error) || error <= 0)
    return String(Number(value.toPrecision(4)));
  const digits = Math.min(12, Math.max(0, 1 - Math.floor(Math.log10(error))));
  return `${value.toFixed(digits)} ± ${error.toFixed(digits)}`;
}
