/** A value and its error as text, both to the error's second significant digit. */
export interface Rounded {
  readonly value: string;
  /** Null where there is no error to round to; the value then has four significant digits. */
  readonly error: string | null;
}

/** `0.34691`, `0.00314` → `0.3469`, `0.0031`. */
export function roundToError(value: number, error: number | null): Rounded {
  if (error === null || !Number.isFinite(error) || error <= 0) {
    return { value: String(Number(value.toPrecision(4))), error: null };
  }
  // 9.96 is 10 to two digits, and has none behind the point
  const digits = Math.min(
    12,
    Math.max(0, 1 - Math.floor(Math.log10(Number(error.toPrecision(2))))),
  );
  const text = value.toFixed(digits);
  return { value: Number(text) === 0 ? text.replace('-', '') : text, error: error.toFixed(digits) };
}

/** An error that stands alone, to two significant digits: `0.0080`, `173`, `6.3e-7`. */
export function errorAlone(error: number): string {
  if (error > 0 && error < 1e-5) return error.toExponential(1);
  return roundToError(error, error).error ?? '0';
}

/** A value with its error, or to so many decimals alone where the error does not reach them: `0.2247`. */
export function toDecimals(value: number, error: number, decimals: number): string {
  return error < 0.05 * 10 ** -decimals ? value.toFixed(decimals) : withError(value, error);
}

/** A value and its error as one text: `0.3469 ± 0.0031`. */
export function withError(value: number, error: number | null): string {
  const rounded = roundToError(value, error);
  return rounded.error === null ? rounded.value : `${rounded.value} ± ${rounded.error}`;
}
