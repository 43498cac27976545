import { imageSpins } from '../../data/dataset.ts';
import type { Handlers } from '../../protocol/contract.ts';
import { ExplainedError } from '../../protocol/errors.ts';
import { isActive } from './fit.ts';
import type { RunTable } from './run-table.ts';
import { thin } from './thin.ts';

/** The requests about the table of runs. */
export function runsHandlers(runs: RunTable): Handlers['runs'] {
  return {
    list: () => runs.list(),
    rename: ({ run, name }) => runs.change(runs.get(run), { name }),
    delete({ run }) {
      if (isActive(runs.get(run).summary)) {
        throw new ExplainedError('This run is still under way.', 'Stop it first.');
      }
      runs.delete(run);
    },
    undoDelete: () => runs.undoDelete(),
    trace({ run, first, last, points }) {
      const { trace } = runs.get(run);
      return {
        rows: thin(trace, trace.rowsOf(first), trace.rowsOf(last), points),
        total: trace.length,
      };
    },
    sources({ run, first, count }) {
      const { sources } = runs.get(run);
      return { total: sources.length, sources: sources.slice(first, first + count) };
    },
    image({ run, image }) {
      const { set } = runs.get(run);
      if (!set || image >= set.data.images) return null;
      const { rows, cols } = set.data;
      return { rows, cols, spins: imageSpins(set.data, image).slice() };
    },
  };
}
