import type { Model } from '../model.ts';
import { type Columns, plainColumns } from './columns.ts';
import { events, type Layout, momentsOfEvents } from './layout.ts';
import { checkFinite, type ExactMethod, type ExactMoments } from './method.ts';
import { Row } from './rows.ts';

/** Largest shorter side: 2²⁰ states. */
export const widestOpen = 20;

/**
 * Open lattice with field: transfer matrix over 2^w states of a row, w the shorter side, one site at a
 * time, with first and second derivatives carried along. The lattice is its own mirror image, so that only
 * half of its rows are run through and the two halves are joined in the middle:
 *
 *   Z = Σ_s f_s g_s,   f the weights of ⌈R/2⌉ rows, g those of ⌊R/2⌋ rows and the bonds to the next.
 *
 * Source: K. Binder, Physica 62, 508 (1972), for the site-by-site recursion.
 */
export function openTransfer(
  model: Model,
  layout: Layout,
  columns: Columns = plainColumns,
): ExactMethod {
  const { rows, cols } = model.lattice;
  const width = Math.min(rows, cols);
  const length = Math.max(rows, cols);
  // the row of the transfer matrix runs along the shorter side
  const turned: Layout =
    cols <= rows ? layout : { along: layout.across, across: layout.along, field: layout.field };
  const p = model.statistics.length;
  return {
    name: `transfer matrix, ${length} rows of 2^${width} states`,
    cost: Math.ceil(length / 2) * (4 * width + 12) * (1 + p + (p * (p + 1)) / 2) * 2 ** width,
    *evaluate(theta): Generator<number, ExactMoments> {
      checkFinite(theta);
      const row = new Row(width, 'free', turned, p, events(model, theta), columns);

      const complemented = (r: number) => row.alternates && r % 2 === 1;
      const middle = Math.floor(length / 2);

      // the first row, then all others of the upper half
      const states = row.states();
      states[0].fill(1);
      yield* row.withinRow(states, false);
      for (let r = 1; r < middle; r++) {
        yield* row.toNextRow(states);
        yield* row.withinRow(states, complemented(r));
      }

      // the lower half is the same seen from below: it has come as far as the bonds above it, or, where
      // there is a middle row, both halves have come to that row, which counts once
      const upperScale = row.logScale;
      const upper = row.states();
      yield* row.copy(states, upper);
      yield* row.toNextRow(states);
      if (length % 2 === 1) {
        yield* row.copy(states, upper);
        yield* row.withinRow(states, complemented(middle));
      }
      const g = yield* row.join(upper, states, length % 2 === 0 && row.alternates);
      return momentsOfEvents(model, theta, row.monomials, g, upperScale + row.logScale);
    },
  };
}
