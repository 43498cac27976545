import type { PreparationOptions } from '../../shared/image/options.ts';
import { maxSpins } from '../../shared/image/options.ts';
import { PictureError } from '../../shared/image/picture-error.ts';
import type { Rectangle } from '../../shared/image/region.ts';
import type { SpinData } from '../../shared/ising/dataset.ts';
import type { DecodeResult } from './decode-job.ts';
import type { DecodePool } from './decode-pool.ts';

/** How inputs are loaded. */
export interface LoadOptions {
  readonly preparation: PreparationOptions;
  /** Crops of single files, by path, in place of the common one. */
  readonly crops?: ReadonlyMap<string, Rectangle>;
  readonly pool: Pick<DecodePool, 'run' | 'size'>;
  /** Collects failures instead of throwing the first. */
  readonly keepGoing?: boolean;
  /** Told after every file. */
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/** One input of a data set as the fit file names it. */
export interface LoadedSource {
  readonly path: string;
  readonly sha256: string;
  /** Configurations that it gave. */
  readonly windows: number;
}

/** Spins of all inputs, in the order of the files. */
export interface Loaded {
  readonly data: SpinData;
  readonly sources: readonly LoadedSource[];
  /** The options as they were used, with the lattice's real size. */
  readonly preparation: PreparationOptions;
  readonly failures: readonly { readonly path: string; readonly reason: string }[];
  /** Sentences that a person can act on, each once, with the number of files that it concerns. */
  readonly warnings: readonly string[];
}

/** What came of one file. */
export type Outcome =
  | { readonly path: string; readonly result: DecodeResult }
  | { readonly path: string; readonly error: Error };

/**
 * Decodes and prepares files in the pool, at most `pool.size` at a time, and gives what came of them in
 * the files' order; only the spins stay in memory.
 */
export async function* prepareFiles(
  files: readonly string[],
  { preparation, crops, pool, signal }: LoadOptions,
): AsyncGenerator<Outcome> {
  const under: Promise<Outcome>[] = [];
  let next = 0;
  const begin = (path: string): Promise<Outcome> =>
    pool.run({ path, prepare: withCrop(preparation, crops?.get(path)) }, signal).then(
      (result) => ({ path, result }),
      (error: Error) => ({ path, error }),
    );
  while (next < files.length || under.length > 0) {
    // one more than there are threads, so that none waits for this loop
    while (next < files.length && under.length <= pool.size) under.push(begin(files[next++]));
    const outcome = await under.shift();
    signal?.throwIfAborted();
    if (outcome) yield outcome;
  }
}

/**
 * Pictures and spin arrays as one data set.
 *
 * @param files in the order in which their spins are wanted, as `findSources` gives them
 * @throws PictureError at the first file that fails, unless `keepGoing`; `empty` if all fail; `unsuitable`
 * at a file whose lattice differs from the first one's; RangeError for options that make no sense
 */
export async function load(files: readonly string[], options: LoadOptions): Promise<Loaded> {
  const parts: Int8Array[] = [];
  const sources: LoadedSource[] = [];
  const failures: { path: string; reason: string }[] = [];
  const warned = new Map<string, string[]>();
  let shape: { rows: number; cols: number } | null = null;
  let size: { width: number; height: number } | null = null;
  let [mixedSizes, spins, done] = [0, 0, 0];

  for await (const outcome of prepareFiles(files, options)) {
    try {
      const { path, sha256, width, height, prepared, warnings } = unwrap(outcome);
      if (prepared === null) continue;
      const { rows, cols, windows } = prepared;
      shape ??= { rows, cols };
      size ??= { width, height };
      checkSameShape(path, prepared, shape);
      checkTotal(spins + prepared.spins.length);
      spins += prepared.spins.length;
      if (size.width !== width || size.height !== height) mixedSizes++;
      parts.push(prepared.spins);
      sources.push({ path, sha256, windows });
      for (const warning of warnings) warned.set(warning, [...(warned.get(warning) ?? []), path]);
    } catch (error) {
      // only what is wrong with a file may be passed over
      if (!options.keepGoing || !(error instanceof PictureError)) throw error;
      failures.push({ path: outcome.path, reason: error.message });
    }
    options.onProgress?.(++done, files.length);
  }
  if (shape === null) {
    const [failure] = failures;
    const message =
      failures.length === 1
        ? failure.reason
        : `None of ${files.length} files could be used${failure ? `; the first: ${failure.reason}` : '.'}`;
    throw new PictureError('empty', message);
  }

  const { rows, cols } = shape;
  const data = new Int8Array(spins);
  let offset = 0;
  for (const part of parts) {
    data.set(part, offset);
    offset += part.length;
  }
  const warnings = Array.from(warned, ([text, paths]) => about(text, paths));
  if (mixedSizes > 0 && options.preparation.tile === null && options.preparation.crop === null) {
    warnings.push(
      `${mixedSizes} of ${sources.length} files ${mixedSizes === 1 ? 'has' : 'have'} another size in pixels than the first: neighbours then lie at different distances.`,
    );
  }
  return {
    data: { rows, cols, images: spins / (rows * cols), spins: data },
    sources,
    preparation: { ...options.preparation, rows, cols },
    failures,
    warnings,
  };
}

function withCrop(options: PreparationOptions, crop: Rectangle | undefined): PreparationOptions {
  return crop ? { ...options, crop } : options;
}

function unwrap(outcome: Outcome): DecodeResult {
  if ('error' in outcome) throw outcome.error;
  return outcome.result;
}

function checkSameShape(
  path: string,
  { rows, cols }: { rows: number; cols: number },
  first: { rows: number; cols: number },
): void {
  if (rows === first.rows && cols === first.cols) return;
  throw new PictureError(
    'unsuitable',
    `${path}: It gives a lattice of ${rows} × ${cols}, the first file one of ${first.rows} × ${first.cols}: choose the number of rows and of columns for all.`,
  );
}

function checkTotal(spins: number): void {
  if (spins <= 4 * maxSpins) return;
  throw new PictureError(
    'tooLarge',
    `The inputs give more than ${4 * maxSpins} spins altogether: use fewer files, smaller lattices or a larger stride.`,
  );
}

function about(warning: string, paths: readonly string[]): string {
  return paths.length === 1
    ? `${paths[0]}: ${warning}`
    : `${paths.length} files, the first ${paths[0]}: ${warning}`;
}
