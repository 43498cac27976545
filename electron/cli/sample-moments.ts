import { evaluate as evaluateStatistics, type Model } from '../../shared/models/contract.ts';
import { OutOfReachError } from '../../shared/models/failures.ts';
import { exactMethodFor } from '../../shared/models/lattice/exact/choose.ts';
import { siteCount } from '../../shared/models/lattice/lattice.ts';
import { addMeasured, covariance, emptyMoments, mean } from '../../shared/sampling/moments.ts';
import { columnsFactory } from '../node/threads/columns.ts';
import { evaluate } from './exact.ts';
import { letters, momentsByName } from './parameters.ts';
import { table } from './summary.ts';

/** Seconds that the exact means may take beside the drawing. */
const mostSeconds = 5;
/**
 * Standard errors from which on a drawn mean is no chance: one in a million. Where a statistic hardly ever varies,
 * one turned spin in all draws is many standard errors, hence two of them beside.
 */
const noChance = 5;
const turnedSpins = 2;
const largestChange = 8;

interface DrawnMoments {
  readonly count: number;
  readonly mean: Float64Array;
  readonly byName: Record<string, number>;
}

/** Means and covariances of the statistics over drawn configurations. */
export function drawnMoments(model: Model, spins: Int8Array, count: number): DrawnMoments {
  const n = siteCount(model.lattice);
  const moments = { ...emptyMoments(model.statistics.length, count), measurements: 1 };
  for (let c = 0; c < count; c++) {
    addMeasured(moments, c, evaluateStatistics(model, spins.subarray(c * n, (c + 1) * n)));
  }
  const average = mean(moments);
  return { count, mean: average, byName: momentsByName(model, average, covariance(moments)) };
}

interface Comparison {
  /** Exact mean of every statistic, and the standard error of its mean over the draws; null: not known. */
  readonly exact: Record<string, number | string> | null;
  /** The same as a table, a line each. */
  readonly rows: readonly string[];
  readonly warnings: readonly string[];
}

/** The drawn means beside the exact ones, where an exact method answers in a few seconds. */
export async function compared(
  model: Model,
  theta: number[],
  { count, mean: drawn }: DrawnMoments,
): Promise<Comparison> {
  const nothing: Comparison = { exact: null, rows: [], warnings: [] };
  const method = exactMethodFor(model, columnsFactory(new URL('./', import.meta.url)));
  if (method === null || method.seconds > mostSeconds) return nothing;
  const moments = await evaluate(method, theta).catch((error: Error) => {
    if (error instanceof OutOfReachError) return null;
    throw error;
  });
  if (moments === null) return nothing;
  const p = theta.length;
  const found = letters(model).map((letter, a) => {
    const exact = moments.mean[a];
    const error = Math.sqrt(moments.covariance[a * p + a] / count);
    return { letter, exact, error, deviation: (drawn[a] - exact) / error };
  });
  const short = (value: number) => String(Number(value.toPrecision(6)));
  return {
    exact: {
      method: method.name,
      ...Object.fromEntries(
        found.flatMap(({ letter, exact, error }): [string, number][] => [
          [`mean${letter}`, exact],
          [`error${letter}`, error],
        ]),
      ),
    },
    rows: table([
      ['', 'drawn mean', 'exact', 'standard error', 'deviation in errors'],
      ...found.map(({ letter, exact, error, deviation }, a) => [
        letter,
        short(drawn[a]),
        short(exact),
        error.toPrecision(2),
        Number.isFinite(deviation) ? deviation.toFixed(1) : '–',
      ]),
    ]),
    warnings: found
      .filter(({ exact, error }, a) => {
        const turned = (turnedSpins * largestChange * model.statistics[a].weight) / count;
        return Math.abs(drawn[a] - exact) > noChance * error + turned;
      })
      .map(
        ({ letter, deviation }) =>
          `The mean of ${letter} is ${Math.abs(deviation).toFixed(1)} standard errors from the exact one: these configurations are not in equilibrium.`,
      ),
  };
}
