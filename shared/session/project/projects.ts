import { defaultPreparation } from '../../data/image/options.ts';
import type { Emit, Events, Handlers } from '../../protocol/contract.ts';
import { ExplainedError } from '../../protocol/errors.ts';
import type { ProjectOpened, SavedProject } from '../../protocol/projects.ts';
import type { DataSet } from '../data/data-set.ts';
import type { Preparer } from '../data/preparation.ts';
import { isProjectFile, lastPart } from '../path.ts';
import type { Exchange, Pictures, ProjectStore, Store } from '../ports.ts';
import { type Fits, isActive } from '../runs/fit.ts';
import type { RunTable } from '../runs/run-table.ts';
import { type Project, ProjectWriter, type ReadProject } from './archive.ts';
import { Keeper } from './keeper.ts';
import { leftBehind } from './left-behind.ts';
import { PictureFiles } from './picture-files.ts';
import type { Recent } from './recent.ts';
import type { SavedFiles } from './saved-files.ts';

export interface ProjectNeeds {
  readonly data: DataSet;
  readonly preparer: Preparer;
  readonly runs: RunTable;
  readonly fits: Fits;
  readonly recent: Recent;
  readonly pictures: Pictures;
  readonly savedFiles: SavedFiles;
  readonly projects: ProjectStore;
  readonly temporary: Store['temporary'];
  readonly exchange: Exchange;
  readonly emit: Emit;
}

const ending = '.isinglass';

/** How long a state of the fit is waited for before an earlier one is saved: milliseconds. */
const patience = 5000;

/** The project that the session works on: opened, saved, and kept against a crash. */
export class Projects {
  private name: string | null = null;
  private file: string | null = null;
  private notes = '';
  /** Number of changes so far, and of those that the project file has. */
  private changes = 0;
  private saved = 0;
  /** What windows were told of `unsaved`. */
  private told = false;
  private readonly writer = new ProjectWriter();
  private readonly files: PictureFiles;
  private readonly keeper: Keeper;

  constructor(private readonly needs: ProjectNeeds) {
    const { fits } = needs;
    this.files = new PictureFiles(needs);
    this.keeper = new Keeper({
      busy: () => fits.busy,
      keep: () => this.keep(),
      told: () => this.tell(),
    });
  }

  /** Whether the project holds work that no file has. */
  get unsaved(): boolean {
    const worth = this.needs.runs.all().length > 0 || this.notes !== '';
    return this.needs.fits.busy || (worth && this.changes > this.saved);
  }

  /** Hears what the session tells its windows: most of it is a change. */
  hear(event: keyof Events): void {
    if (event === 'data.changed' || event === 'runs.changed') this.changed();
  }

  /** Something has changed that a project holds. */
  changed(): void {
    this.changes++;
    if (this.unsaved !== this.told) this.tell();
    this.keeper.soon();
  }

  handlers(): Handlers['projects'] {
    const { needs } = this;
    return {
      current: () => this.info(),
      create: () => this.create(),
      open: async () => {
        const ask = this.dialogs();
        const path = await ask('open', '');
        return path === null ? null : this.open(path);
      },
      save: ({ as }) => this.save(as),
      stored: ({ state, name }) => this.stored(state, name),
      setNotes: ({ notes }) => {
        this.notes = notes;
        this.changed();
      },
      left: async () => (await needs.projects.left()).flatMap(leftBehind),
      recover: ({ id, goOn }) => this.recover(id, goOn),
      discard: ({ id }) => needs.projects.discard(id),
    };
  }

  /** Opens a project file. @param uploaded its name, where it has no lasting place */
  async open(path: string, uploaded: string | null = null): Promise<ProjectOpened> {
    const { projects, recent, savedFiles } = this.needs;
    const title = uploaded ?? lastPart(path);
    // everything that can fail comes before the session's own work is put away
    const project = await savedFiles.readProject(await projects.read(path), title);
    const file = uploaded === null ? path : null;
    await projects.claim(file);
    const opened = await this.keeper.hold(async () => {
      const aside = await this.clear();
      const taken = await this.take({ ...project, name: titleOf(title), file }, path);
      await this.settle(false);
      return { ...taken, aside };
    });
    if (file !== null) await recent.add([file], 0);
    this.saved = this.changes;
    this.needs.emit('projects.opened', opened);
    this.tell();
    return opened;
  }

  /** Keeps what there is for the next start, or forgets it. */
  async close(keep: boolean): Promise<void> {
    this.keeper.stop();
    try {
      if (keep && this.unsaved) await this.keep();
      else await this.needs.projects.forget();
    } finally {
      await this.needs.projects.claim(null);
    }
  }

  /** Saves to its file, or where the person says; what is handed over for download is saved once it is `stored`. */
  async save(as: boolean): Promise<SavedProject | null> {
    const { exchange, projects, recent } = this.needs;
    const name = `${this.name ?? 'Untitled'}${ending}`;
    if (exchange.project === null) {
      const state = this.changes;
      const bytes = await projects.pack(await this.members(null));
      const exported = await exchange.save(name, 'application/zip', bytes);
      return exported && { ...exported, state };
    }
    const chosen = as || this.file === null ? await exchange.project('save', name) : this.file;
    if (chosen === null) return null;
    const path = isProjectFile(chosen) ? chosen : `${chosen}${ending}`;
    if (path !== this.file) await projects.claim(path);
    const before = this.file;
    const state = this.changes;
    try {
      await projects.write(path, await this.members(path));
      this.saved = state;
    } catch (error) {
      // what cannot be written is not what is worked on
      if (path !== before) await projects.claim(before);
      throw error;
    }
    [this.file, this.name] = [path, titleOf(lastPart(path))];
    await recent.add([path], 0);
    this.keeper.soon();
    this.tell();
    return { kind: 'saved', name: lastPart(path), state };
  }

  /** Takes a state for saved that a window has stored, unless another project is open by now. */
  private stored(state: number, name: string): void {
    if (state < this.saved || state > this.changes) return;
    this.saved = state;
    this.name = titleOf(name);
    this.keeper.soon();
    this.tell();
  }

  private dialogs() {
    const { project } = this.needs.exchange;
    if (project) return project;
    throw new ExplainedError(
      'This host has no dialogs for files.',
      'Open the project as a file, and save it as a download.',
    );
  }

  private async create(): Promise<void> {
    const { projects, preparer } = this.needs;
    await projects.claim(null);
    const aside = await this.keeper.hold(async () => {
      const kept = await this.clear();
      [this.name, this.file, this.notes] = [null, null, ''];
      preparer.current = { options: defaultPreparation, crops: {} };
      return kept;
    });
    this.saved = this.changes;
    this.needs.emit('projects.opened', { name: null, missing: [], changed: [], aside });
    this.tell();
  }

  private async recover(id: string, goOn: boolean): Promise<ProjectOpened> {
    const { projects, emit, savedFiles } = this.needs;
    const project = await savedFiles.readProject(
      await projects.peek(id),
      'What was kept of the last session',
    );
    const { file } = project;
    // another window may have the project by now: then this is a copy without a file
    const free = await projects.claim(file).then(
      () => true,
      () => false,
    );
    const opened = await this.keeper.hold(async () => {
      const aside = await this.clear();
      await projects.adopt(id);
      const taken = await this.take({ ...project, file: free ? file : null }, file);
      await this.settle(goOn);
      return { ...taken, aside };
    });
    this.changed();
    emit('projects.opened', opened);
    this.tell();
    return opened;
  }

  /**
   * Ends the fit and empties the session.
   *
   * @returns whether there was work that no file has: it is left behind, and can be brought back
   */
  private async clear(): Promise<boolean> {
    const { fits, data, runs, projects } = this.needs;
    const aside = this.unsaved;
    if (aside) {
      await this.keep();
      await projects.leave();
    } else await projects.forget();
    await fits.stop();
    runs.replace([]);
    data.replace([]);
    return aside;
  }

  /** Puts a project in the place of the session's work. */
  private async take(project: ReadProject, place: string | null) {
    const { data, preparer, runs } = this.needs;
    const { pictures, missing, changed } = await this.files.restore(
      project.pictures,
      place,
      project.copies,
    );
    data.replace(pictures);
    preparer.current = project.preparation;
    runs.replace(project.runs);
    [this.name, this.file, this.notes] = [project.name, project.file, project.notes];
    return { name: this.name, missing, changed };
  }

  /** Goes on with the fit that was under way when the project was written, or ends it where it stood. */
  private async settle(goOn: boolean): Promise<void> {
    const { runs, fits } = this.needs;
    const run = runs.all().find(({ summary }) => isActive(summary));
    if (!run) return;
    const { state } = run.summary;
    if (goOn) fits.goOn(run, state === 'paused');
    else if (!run.fit) runs.change(run, { state: 'stopped' });
    // its state gives the trace and the estimate as they stood
    else await fits.rest(run);
  }

  /** Keeps the session's work in its own folder. */
  private async keep(): Promise<boolean> {
    const { data, runs, projects, fits } = this.needs;
    const nothing = runs.all().length === 0 && data.all().length === 0 && this.notes === '';
    if (nothing || (this.changes === this.saved && !fits.busy)) {
      await projects.forget();
      return false;
    }
    const answered = await fits.checkpoint(patience);
    await projects.keep(this.writer.write(this.project(this.files.kept())));
    if (!answered) {
      throw new ExplainedError(
        'The fit has not answered for some seconds; its last state is kept.',
        'Stop it if this lasts, and go on from that state in the Runs pane.',
      );
    }
    return true;
  }

  /** The files of a project to save at a path; null: to be carried elsewhere. */
  private async members(path: string | null) {
    await this.needs.fits.checkpoint(patience);
    const { pictures, copies } = await this.files.saved(path);
    return this.writer.write({ ...this.project(pictures), file: null }, copies);
  }

  private project(pictures: Project['pictures']): Project {
    const { name, file, notes } = this;
    const { preparer, runs } = this.needs;
    return { name, file, notes, pictures, preparation: preparer.current, runs: runs.all() };
  }

  private info() {
    const { name, file, unsaved, notes } = this;
    const { kept, problem } = this.keeper;
    return { name, place: file, unsaved, kept, problem, notes };
  }

  private tell(): void {
    this.told = this.unsaved;
    this.needs.emit('projects.changed', this.info());
  }
}

function titleOf(fileName: string): string {
  return isProjectFile(fileName) ? fileName.slice(0, -ending.length) : fileName;
}
