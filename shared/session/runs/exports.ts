import { writeNpy } from '../../data/arrays/npy.ts';
import { writeText } from '../../data/arrays/text.ts';
import type { Handlers } from '../../protocol/contract.ts';
import { ExplainedError } from '../../protocol/errors.ts';
import type { Exchange } from '../ports.ts';
import { traceRows } from './fit-report.ts';
import { wholeResult } from './fit-result.ts';
import type { Run, RunTable } from './run-table.ts';
import { traceCsv } from './trace-csv.ts';

/** The requests that take something out of the program. */
export function exportHandlers(runs: RunTable, exchange: Exchange): Handlers['export'] {
  const bytes = (text: string) => new TextEncoder().encode(text);
  const fileName = (run: Run, ending: string) =>
    `${run.summary.name.replace(/[^\p{L}\p{N} ._-]+/gu, '-')}${ending}`;
  const spins = (id: string) => {
    const run = runs.get(id);
    if (!run.set) {
      throw new ExplainedError(
        'The spins of this run are not here, because it was opened from a file.',
        'Open its pictures again and repeat the fit.',
      );
    }
    const { data } = run.set;
    return { run, array: { ...data, windows: data.images } };
  };
  return {
    fitFile({ run: id }) {
      const run = runs.get(id);
      const { parameters, name } = run.summary;
      const result = wholeResult(run);
      if (!result) {
        throw new ExplainedError('This run has no estimate to export.', 'Let it end, or stop it.');
      }
      const file = { ...result, name, trace: traceRows(parameters, run.trace) };
      const text = `${JSON.stringify(file, null, 1)}\n`;
      return exchange.save(fileName(run, '.fit.json'), 'application/json', bytes(text));
    },
    traceCsv({ run: id }) {
      const run = runs.get(id);
      const csv = traceCsv(run.summary.parameters, run.trace);
      return exchange.save(fileName(run, '.trace.csv'), 'text/csv', bytes(csv));
    },
    spinsCsv({ run: id }) {
      const { run, array } = spins(id);
      return exchange.save(fileName(run, '.spins.csv'), 'text/csv', bytes(writeText(array)));
    },
    spinsNpy({ run: id }) {
      const { run, array } = spins(id);
      const npy = new Uint8Array(writeNpy(array));
      return exchange.save(fileName(run, '.spins.npy'), 'application/octet-stream', npy);
    },
    file: ({ name, type, content }) =>
      exchange.save(
        name,
        type,
        typeof content === 'string' ? bytes(content) : new Uint8Array(content),
      ),
    async pdf({ name, html }) {
      if (!exchange.pdf) {
        throw new ExplainedError(
          'This host makes no PDF.',
          'Export the report as HTML and print it.',
        );
      }
      return exchange.save(name, 'application/pdf', await exchange.pdf(html));
    },
  };
}
