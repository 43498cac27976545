import type { SpinData } from '../../../shared/data/dataset.ts';
import { defaultFrames, type Frames, frameName } from '../../../shared/data/image/frames.ts';
import type { PreparationOptions } from '../../../shared/data/image/options.ts';
import { maxSpins } from '../../../shared/data/image/options.ts';
import { PictureError } from '../../../shared/data/image/picture-error.ts';
import type { Rectangle } from '../../../shared/data/image/region.ts';
import type { DecodedFrame, DecodeJob } from './decode-job.ts';
import type { DecodePool } from './decode-pool.ts';

/**
 * A file, and which of its pictures are taken, from 0, where null is the first under the file's own name; null for
 * all: those that `LoadOptions` says.
 */
export interface Input {
  readonly path: string;
  readonly frames: readonly (number | null)[] | null;
}

/** How inputs are loaded. */
export interface LoadOptions {
  readonly preparation: PreparationOptions;
  /** Which pictures are taken of files that hold several. */
  readonly frames?: Frames;
  /** Crops of single pictures, by name (`frameName`), in place of the common one. */
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

/** What came of one picture, by its name. */
type Outcome =
  | { readonly name: string; readonly sha256: string; readonly picture: DecodedFrame }
  | { readonly name: string; readonly error: Error };

/**
 * Decodes and prepares files in the pool, at most `pool.size` at a time, and gives what came of their
 * pictures, file by file in their order; only the spins stay in memory.
 */
async function* prepareFiles(
  files: readonly Input[],
  options: LoadOptions,
): AsyncGenerator<readonly Outcome[]> {
  const { pool, signal } = options;
  const under: Promise<readonly Outcome[]>[] = [];
  let next = 0;
  const begin = (file: Input) => prepareFile(file, options);
  while (next < files.length || under.length > 0) {
    // one more than there are threads, so that none waits for this loop
    while (next < files.length && under.length <= pool.size) under.push(begin(files[next++]));
    const outcome = await under.shift();
    signal?.throwIfAborted();
    if (outcome) yield outcome;
  }
}

async function prepareFile(
  { path, frames }: Input,
  { preparation, frames: choice = defaultFrames, crops, pool, signal }: LoadOptions,
): Promise<readonly Outcome[]> {
  const nameOf = (frame: number | null) => frameName(path, frame);
  const job: DecodeJob = {
    path,
    frames: frames?.map((frame) => frame ?? 0) ?? choice,
    prepare: preparation,
    crops: new Map(
      (frames ?? [null]).flatMap((frame) => {
        const crop = crops?.get(nameOf(frame));
        return crop ? [[frame ?? 0, crop] as const] : [];
      }),
    ),
  };
  try {
    const { sha256, pictures, frames: present, warnings } = await pool.run(job, signal);
    const isChosen = frames === null || frames[0] === null;
    const aboutFile =
      isChosen && present > 1 ? [framesSentence(pictures.length, present), ...warnings] : warnings;
    return pictures.map((picture, k) => {
      const name = nameOf(frames ? frames[k] : picture.frame);
      if ('failure' in picture) {
        const { kind, message } = picture.failure;
        return { name, error: new PictureError(kind, message) };
      }
      // what is said of the file is said once
      const said = k === 0 ? [...aboutFile, ...picture.warnings] : picture.warnings;
      return { name, sha256, picture: { ...picture, warnings: said } };
    });
  } catch (error) {
    return [{ name: path, error: error as Error }];
  }
}

/**
 * Pictures and spin arrays as one data set.
 *
 * @param files in the order in which their spins are wanted, as `findSources` gives them
 * @throws PictureError at the first file that fails, unless `keepGoing`; `empty` if all fail; `unsuitable`
 * at a file whose lattice differs from the first one's; RangeError for options that make no sense
 */
export async function load(
  files: readonly (string | Input)[],
  options: LoadOptions,
): Promise<Loaded> {
  const inputs = files.map((file) =>
    typeof file === 'string' ? { path: file, frames: null } : file,
  );
  const parts: Int8Array[] = [];
  const sources: LoadedSource[] = [];
  const failures: { path: string; reason: string }[] = [];
  const warned = new Map<string, string[]>();
  let shape: { rows: number; cols: number } | null = null;
  let size: { width: number; height: number } | null = null;
  let [mixedSizes, spins, done] = [0, 0, 0];

  for await (const outcomes of prepareFiles(inputs, options)) {
    for (const outcome of outcomes) {
      const { name } = outcome;
      try {
        if ('error' in outcome) throw outcome.error;
        const { sha256, picture } = outcome;
        const { width, height, prepared, warnings } = picture;
        if (prepared === null) continue;
        const { rows, cols, windows } = prepared;
        shape ??= { rows, cols };
        size ??= { width, height };
        checkSameShape(name, prepared, shape);
        checkTotal(spins + prepared.spins.length);
        spins += prepared.spins.length;
        if (size.width !== width || size.height !== height) mixedSizes++;
        parts.push(prepared.spins);
        sources.push({ path: name, sha256, windows });
        for (const warning of warnings) warned.set(warning, [...(warned.get(warning) ?? []), name]);
      } catch (error) {
        // only what is wrong with a file may be passed over
        if (!options.keepGoing || !(error instanceof PictureError)) throw error;
        failures.push({ path: name, reason: error.message });
      }
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
      `${mixedSizes} of ${sources.length} pictures ${mixedSizes === 1 ? 'has' : 'have'} another size in pixels than the first: neighbours then lie at different distances.`,
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

/** What is taken of a file that holds several pictures. */
function framesSentence(taken: number, present: number): string {
  const which =
    taken === present
      ? `All ${present} pictures in the file are used, in their order`
      : `${taken} of the ${present} pictures in the file ${taken === 1 ? 'is' : 'are'} used`;
  return `${which}.`;
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
    : `${paths.length} pictures, the first ${paths[0]}: ${warning}`;
}
