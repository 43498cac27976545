import { mayHoldSeveral } from '../../data/image/format.ts';
import { frameName, ofFrame } from '../../data/image/frames.ts';
import { defaultFitOptions, methods } from '../../inference/options.ts';
import { momentName } from '../../models/names.ts';
import type { FitFile } from '../../protocol/fit-file.ts';
import { cropsByPath, type Preparation } from '../../protocol/preparation.ts';
import type { RestoredFit } from '../../protocol/runs.ts';
import { fitOptions, preparationOptions } from '../../protocol/schemas.ts';
import { type DataSet, lostSentence } from '../data/data-set.ts';
import type { Preparer } from '../data/preparation.ts';
import { lastPart } from '../path.ts';
import type { Exchange, Pictures, ProjectStore } from '../ports.ts';
import { takeApart } from '../runs/fit-result.ts';
import type { RunTable } from '../runs/run-table.ts';
import type { SavedFiles } from './saved-files.ts';

interface Needs {
  readonly data: DataSet;
  readonly preparer: Preparer;
  readonly runs: RunTable;
  readonly savedFiles: SavedFiles;
  readonly exchange: Exchange;
  readonly pictures: Pictures;
  readonly identify: ProjectStore['identify'];
}

/**
 * Opens a fit file as a run of the session: result, trace, options and preparation come back, and into an
 * empty data set the pictures too: those that do not lie where they were as missing ones.
 *
 * @throws FitFileError if it is none; whatever reading it throws
 */
export async function restoreFit(path: string, needs: Needs): Promise<RestoredFit> {
  const { data, preparer, runs, savedFiles, exchange } = needs;
  const { file, trace } = await savedFiles.readFit(path, lastPart(path));
  const { result, sources: fitted } = takeApart(file);
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
    observed: readObserved(file),
    steps: trace.length,
    result,
    error: null,
    continuable: false,
  };
  const sources = [];
  for (const source of file.data.sources) {
    // a synthetic set is no file of anybody: it is drawn again
    const there = source.synthetic
      ? null
      : ((await sampleOf(source, needs)) ??
        (await whereIs(source.path, path, exchange)) ??
        (await stackWith(source.path, path, exchange)));
    sources.push({ source, there });
  }
  const missing = sources.filter(({ there }) => there === null).map(({ source }) => source.path);
  runs.add({ summary, trace, set: null, sources: fitted, crops: {}, fit: null });
  // a data set that somebody is working on stays as it is
  if (data.summary().pictures === 0) {
    data.add(
      sources.map(({ source: { path: named, sha256, synthetic = null }, there }) => ({
        ...(there ?? { ...lost(named), origin: synthetic ? 'synthetic' : named }),
        name: lastPart(named),
        sha256,
        synthetic,
        missing: there === null,
        failure: there ? null : lostSentence(synthetic !== null, 'fit file', named),
      })),
    );
    preparer.current = readPreparation(file, data) ?? preparer.current;
  }
  return { run: summary, missing, found: sources.length - missing.length };
}

/** b̄ and m̄ as the model divides them; NaN where an older file of two couplings has only their mean. */
function readObserved({ data, model: { parameters } }: FitFile): number[] {
  return parameters.map((name) => {
    const value = data[momentName(name)];
    return typeof value === 'number' ? value : Number.NaN;
  });
}

type Source = FitFile['data']['sources'][number];

/** A bundled texture, which fit files name without a folder. */
async function sampleOf({ path, sha256 }: Source, { pictures, identify }: Needs) {
  if (lastPart(path) !== path) return null;
  const sample = (await pictures.samples()).find((candidate) => lastPart(candidate) === path);
  const content = sample === undefined ? null : await identify(sample);
  return sample !== undefined && content?.sha256 === sha256
    ? { path: sample, origin: 'sample' }
    : null;
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
): Promise<{ path: string; origin: string } | null> {
  const folder = fitFile.slice(0, fitFile.length - lastPart(fitFile).length);
  for (const candidate of [source, `${folder}${source}`, `${folder}${lastPart(source)}`]) {
    if (await exchange.mayRead(candidate, fitFile)) return { path: candidate, origin: candidate };
  }
  return null;
}

/** The file that holds several pictures, where the source is one of these. */
async function stackWith(source: string, fitFile: string, exchange: Exchange) {
  const { path, frame } = ofFrame(source);
  const there = frame === null ? null : await whereIs(path, fitFile, exchange);
  return there && { path: there.path, frame, origin: frameName(there.path, frame) };
}

/** Where a source was that is not there: a file, or one of several pictures in a file that may hold several. */
function lost(source: string): { path: string; frame: number | null } {
  const named = ofFrame(source);
  return mayHoldSeveral(named.path) ? named : { path: source, frame: null };
}

/** How the file's data were prepared; the data set has its sources in their order. */
function readPreparation(file: FitFile, data: DataSet): Preparation | null {
  const { crops: named, ...common } = file.data.preparation ?? {};
  const options = preparationOptions.safeParse(common);
  if (!options.success) return null;
  const byPath = cropsByPath.safeParse(named).data ?? {};
  const crops = data.all().flatMap(({ id }, k) => {
    const own = byPath[file.data.sources[k].path];
    return own ? [[String(id), own]] : [];
  });
  return { options: options.data, crops: Object.fromEntries(crops) };
}
