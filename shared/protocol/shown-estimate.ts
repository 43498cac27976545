import { errorAlone, roundToError } from '../numerics/rounding.ts';
import type { FitFile } from './fit-file.ts';

/** A parameter of a fit as every place writes it: the window, the summary, the report and what is copied. */
export interface ShownEstimate {
  readonly value: string;
  /** What stands behind ±, one standard deviation; null where none is known. */
  readonly error: string | null;
  /** Why an estimate that exists has no ±, a sentence; null where it has one, or never had. */
  readonly withheld: string | null;
}

type Fitted = Pick<
  FitFile,
  'exists' | 'converged' | 'estimate' | 'standardError' | 'sandwichError' | 'monteCarloError'
>;

/** Significant digits of a value whose error is not known. */
const fewDigits = 4;

/** The words that stand where an error would. */
export const noError = 'error not known';

/**
 * The one place that decides whether an estimate has a ±. A fit that has not converged has none: the curvature
 * where it happens to stand says nothing of how far it still is from its end. Nor has one whose Monte-Carlo error
 * is larger than its standard error, which would then stand for a part of the error as if it were the whole.
 *
 * @param name as the fit file's `estimate` has it: J, h, hPerSite
 * @param factor from this program's convention to the one that is shown
 */
export function shownEstimate(fitted: Fitted, name: string, factor = 1): ShownEstimate {
  const read = (values: Fitted['standardError'], by: number) => {
    const value = values?.[name];
    return typeof value === 'number' && Number.isFinite(value) ? value * by : null;
  };
  const value = read(fitted.estimate, factor);
  if (value === null) return { value: '–', error: null, withheld: null };
  const size = Math.abs(factor);
  const standard = read(fitted.standardError, size) ?? read(fitted.sandwichError, size);
  const monteCarlo = read(fitted.monteCarloError, size) ?? 0;
  const withheld = reason(fitted, standard, monteCarlo);
  if (withheld === null)
    return { ...roundToError(value, fitted.exists ? standard : null), withheld };
  return { value: roughly(value, Math.hypot(standard ?? 0, monteCarlo)), error: null, withheld };
}

function reason(
  { exists, converged }: Fitted,
  standard: number | null,
  monteCarlo: number,
): string | null {
  if (!exists) return null;
  if (!converged)
    return 'The fit has not converged: how far the value is from its end is not known.';
  if (standard === null || monteCarlo <= standard) return null;
  return `The Monte-Carlo error ${errorAlone(monteCarlo)} is larger than the standard error ${errorAlone(standard)}, which is then not the whole error.`;
}

/** A value to four digits, or to those that a part of its error leaves it where these are fewer. */
function roughly(value: number, part: number): string {
  const few = roundToError(Number(value.toPrecision(fewDigits)), null).value;
  if (part <= 0) return few;
  const { value: rounded } = roundToError(value, part);
  const decimals = (text: string) => text.split('.')[1]?.length ?? 0;
  return decimals(rounded) < decimals(few) ? rounded : few;
}
