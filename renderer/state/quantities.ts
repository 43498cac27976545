import { type Convention, conversion } from '../../shared/models/conventions.ts';
import { isFieldName, notesField, symbol } from '../../shared/models/names.ts';
import { withError as rounded, roundToError } from '../../shared/numerics/rounding.ts';
import type { Settings } from '../../shared/protocol/app.ts';
import type { FitResult } from '../../shared/protocol/runs.ts';
import { noError, shownEstimate } from '../../shared/protocol/shown-estimate.ts';
import { signed } from './text.ts';

/** One parameter of a result as it is shown, in the chosen convention. */
export interface Quantity {
  /** As the model calls it: J, Jx, Jy, h. */
  readonly parameter: string;
  /** With its unit where it has one: h, h/n. */
  readonly symbol: string;
  readonly value: string;
  readonly error: string | null;
  /** Why an estimate that exists has no ±; null where it has one. */
  readonly withheld: string | null;
  /** Value and ±, or the words that there is none. */
  readonly text: string;
  /** All digits. */
  readonly exact: string;
  readonly standard: number | null;
  readonly sandwich: number | null;
  readonly monteCarlo: number | null;
  readonly bootstrap: number | null;
  /** Ends of the 95 % profile-likelihood interval, as far as they are within reach; null where none is. */
  readonly profile: readonly [low: string, high: string] | null;
}

/** The convention in which the program computes. */
export const ownConvention: Convention = { sign: 'plus', pairs: 'once', field: 'total' };

/** The engine's name for the convention that the window shows. */
export function toConvention(shown: Settings['convention']): Convention {
  return {
    sign: shown.sign === 'notes' ? 'minus' : 'plus',
    pairs: shown.bonds,
    field: shown.field === 'perSite' ? 'per-site' : 'total',
  };
}

/** The factor by which a parameter of this program is multiplied to be the convention's. */
export function factorOf(parameter: string, convention: Convention, sites: number): number {
  const factors = conversion(convention, sites);
  if (parameter === notesField) return factors.h;
  // a field per site already
  return isFieldName(parameter) ? Math.sign(factors.h) : factors.J;
}

/** A result's parameters in a convention; nulls where the estimate does not exist. */
export function quantities(result: FitResult, convention: Convention): Quantity[] {
  const { rows, cols, parameters } = result.model;
  return parameters.map((parameter) => {
    const factor = factorOf(parameter, convention, rows * cols);
    const read = (values: Readonly<Record<string, unknown>> | null, by: number) => {
      const value = values?.[parameter];
      return typeof value === 'number' ? value * by : null;
    };
    const value = read(result.estimate, factor);
    // the curvature where a fit happens to stand is no error of its end
    const ended = (errors: FitResult['standardError']) => (result.converged ? errors : null);
    const standard = read(ended(result.standardError), Math.abs(factor));
    const sandwich = read(ended(result.sandwichError), Math.abs(factor));
    const shown = shownEstimate(result, parameter, factor);
    const error = shown.error === null ? '' : ` ± ${shown.error}`;
    return {
      parameter,
      symbol:
        parameter === notesField && convention.field === 'per-site' ? 'h/n' : symbol(parameter),
      value: signed(shown.value),
      error: shown.error,
      withheld: shown.withheld,
      text: `${signed(shown.value)}${shown.withheld === null ? error : ` (${noError})`}`,
      exact: [value === null ? 'no finite value' : signed(String(value)), shown.withheld]
        .filter((part) => part !== null)
        .join('. '),
      standard,
      sandwich,
      monteCarlo: read(result.monteCarloError, Math.abs(factor)),
      bootstrap: read(result.bootstrap?.error ?? null, Math.abs(factor)),
      profile: profileEnds(result, parameter, factor, standard),
    };
  });
}

function profileEnds(
  { profile }: FitResult,
  parameter: string,
  factor: number,
  error: number | null,
): Quantity['profile'] {
  const [a, b] = profile?.interval95[parameter] ?? [null, null];
  if (a === null && b === null) return null;
  const end = (value: number | null) =>
    value === null ? 'out of reach' : signed(roundToError(value * factor, error).value);
  return factor < 0 ? [end(b), end(a)] : [end(a), end(b)];
}

/** Correlation of the first coupling and the field, −1 … 1; null without a covariance. */
export function correlation({ covariance, model }: FitResult): number | null {
  const last = model.parameters.length - 1;
  if (!covariance || last < 1) return null;
  return covariance[0][last] / Math.sqrt(covariance[0][0] * covariance[last][last]);
}

/** A value rounded to its error, with it and with a real minus sign: −0.3012 ± 0.0024. */
export function withError(value: number, error: number): string {
  return signed(rounded(value, error));
}
