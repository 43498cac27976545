import type { Channel } from '../../data/image/channel.ts';
import { mayHoldSeveral } from '../../data/image/format.ts';
import { frameName } from '../../data/image/frames.ts';
import { eightBits } from '../../data/image/grey.ts';
import type { Emit, Handlers } from '../../protocol/contract.ts';
import type { Added } from '../../protocol/data.ts';
import { ExplainedError, toErrorData } from '../../protocol/errors.ts';
import type { SourceFailure } from '../../protocol/failure.ts';
import type { RestoredFit } from '../../protocol/runs.ts';
import { isProjectFile, lastPart } from '../path.ts';
import type { Exchange, Pictures, ProjectStore, Store, Workers } from '../ports.ts';
import type { Recent } from '../project/recent.ts';
import { aboutPicture, type DataSet, type Picture } from './data-set.ts';
import { runJob } from './job.ts';
import { findMissing } from './missing.ts';
import { syntheticHandlers } from './synthetic.ts';

interface Needs {
  readonly data: DataSet;
  readonly recent: Recent;
  readonly pictures: Pictures;
  readonly workers: Workers;
  readonly exchange: Exchange;
  readonly store: Store;
  readonly emit: Emit;
  readonly identify: ProjectStore['identify'];
  /** What grey is made of. */
  readonly channel: () => Channel | null;
  /** Opens a fit file as a run. */
  readonly openFit: (path: string) => Promise<RestoredFit>;
  /** Opens a project in the place of the session's own; its name where it has no lasting place. */
  readonly openProject: (path: string, uploaded: string | null) => Promise<unknown>;
}

const isFitFile = (path: string) => path.toLowerCase().endsWith('.fit.json');

/**
 * Opens files, folders and fit files alike, wherever their paths came from. Those that are missing pictures
 * take their places; the others are added, unless only missing ones are looked for.
 */
export function opener(needs: Needs) {
  const { data, recent, pictures, openFit, openProject, emit, identify } = needs;
  return (paths: readonly string[], signal: AbortSignal, onlyMissing = false): Promise<Added> =>
    runJob(emit, 'open', async (report) => {
      const [failures, fits]: [SourceFailure[], RestoredFit[]] = [[], []];
      const files: Picture['path'][] = [];
      let skipped = 0;
      let projects = 0;
      for (const [k, path] of paths.entries()) {
        signal.throwIfAborted();
        report(k, paths.length, lastPart(path));
        try {
          if (isProjectFile(path)) {
            await openProject(path, null);
            projects++;
          } else if (isFitFile(path)) fits.push(await openFit(path));
          else {
            const found = await pictures.find([path]);
            files.push(...found.files);
            skipped += found.skipped;
          }
        } catch (error) {
          failures.push({ name: lastPart(path), reason: toErrorData(error).message });
        }
      }
      const named = files.map((path) => ({ path, name: lastPart(path), origin: path }));
      const { found, others } = await findMissing(data, named, identify);
      if (onlyMissing) return { added: 0, found, failures, skipped, stacks: [], fits };
      const { added, stacks } = await addAll(needs, others, report, signal);
      // a project notes itself
      if (failures.length + projects < paths.length) await recent.add(paths, files.length);
      return { added, found, failures, skipped, stacks, fits };
    });
}

/** Adds files, of those that hold several pictures each. */
async function addAll(
  { data, pictures }: Pick<Needs, 'data' | 'pictures'>,
  files: readonly Pick<Picture, 'path' | 'name' | 'origin'>[],
  report: (done: number, total: number, item: string) => void,
  signal: AbortSignal,
): Promise<Pick<Added, 'added' | 'stacks'>> {
  const all: Parameters<DataSet['add']>[0][number][] = [];
  const several: { name: string; first: number; count: number }[] = [];
  for (const [k, file] of files.entries()) {
    signal.throwIfAborted();
    if (!mayHoldSeveral(file.name)) {
      all.push(file);
      continue;
    }
    report(k, files.length, file.name);
    // one that cannot be read says why where it is shown
    const count = await pictures.count(file.path, signal).catch(() => 1);
    signal.throwIfAborted();
    if (count === 1) {
      all.push(file);
      continue;
    }
    several.push({ name: file.name, first: all.length, count });
    const { path, name, origin } = file;
    for (let frame = 0; frame < count; frame++) {
      all.push({
        path,
        frame,
        name: frameName(name, frame),
        origin: origin === path ? frameName(path, frame) : origin,
      });
    }
  }
  const ids = data.add(all);
  const stacks = several.map(({ name, first, count }) => ({
    name,
    pictures: ids.slice(first, first + count),
  }));
  return { added: all.length, stacks };
}

/** The requests about the data set. */
export function dataHandlers(needs: Needs, open: ReturnType<typeof opener>): Handlers['data'] {
  const { data, recent, pictures, exchange } = needs;
  const ask = async (kind: 'files' | 'folder', onlyMissing: boolean, signal: AbortSignal) => {
    const paths = await exchange.open(kind);
    return paths && open(paths, signal, onlyMissing);
  };
  const plain = (added: number): Added => ({
    ...{ added, found: 0, failures: [], skipped: 0, stacks: [], fits: [] },
  });
  return {
    openFiles: ({ onlyMissing }, signal) => ask('files', onlyMissing, signal),
    openFolder: ({ onlyMissing }, signal) => ask('folder', onlyMissing, signal),
    openRecent: ({ id }, signal) => open(recent.paths(id), signal),
    addPaths: ({ paths }, signal) => open(paths, signal),
    async addUploads({ uploads }, signal) {
      const files = exchange.uploads(uploads);
      const [failures, fits]: [SourceFailure[], RestoredFit[]] = [[], []];
      const own = (name: string) => isFitFile(name) || isProjectFile(name);
      for (const { path, name } of files.filter((file) => own(file.name))) {
        try {
          if (isProjectFile(name)) await needs.openProject(path, name);
          else fits.push(await needs.openFit(path));
        } catch (error) {
          failures.push({ name, reason: toErrorData(error).message });
        }
      }
      const plainFiles = files.filter((file) => !own(file.name));
      const uploaded = plainFiles.map((file) => ({ ...file, origin: 'uploaded' }));
      const { found, others } = await findMissing(data, uploaded, needs.identify);
      const { added, stacks } = await runJob(needs.emit, 'open', (report) =>
        addAll(needs, others, report, signal),
      );
      return { added, found, failures, skipped: 0, stacks, fits };
    },
    async addSamples() {
      const paths = await pictures.samples();
      data.add(paths.map((path) => ({ path, name: lastPart(path), origin: 'sample' })));
      return plain(paths.length);
    },
    ...syntheticHandlers(needs),
    summary: () => data.summary(),
    list: ({ first, count }) => data.list(first, count),
    async view({ picture, side }, signal) {
      const shown = data.readable(picture);
      try {
        const { image, width, height } = await pictures.reduce(
          shown,
          needs.channel(),
          side,
          signal,
        );
        return {
          width: image.width,
          height: image.height,
          grey: eightBits(image),
          sourceWidth: width,
          sourceHeight: height,
        };
      } catch (error) {
        signal.throwIfAborted();
        const { name, message } = toErrorData(error);
        const reason = aboutPicture(message, shown);
        data.fail(picture, reason);
        throw new ExplainedError(reason, 'Remove it, or replace the file and open it again.', name);
      }
    },
    remove({ pictures: ids }) {
      data.remove(ids);
      return data.summary();
    },
    undoRemove() {
      data.undoRemove();
      return data.summary();
    },
    clear() {
      data.remove(data.all().map((picture) => picture.id));
      return data.summary();
    },
  };
}
