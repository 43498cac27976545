import { writeNpy } from '../image/arrays/npy.ts';
import type { Emit, Handlers } from '../protocol/contract.ts';
import type { Added } from '../protocol/data.ts';
import { ExplainedError, toErrorData } from '../protocol/errors.ts';
import type { SourceFailure } from '../protocol/failure.ts';
import type { RestoredFit } from '../protocol/runs.ts';
import { aboutPicture, type DataSet, type Picture } from './data-set.ts';
import { runJob } from './job.ts';
import { isProjectFile, lastPart } from './path.ts';
import type { Exchange, Pictures, Store, Workers } from './ports.ts';
import type { Recent } from './recent.ts';

interface Needs {
  readonly data: DataSet;
  readonly recent: Recent;
  readonly pictures: Pictures;
  readonly workers: Workers;
  readonly exchange: Exchange;
  readonly store: Store;
  readonly emit: Emit;
  /** Opens a fit file as a run. */
  readonly openFit: (path: string) => Promise<RestoredFit>;
  /** Opens a project in the place of the session's own; its name where it has no lasting place. */
  readonly openProject: (path: string, uploaded: string | null) => Promise<unknown>;
}

const isFitFile = (path: string) => path.toLowerCase().endsWith('.fit.json');

/** Opens files, folders and fit files alike, wherever their paths came from. */
export function opener({ data, recent, pictures, openFit, openProject, emit }: Needs) {
  return (paths: readonly string[], signal: AbortSignal): Promise<Added> =>
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
      data.add(files.map((path) => ({ path, name: lastPart(path), origin: path })));
      // a project notes itself
      if (failures.length + projects < paths.length) await recent.add(paths, files.length);
      return { added: files.length, failures, skipped, fits };
    });
}

/** The requests about the data set. */
export function dataHandlers(
  needs: Needs,
  open: (paths: readonly string[], signal: AbortSignal) => Promise<Added>,
): Handlers['data'] {
  const { data, recent, pictures, workers, exchange, store, emit } = needs;
  const ask = async (kind: 'files' | 'folder', signal: AbortSignal) => {
    const paths = await exchange.open(kind);
    return paths && open(paths, signal);
  };
  const plain = (added: number): Added => ({ added, failures: [], skipped: 0, fits: [] });
  return {
    openFiles: (_, signal) => ask('files', signal),
    openFolder: (_, signal) => ask('folder', signal),
    openRecent: ({ id }, signal) => open(recent.paths(id), signal),
    addPaths: ({ paths }, signal) => open(paths, signal),
    async addUploads({ uploads }) {
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
      const others = files.filter((file) => !own(file.name));
      data.add(others.map((file) => ({ ...file, origin: 'uploaded' })));
      return { added: others.length, failures, skipped: 0, fits };
    },
    async addSamples() {
      const paths = await pictures.samples();
      data.add(paths.map((path) => ({ path, name: lastPart(path), origin: 'sample' })));
      return plain(paths.length);
    },
    synthetic: (options, signal) =>
      runJob(emit, 'sample', async (report) => {
        const spins = await workers.sample(options, report, signal);
        const { rows, cols, J, h, seed } = options;
        const name = `J ${J}, h ${h}, ${rows} × ${cols}, seed ${seed}.npy`;
        const path = await store.temporary(name, writeNpy({ ...spins, windows: spins.images }));
        data.remove(data.all().map((picture) => picture.id));
        data.add([{ path, name, origin: 'synthetic' }]);
        return plain(1);
      }),
    summary: () => data.summary(),
    list: ({ first, count }) => data.list(first, count),
    async view({ picture, side }, signal) {
      const shown = data.get(picture);
      try {
        const { image, width, height } = await pictures.reduce(shown.path, side, signal);
        const grey = Uint8Array.from(image.data, (level) => (level * 255) / image.levels);
        return {
          width: image.width,
          height: image.height,
          grey,
          sourceWidth: width,
          sourceHeight: height,
        };
      } catch (error) {
        signal.throwIfAborted();
        const { name, message } = toErrorData(error);
        throw new ExplainedError(
          aboutPicture(message, shown),
          'Remove it, or replace the file and open it again.',
          name,
        );
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
