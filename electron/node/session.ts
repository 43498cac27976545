import { access, constants } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import type { AppInfo } from '../../shared/protocol/app.ts';
import type { Emit } from '../../shared/protocol/contract.ts';
import type { DrawnSet, DrawProgress, Exchange, Journal } from '../../shared/session/ports.ts';
import { createSession, type Session } from '../../shared/session/session.ts';
import { DecodePool } from './decode/decode-pool.ts';
import { mayBeNamed } from './decode/named-file.ts';
import { nodePictures } from './decode/pictures.ts';
import { projectStore } from './projects/project-store.ts';
import type { NodeStore } from './projects/settings-store.ts';
import { program } from './system/program.ts';
import { startFitThread } from './threads/fit-thread.ts';
import { jobInThread } from './threads/job-thread.ts';
import { readFitInThread, readProjectInThread } from './threads/read-in-thread.ts';

/** A session on this machine, and its end. */
export interface NodeSession extends Session {
  /**
   * Ends the fit, the threads and the temporary files.
   *
   * @param keep what is not saved is kept for the next start
   */
  close(keep: boolean): Promise<void>;
}

/** What differs between the hosts. */
export interface NodeHost {
  readonly info: Pick<AppInfo, 'host' | 'pdf' | 'logs'>;
  readonly exchange: Pick<Exchange, 'open' | 'save' | 'project' | 'pdf' | 'uploads'>;
  readonly emit: Emit;
  readonly store: NodeStore;
  readonly journal: Journal;
  /** The folder of the bundled entries, where the worker files are too. */
  readonly bundle: URL;
  /** Whether a file may be read that no person has chosen by itself: one found in a folder, or named by another file. */
  readonly mayRead: (path: string) => boolean | Promise<boolean>;
}

export async function nodeSession(host: NodeHost): Promise<NodeSession> {
  const { store, bundle, journal } = host;
  const threads = availableParallelism();
  const entry = (name: string) => new URL(`${name}-worker.js`, bundle);
  const pool = new DecodePool(entry('decode'), Math.max(2, threads - 1));
  const pictures = nodePictures(pool, new URL('samples/', bundle));
  const session = await createSession({
    info: { ...host.info, version: program.version, threads },
    pictures: {
      ...pictures,
      // a link may lead out of the folder that was granted
      async find(paths) {
        const { files, skipped } = await pictures.find(paths);
        const granted = [];
        for (const file of files) if (await host.mayRead(file)) granted.push(file);
        return { files: granted, skipped: skipped + files.length - granted.length };
      },
    },
    workers: {
      fit: (task, onEvent) =>
        startFitThread(
          entry('fit'),
          { ...task, threads: task.threads ?? threads, background: true },
          onEvent,
        ),
      check: (order, onProgress, signal) =>
        jobInThread(entry('check'), { ...order, threads }, onProgress, signal),
      sample: (options, onProgress, signal) =>
        jobInThread<Parameters<DrawProgress>, DrawnSet>(
          entry('sample'),
          options,
          (progress) => onProgress(...progress),
          signal,
        ),
    },
    savedFiles: {
      readProject: (members, title) => readProjectInThread(entry('read'), members, title),
      readFit: (path, name) => readFitInThread(entry('read'), path, name),
    },
    store,
    journal,
    projects: projectStore(store.session, host.mayRead),
    exchange: {
      ...host.exchange,
      mayRead: async (path, namer) =>
        (await mayBeNamed(path, namer)) &&
        (await host.mayRead(path)) &&
        (await access(path, constants.R_OK).then(
          () => true,
          () => false,
        )),
    },
    emit: host.emit,
  });
  journal.note(`Isinglass ${program.version} has started: ${host.info.host}, ${threads} threads.`);
  return {
    ...session,
    get busy() {
      return session.busy;
    },
    get unsaved() {
      return session.unsaved;
    },
    async close(keep) {
      try {
        await session.close(keep);
      } finally {
        await pool.close();
        await store.close();
        journal.note('Isinglass has ended.');
      }
    },
  };
}
