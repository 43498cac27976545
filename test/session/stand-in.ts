import { createHash } from 'node:crypto';
import { frameName } from '../../shared/data/image/frames.ts';
import type { Estimate } from '../../shared/inference/estimate.ts';
import type { FitOptions } from '../../shared/inference/options.ts';
import type { EventName, Events } from '../../shared/protocol/contract.ts';
import type { FitCommand, FitEvent } from '../../shared/protocol/fit-thread.ts';
import { type Members, type NewMembers, ProjectError } from '../../shared/protocol/project-file.ts';
import type { FitStart, FitThread, Pictures, ProjectStore } from '../../shared/session/ports.ts';
import { readProject } from '../../shared/session/project/archive.ts';
import { createSession, type Session } from '../../shared/session/session.ts';
import { draw, fitOptions } from '../inference/synthetic.ts';

/** What lasts when a session ends: project files, who has them, and what sessions have kept. */
export class Disk {
  readonly projects = new Map<string, Members>();
  readonly claims = new Map<string, string>();
  readonly kept = new Map<string, Members>();
  readonly running = new Set<string>();
  /** Why nothing can be written; null where it can. */
  full: Error | null = null;
  private sessions = 0;

  nextId(): string {
    this.sessions++;
    return `session-${this.sessions}`;
  }
}

/** A fit's thread that does what the test tells it. */
export class ThreadStandIn implements FitThread {
  readonly told: FitCommand[] = [];
  terminated = false;
  readonly ended: FitThread['ended'];
  private resolve!: (event: Extract<FitEvent, { kind: 'ended' }>) => void;
  private reject!: (error: Error) => void;
  private rows = 0;

  constructor(
    readonly task: FitStart,
    private readonly onEvent: (event: FitEvent) => void,
  ) {
    this.ended = new Promise((resolve, reject) => {
      [this.resolve, this.reject] = [resolve, reject];
    });
  }

  tell(command: FitCommand): void {
    this.told.push(command);
  }

  /** Kinds of what it was told. */
  get heard(): string[] {
    return this.told.map(({ kind }) => kind);
  }

  async terminate(): Promise<void> {
    this.terminated = true;
    this.fail(new Error('The thread was ended.'));
  }

  /** Tells of more steps. */
  report(steps = 1, paused = this.task.paused): void {
    this.onEvent({ kind: 'report', report: this.next(steps), paused });
  }

  checkpoint(snapshot: Extract<FitEvent, { kind: 'checkpoint' }>['snapshot'] = null): void {
    this.onEvent({ kind: 'checkpoint', snapshot, rows: this.rows });
  }

  end({ stopped = false, steps = 0 } = {}): void {
    const exhausted = false;
    const event = {
      kind: 'ended',
      report: this.next(steps),
      estimate,
      stopped,
      exhausted,
    } as const;
    this.onEvent(event);
    this.resolve(event);
  }

  fail(error: Error): void {
    this.reject(error);
  }

  private next(steps: number) {
    const rows = new Float64Array(7 * steps);
    for (let k = 0; k < steps; k++) rows[7 * k] = this.rows + k;
    const firstRow = this.rows;
    this.rows += steps;
    const progress = { phase: 'eq. (4)', done: this.rows, total: 10 };
    return { method: 'gradient', progress, rows, firstRow, frame: null };
  }
}

const estimate: Estimate = {
  parameters: Float64Array.of(0.25, 0.5),
  covariance: Float64Array.of(0.01, 0, 0, 0.04),
  sandwich: null,
  monteCarloError: Float64Array.of(0.001, 0.002),
  logLikelihood: null,
  exists: true,
  converged: true,
  warnings: [],
};

export const options: FitOptions = fitOptions({ method: 'gradient', seed: 3 });

/** What every picture of the stand-in gives. */
export const spins = draw({ rows: 4, cols: 4, boundary: 'free' }, 0.2, 0, 6, 9);

interface Told<Name extends EventName = EventName> {
  readonly name: Name;
  readonly payload: Events[Name];
}

/** A session whose host is made of memory and of threads that the test drives. */
export interface Bench {
  readonly session: Session;
  readonly threads: ThreadStandIn[];
  readonly pictures: { -readonly [Name in keyof Pictures]: Pictures[Name] };
  readonly told: Told[];
  /** What the next dialog for project files answers. */
  answer: string | null;
  /** All events of a name, in order. */
  of<Name extends EventName>(name: Name): Events[Name][];
  /** The thread of the fit that has just been started. */
  thread(): Promise<ThreadStandIn>;
  /** The process is no more, and had no time to say so. */
  crash(): void;
}

export async function bench({ disk = new Disk(), dialogs = true } = {}): Promise<Bench> {
  const threads: ThreadStandIn[] = [];
  const told: Told[] = [];
  const store = projectStore(disk);
  const hash = (path: string) => createHash('sha256').update(path).digest('hex');
  let seen = 0;
  const pictures: Bench['pictures'] = {
    find: async (paths) => ({ files: paths, skipped: 0 }),
    samples: async () => [],
    count: async () => 1,
    decode: () => Promise.reject(new Error('not here')),
    reduce: () => Promise.reject(new Error('not here')),
    prepare: () => Promise.reject(new Error('not here')),
    load: async (files, preparation) => ({
      data: spins,
      sources: files.map(({ path, frame }) => ({
        path: frameName(path, frame),
        sha256: hash(path),
        windows: 1,
      })),
      preparation,
      failures: [],
      warnings: [],
    }),
  };
  const made: Bench = {
    session: null as never,
    threads,
    pictures,
    told,
    answer: null,
    of: <Name extends EventName>(name: Name) =>
      told.flatMap((event) => (event.name === name ? [event.payload as Events[Name]] : [])),
    async thread() {
      await until(() => threads.length > seen);
      seen = threads.length;
      return threads[seen - 1];
    },
    crash: () => store.crash(),
  };
  const session = await createSession({
    info: { version: '0', host: 'electron', pdf: false, threads: 2, logs: '' },
    pictures,
    workers: {
      fit: (task, onEvent) => {
        threads.push(new ThreadStandIn(task, onEvent));
        return threads[threads.length - 1];
      },
      check: () => Promise.reject(new Error('not here')),
      sample: () => Promise.reject(new Error('not here')),
    },
    savedFiles: {
      readProject: async (members, title) => readProject(members, title),
      readFit: () => Promise.reject(new Error('not here')),
    },
    store: {
      read: async () => null,
      write: async () => {},
      temporary: async (name) => `/t/${name}`,
    },
    exchange: {
      open: async () => null,
      save: async (name, type, bytes) => ({ kind: 'download', name, type, bytes }),
      project: dialogs ? async () => made.answer : null,
      pdf: null,
      uploads: () => [],
      mayRead: async () => true,
    },
    projects: store,
    journal: { note: () => {}, explain: (error) => error },
    emit: (name, payload) => told.push({ name, payload }),
  });
  return Object.assign(made, { session });
}

/** Waits for what follows of itself, and not for a clock. */
export async function until(holds: () => boolean): Promise<void> {
  for (let turn = 0; turn < 1000; turn++) {
    if (holds()) return;
    await new Promise(setImmediate);
  }
  throw new Error('What was waited for has not come.');
}

function whole(members: NewMembers): Members {
  return new Map(
    Array.from(members, ([name, part]) => [
      name,
      part instanceof Uint8Array ? part.slice() : new Uint8Array(Buffer.concat(part)),
    ]),
  );
}

function projectStore(disk: Disk): ProjectStore & { crash(): void } {
  let id = disk.nextId();
  let claimed: string | null = null;
  disk.running.add(id);
  const write = (to: Map<string, Members>, name: string, members: NewMembers) => {
    if (disk.full) throw disk.full;
    to.set(name, whole(members));
  };
  const read = (from: Map<string, Members>, name: string) => {
    const members = from.get(name);
    if (!members) throw new ProjectError(`${name} is not there.`);
    return members;
  };
  return {
    async claim(path) {
      const owner = path === null ? undefined : disk.claims.get(path);
      if (owner !== undefined && owner !== id) throw new ProjectError(`${path} is open elsewhere.`);
      if (claimed !== null) disk.claims.delete(claimed);
      if (path !== null) disk.claims.set(path, id);
      claimed = path;
    },
    read: async (path) => read(disk.projects, path),
    write: async (path, members) => write(disk.projects, path, members),
    pack: async (members) => new Uint8Array(Buffer.concat([...whole(members).values()])),
    keep: async (members) => write(disk.kept, id, members),
    forget: async () => {
      disk.kept.delete(id);
    },
    async leave() {
      disk.running.delete(id);
      id = disk.nextId();
      disk.running.add(id);
    },
    left: async () =>
      Array.from(disk.kept)
        .filter(([name]) => !disk.running.has(name))
        .map(([name, members]) => ({
          ...{ id: name, kept: '2026-01-01T00:00:00.000Z' },
          content: members.get('project.json') ?? new Uint8Array(),
        })),
    peek: async (name) => read(disk.kept, name),
    async adopt(name) {
      disk.running.delete(id);
      id = name;
      disk.running.add(id);
    },
    discard: async (name) => {
      disk.kept.delete(name);
    },
    reference: (path) => ({ path, relative: null, own: null }),
    locate: async ({ path }) => (path === null ? null : { path, bytes: path.length }),
    identify: async (path) => ({
      bytes: path.length,
      sha256: createHash('sha256').update(path).digest('hex'),
    }),
    content: async () => new Uint8Array(),
    crash() {
      disk.running.delete(id);
      if (claimed !== null) disk.claims.delete(claimed);
    },
  };
}
