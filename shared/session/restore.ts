import { defaultFitOptions, methods } from '../ising/options.ts';
import type { FitFile } from '../protocol/fit-file.ts';
import { parseFitFile } from '../protocol/fit-file.ts';
import { cropsByPath, type Preparation } from '../protocol/preparation.ts';
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
    continuable: false,
  };
  runs.add({ summary, trace: readTrace(file), set: null, crops: {}, fit: null });

  const missing: string[] = [];
  /** Where the sources are, and what the file calls them. */
  const found = new Map<string, string>();
  for (const source of file.data.sources) {
    const there = await whereIs(source.path, path, exchange);
    if (there === null) missing.push(source.path);
    else found.set(there, source.path);
  }
  // a data set that somebody is working on stays as it is
  if (data.summary().pictures === 0) {
    data.add(
      [...found.keys()].map((source) => ({
        path: source,
        name: lastPart(source),
        origin: source,
      })),
    );
    preparer.current = readPreparation(file, data, found) ?? preparer.current;
  }
  return { run: summary, missing, found: found.size };
}

/** The options as they were used; where another version wrote others, those that are certain. */
function readOptions(file: FitFile) {
  const options = fitOptions.safeParse(file.options);
  if (options.success) return options.data;
  const { boundary } = file.model;
  const method = methods.find((name) => name === file.method) ?? defaultFitOptions.method;
  return { ...defaultFitOptions, boundary, method, seed: file.seed };
}

/** A source where it was, or beside the fit file where both have moved; null where it is neither. */
async function whereIs(
  source: string,
  fitFile: string,
  exchange: Exchange,
): Promise<string | null> {
  const folder = fitFile.slice(0, fitFile.length - lastPart(fitFile).length);
  for (const candidate of [source, `${folder}${source}`, `${folder}${lastPart(source)}`]) {
    if (await exchange.mayRead(candidate)) return candidate;
  }
  return null;
}

/** How the file's data were prepared, with the crops of those pictures that are here. */
function readPreparation(
  file: FitFile,
  data: DataSet,
  found: ReadonlyMap<string, string>,
): Preparation | null {
  const { crops: named, ...common } = file.data.preparation ?? {};
  const options = preparationOptions.safeParse(common);
  if (!options.success) return null;
  const byPath = cropsByPath.safeParse(named).data ?? {};
  const crops = data.all().flatMap(({ id, path }) => {
    const own = byPath[found.get(path) ?? ''];
    return own ? [[String(id), own]] : [];
  });
  return { options: options.data, crops: Object.fromEntries(crops) };
}
