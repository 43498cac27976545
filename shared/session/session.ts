import type { AppInfo } from '../protocol/app.ts';
import type { Emit, Handlers } from '../protocol/contract.ts';
import type { Added } from '../protocol/data.ts';
import { appHandlers, loadSettings } from './app.ts';
import { dataHandlers, opener } from './data/data.ts';
import { DataSet } from './data/data-set.ts';
import { Preparer, preparationHandlers } from './data/preparation.ts';
import type { Exchange, Journal, Pictures, ProjectStore, Store, Workers } from './ports.ts';
import { Projects } from './project/projects.ts';
import { Recent } from './project/recent.ts';
import { restoreFit } from './project/restore.ts';
import type { SavedFiles } from './project/saved-files.ts';
import { checkHandlers } from './runs/check.ts';
import { exportHandlers } from './runs/exports.ts';
import { Fits } from './runs/fit.ts';
import { RunTable } from './runs/run-table.ts';
import { runsHandlers } from './runs/runs.ts';

/** What a host hands to its session. */
export interface Ports {
  readonly info: AppInfo;
  readonly pictures: Pictures;
  readonly workers: Workers;
  readonly savedFiles: SavedFiles;
  readonly store: Store;
  readonly exchange: Exchange;
  readonly projects: ProjectStore;
  readonly journal: Journal;
  readonly emit: Emit;
}

/** One person's work: pictures, preparation, fit and runs, behind the requests of the contract. */
export interface Session {
  readonly handlers: Handlers;
  /** Opens files that come from outside the window: from the command line or by double click. */
  open(paths: readonly string[], signal: AbortSignal): Promise<Added>;
  /** Whether a fit is under way. */
  readonly busy: boolean;
  /** Ends the fit under way, if any, and keeps what it has. */
  stop(): Promise<void>;
  /** Whether there is work that no file has. */
  readonly unsaved: boolean;
  /** Saves the project; false where the person has closed the dialog. */
  save(): Promise<boolean>;
  /**
   * Ends the session.
   *
   * @param keep what is not saved is kept for the next start
   */
  close(keep: boolean): Promise<void>;
}

/** A session with nothing in it yet. */
export async function createSession(ports: Ports): Promise<Session> {
  const { info, pictures, workers, savedFiles, store, exchange, journal } = ports;
  const emit: Emit = (name, payload) => {
    ports.emit(name, payload);
    projects.hear(name);
  };
  const data = new DataSet((summary) => emit('data.changed', summary));
  const recent = await Recent.load(store);
  const remembered = await loadSettings(store);
  const preparer = new Preparer(data, pictures, emit);
  // a crop and a channel belong to the pictures of that time
  if (remembered.preparation) {
    const options = { ...remembered.preparation, crop: null, channel: null };
    preparer.current = { options, crops: {} };
  }
  const runs = new RunTable(emit);
  const program = { name: 'isinglass', version: info.version };
  const fits = new Fits({ program, preparer, runs, workers, journal, emit });
  const { identify } = ports.projects;
  const openFit = (path: string) =>
    restoreFit(path, { data, preparer, runs, savedFiles, exchange, pictures, identify });
  const projects = new Projects({
    ...{ data, preparer, runs, fits, recent, pictures, savedFiles, exchange, emit },
    projects: ports.projects,
    temporary: (name, bytes) => store.temporary(name, bytes),
  });
  const openProject = (path: string, name: string | null) => projects.open(path, name);
  const files = { data, recent, pictures, workers, exchange, store, emit, identify };
  const channel = () => preparer.current.options.channel;
  const needs = { ...files, channel, openFit, openProject };
  const open = opener(needs);

  return {
    handlers: {
      app: appHandlers(info, store, recent, remembered, journal),
      data: dataHandlers(needs, open),
      preparation: preparationHandlers(preparer, data, pictures, () => projects.changed()),
      fit: fits.handlers(),
      check: checkHandlers(runs, workers, emit),
      runs: runsHandlers(runs),
      export: exportHandlers(runs, exchange),
      projects: projects.handlers(),
    },
    open,
    get busy() {
      return fits.busy;
    },
    stop: () => fits.stop(),
    get unsaved() {
      return projects.unsaved;
    },
    save: async () => (await projects.save(false)) !== null,
    async close(keep) {
      // what is kept goes on where it was, and is not stopped first
      if (keep) await projects.close(true);
      await fits.stop();
      if (!keep) await projects.close(false);
    },
  };
}
