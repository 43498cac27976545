import { imageSpins, type SpinData } from '../../data/dataset.ts';
import type { Channel } from '../../data/image/channel.ts';
import { type GreyImage, histogram } from '../../data/image/grey.ts';
import { defaultPreparation } from '../../data/image/options.ts';
import { PictureError } from '../../data/image/picture-error.ts';
import { type Prepared, prepare } from '../../data/image/prepare.ts';
import { type Rectangle, whole } from '../../data/image/region.ts';
import { evaluate } from '../../models/contract.ts';
import { type Boundary, lattice } from '../../models/lattice/lattice.ts';
import { uniformModel } from '../../models/registry.ts';
import type { Emit, Handlers } from '../../protocol/contract.ts';
import { Cancelled, ExplainedError } from '../../protocol/errors.ts';
import type { Preparation } from '../../protocol/preparation.ts';
import type { LoadedSet, PictureFile, Pictures } from '../ports.ts';
import {
  aboutPictures,
  type DataSet,
  type Picture,
  shownPath,
  sourceName,
  withShownPaths,
} from './data-set.ts';
import { runJob } from './job.ts';

/** Decoded pictures that are kept for the next change of an option. */
const keptPictures = 3;

/** b and m of every image of a set, image by image, and their means b̄ and m̄. */
export function momentsOf(
  data: SpinData,
  boundary: Boundary,
): { moments: Float64Array; bondMean: number; magnetization: number } {
  const model = uniformModel(lattice(data.rows, data.cols, boundary));
  const [coupling, field] = model.statistics;
  const moments = new Float64Array(2 * data.images);
  let [bonds, spins] = [0, 0];
  for (let i = 0; i < data.images; i++) {
    const [b, m] = evaluate(model, imageSpins(data, i));
    moments.set([b / coupling.extent, m / field.extent], 2 * i);
    bonds += moments[2 * i];
    spins += moments[2 * i + 1];
  }
  return { moments, bondMean: bonds / data.images, magnetization: spins / data.images };
}

/** How the data become spins, and the spins that they gave. */
export class Preparer {
  current: Preparation = { options: defaultPreparation, crops: {} };
  private readonly kept = new Map<string, Promise<GreyImage>>();
  private prepared: { key: string; set: LoadedSet } | null = null;
  private counted: { image: GreyImage; region: Rectangle; greys: Uint32Array } | null = null;

  constructor(
    private readonly data: DataSet,
    private readonly pictures: Pictures,
    private readonly emit: Emit,
  ) {}

  /**
   * The whole set as spins; the same object while neither data nor preparation change.
   *
   * @throws ExplainedError where there is no picture; whatever reading them throws if none can be used
   */
  async all(signal: AbortSignal): Promise<LoadedSet> {
    const pictures = this.data.all();
    if (pictures.length === 0) {
      throw new ExplainedError(
        'There is no picture yet.',
        'Open pictures, or make a synthetic set.',
      );
    }
    const { options, crops } = this.current;
    const key = JSON.stringify([this.data.summary().revision, options, crops]);
    if (this.prepared?.key === key) return this.prepared.set;
    const byPath = new Map(
      pictures.flatMap((picture) =>
        crops[picture.id] ? [[sourceName(picture), crops[picture.id]] as const] : [],
      ),
    );
    // the path of a missing picture was chosen by no person here, and is not read
    const here = pictures.filter(({ missing }) => !missing);
    if (here.length === 0) {
      throw new ExplainedError(
        'All of the pictures are missing.',
        'Look for them in the Data pane.',
      );
    }
    const loaded = await runJob(this.emit, 'prepare', (report) =>
      this.pictures.load(
        here.map(({ path, frame }) => ({ path, frame })),
        options,
        byPath,
        report,
        signal,
      ),
    ).catch((error: unknown) => {
      if (!(error instanceof PictureError)) throw error;
      throw new PictureError(error.kind, aboutPictures(error.message, pictures), { cause: error });
    });
    this.data.note(new Map(loaded.failures.map(({ path, reason }) => [path, reason])));
    const changed = this.data.identify(
      new Map(loaded.sources.map(({ path, sha256 }) => [path, sha256])),
    );
    const shown = withShownPaths(loaded, pictures);
    const set =
      changed.length === 0
        ? shown
        : { ...shown, warnings: [...shown.warnings, changedWarning(changed)] };
    const missing = pictures.flatMap((picture) =>
      picture.missing
        ? [{ path: sourceName(picture), reason: picture.failure ?? 'It is missing.' }]
        : [],
    );
    const complete = { ...set, failures: [...set.failures, ...missing] };
    this.prepared = { key, set: complete };
    return complete;
  }

  /** Crops of single pictures by the paths that a fit file names them by: its reader has other numbers. */
  cropsByPath(): Record<string, Rectangle> {
    const { crops } = this.current;
    return Object.fromEntries(
      this.data
        .all()
        .flatMap((picture) => (crops[picture.id] ? [[shownPath(picture), crops[picture.id]]] : [])),
    );
  }

  /** The picture in full; the last few stay in memory. */
  decode({ path, frame }: PictureFile, channel: Channel | null): Promise<GreyImage> {
    const key = JSON.stringify([path, frame, channel]);
    const image = this.kept.get(key) ?? this.pictures.decode({ path, frame }, channel);
    this.kept.delete(key);
    this.kept.set(key, image);
    image.catch(() => this.kept.delete(key));
    const [oldest] = this.kept.keys();
    if (this.kept.size > keptPictures) this.kept.delete(oldest);
    return image;
  }

  /** Histogram of a region; the last one is not counted again, since most changes leave the region as it is. */
  greys(image: GreyImage, region: Rectangle): Uint32Array {
    const last = this.counted;
    if (last?.image === image && JSON.stringify(last.region) === JSON.stringify(region)) {
      return last.greys;
    }
    const greys = histogram(image, region);
    this.counted = { image, region, greys };
    return greys;
  }
}

function changedWarning([first, ...others]: readonly Picture[]): string {
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  return `${first.name}${more} changed on the disk since they were last used: results are those of the files as they are now.`;
}

/** The requests about preparation. */
export function preparationHandlers(
  preparer: Preparer,
  data: DataSet,
  pictures: Pictures,
  changed: () => void,
): Handlers['preparation'] {
  let latest: AbortController | null = null;
  const seen = (prepared: Prepared, greys: Uint32Array, boundary: Boundary) => ({
    ...prepared,
    histogram: greys,
    ...momentsOf({ ...prepared, images: prepared.windows }, boundary),
  });
  return {
    get: () => preparer.current,
    set(preparation) {
      // a window that was told of it says the same again
      const same = JSON.stringify(preparation) === JSON.stringify(preparer.current);
      preparer.current = preparation;
      if (!same) changed();
    },
    async preview({ picture, options, boundary }, signal) {
      const file = data.readable(picture);
      if (file.kind === 'spins') {
        return seen(
          await pictures.prepare(file.path, options, signal),
          new Uint32Array(256),
          boundary,
        );
      }
      const image = await preparer.decode(file, options.channel);
      const prepared = prepare(image, options);
      return seen(prepared, preparer.greys(image, prepared.region ?? whole(image)), boundary);
    },
    async summary({ boundary }, signal) {
      // a newer question makes the answer to an older one worthless
      latest?.abort(new Cancelled());
      const controller = new AbortController();
      latest = controller;
      signal.addEventListener('abort', () => controller.abort(new Cancelled()), { once: true });
      const set = await preparer.all(controller.signal);
      const { images, rows, cols } = set.data;
      const { bondMean, magnetization } = momentsOf(set.data, boundary);
      return {
        ...{ images, rows, cols, bondMean, magnetization },
        failures: set.failures.map(({ path, reason }) => ({ name: path, reason })),
        warnings: set.warnings,
      };
    },
  };
}
