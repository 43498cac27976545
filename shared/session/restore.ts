import { defaultFitOptions, methods } from '../ising/options.ts';
import type { FitFile } from '../protocol/fit-file.ts';
import { parseFitFile } from '../protocol/fit-file.ts';
import { type Preparation, preparation } from '../protocol/preparation.ts';
import type { RestoredFit } from '../protocol/runs.ts';
import { fitOptions, preparationOptions } from '../protocol/schemas.ts';
import type { DataSet } from './data-set.ts';
import { readTrace } from './fit-report.ts';
import { lastPart } from './path.ts';
import type { Exchange } from './ports.ts';
import type { Preparer } from './preparation.ts';
import type { RunTable } from './run-table.ts';

interface Needs {
  readonly data: DataSet;
  readonly preparer: Preparer;
  readonly runs: RunTable;
  readonly exchange: Exchange;
}

/**
 * Opens a fit file as a run of the session: result, trace, options and preparation come back, and the
 * pictures too where they still lie where they were and the data set is empty.
 *
 * @throws FitFileError if it is none; whatever reading it throws
 */
export async function restoreFit(path: string, needs: Needs): Promise<RestoredFit> {
  const { data, preparer, runs, exchange } = needs;
  const file = parseFitFile(await exchange.readText(path), lastPart(path));
  const restored = readPreparation(file);
  const { trace: _, ...result } = file;
  const { rows, cols, parameters } = file.model;
  const summary = {
    id: `file-${runs.list().length + 1}-${file.created.replace(/\D/g, '')}`,
    name: typeof file.name === 'string' ? file.name : lastPart(path).replace(/\.fit\.json$/i, ''),
    created: file.created,
    state: file.converged ? ('ended' as const) : ('stopped' as const),
    options: readOptions(file),
    rows,
    cols,
    images: file.data.images,
    parameters,
    observed: parameters.map((name) =>
      name === 'h' ? file.data.magnetization : file.data.bondMean,
    ),
    steps: file.trace.length,
    result,
    error: null,
  };
  runs.add({ summary, trace: readTrace(file), preparation: restored, set: null });

  const missing: string[] = [];
  const found: string[] = [];
  for (const source of file.data.sources) {
    const there = await exchange.mayRead(source.path);
    (there ? found : missing).push(source.path);
  }
  // a data set that somebody is working on stays as it is
  if (data.summary().pictures === 0) {
    if (restored) preparer.current = restored;
    data.add(found.map((source) => ({ path: source, name: lastPart(source), origin: source })));
  }
  return { run: summary, preparation: restored, missing, found: found.length };
}

/** The options as they were used; where another version wrote others, those that are certain. */
function readOptions(file: FitFile) {
  const options = fitOptions.safeParse(file.options);
  if (options.success) return options.data;
  const { boundary } = file.model;
  const method = methods.find((name) => name === file.method) ?? defaultFitOptions.method;
  return { ...defaultFitOptions, boundary, method, seed: file.seed };
}

function readPreparation({ data }: FitFile): Preparation | null {
  const { crops = {}, ...options } = data.preparation ?? {};
  const whole = preparation.safeParse({ options, crops });
  if (whole.success) return whole.data;
  const common = preparationOptions.safeParse(options);
  return common.success ? { options: common.data, crops: {} } : null;
}
