import type { Model } from '../../contract.ts';
import type { NearestNeighbours } from '../nearest-neighbours.ts';
import { type ColumnsFactory, plainColumns } from './columns.ts';
import { events, momentsOfEvents } from './layout.ts';
import { checkFinite, type ExactMethod, type ExactMoments } from './method.ts';
import { Row, secondsOf, strip } from './rows.ts';

/** Largest shorter side: 2²⁰ states. */
export const widestOpen = 20;

/**
 * Open lattice with field: transfer matrix over 2^w states of a row, w the shorter side, one site at a
 * time, with first and second derivatives carried along, from all states of the first row to all of the
 * last.
 *
 * Source: K. Binder, Physica 62, 508 (1972), for the site-by-site recursion.
 */
export function openTransfer(
  model: Model,
  layout: NearestNeighbours,
  columns: ColumnsFactory = plainColumns,
): ExactMethod {
  const { width, length, turned, rowOperations } = strip(model, layout);
  const rows = Math.ceil(length / 2);
  const operations = rows * rowOperations;
  return {
    name: `transfer matrix, ${length} rows of 2^${width} states`,
    operations,
    seconds: secondsOf(rows, operations),
    *evaluate(theta): Generator<number, ExactMoments> {
      checkFinite(theta);
      const p = model.statistics.length;
      const row = new Row(width, 'free', turned, p, events(model, theta), columns);
      yield* row.anyState();
      const { coefficients, logScale } = yield* row.thereAndBack(length - 1);
      return momentsOfEvents(model, theta, row.monomials, coefficients, logScale);
    },
  };
}
