import type { Rectangle } from '../../data/image/region.ts';
import type { Trace } from '../../inference/trace.ts';
import type { Emit } from '../../protocol/contract.ts';
import { ExplainedError } from '../../protocol/errors.ts';
import { mostRuns } from '../../protocol/limits.ts';
import type { FittedSource, RunSummary } from '../../protocol/runs.ts';
import type { LoadedSet } from '../ports.ts';

/** All that a fit needs to go on bit for bit. */
export interface FitState {
  /** What `FitRun.snapshot` gave; null before its first slice. */
  readonly snapshot: unknown;
  /** Rows of the trace that it stands at; it goes on from there. */
  readonly rows: number;
  /** Time that it has taken so far. */
  readonly seconds: number;
}

/** A run and what it was made from. */
export interface Run {
  summary: RunSummary;
  trace: Trace;
  /** The spins that were fitted; null before they are prepared, and for runs from a file. */
  set: LoadedSet | null;
  /** The files that its result is of; none without one. */
  sources: readonly FittedSource[];
  /** Crops of single pictures, by the paths that a fit file names them by. */
  crops: Readonly<Record<string, Rectangle>>;
  /** Its last known state; null once it has come to its end, and for runs from a fit file. */
  fit: FitState | null;
}

/** The runs of a session, oldest first. */
export class RunTable {
  private runs = new Map<string, Run>();
  /** What was deleted and where it stood, the last one at the end. */
  private deleted: { readonly run: Run; readonly place: number }[] = [];
  /** The highest number that a run of the session has, or had before it was renamed or deleted. */
  private highest = 0;

  constructor(private readonly emit: Emit) {}

  /** @throws ExplainedError where the project is full */
  add(run: Run): void {
    if (this.runs.size >= mostRuns) {
      throw new ExplainedError(
        `A project holds at most ${mostRuns.toLocaleString('en')} runs.`,
        'Delete some, or begin another project.',
      );
    }
    this.runs.set(run.summary.id, run);
    this.tell([run]);
  }

  /** @throws ExplainedError if it was deleted */
  get(id: string): Run {
    const run = this.runs.get(id);
    if (!run) throw new ExplainedError('This run is no longer in the table.');
    return run;
  }

  /** Changes a run's summary; answers the new one. */
  change(run: Run, change: Partial<RunSummary>): RunSummary {
    const steps = run.trace.length;
    run.summary = { ...run.summary, ...change, steps, continuable: run.fit !== null };
    // work on a run may come to its end when that is in the table no more
    if (this.runs.get(run.summary.id) === run) this.tell([run]);
    return run.summary;
  }

  delete(id: string): void {
    const run = this.get(id);
    this.deleted.push({ run, place: this.all().indexOf(run) });
    this.runs.delete(id);
    this.tell([]);
  }

  /** Brings the last deleted run back that is not back yet, to where it stood. */
  undoDelete(): RunSummary | null {
    const last = this.deleted.pop();
    if (!last) return null;
    const all = this.all();
    all.splice(last.place, 0, last.run);
    this.runs = new Map(all.map((run) => [run.summary.id, run]));
    this.tell([last.run]);
    return last.run.summary;
  }

  /** Puts other runs in the place of all. */
  replace(runs: readonly Run[]): void {
    this.runs.clear();
    this.deleted = [];
    this.highest = 0;
    for (const run of runs) this.runs.set(run.summary.id, run);
    this.tell(runs);
  }

  /** Number of the next run that is called “Run n”: no run of the session has had it. */
  nextNumber(): number {
    return this.highest + 1;
  }

  all(): Run[] {
    return [...this.runs.values()];
  }

  list(): RunSummary[] {
    return Array.from(this.runs.values(), ({ summary }) => summary);
  }

  private tell(changed: readonly Run[]): void {
    const numbers = changed.map(({ summary: { name } }) =>
      Number(/^Run (\d{1,9})$/.exec(name)?.[1] ?? 0),
    );
    for (const number of numbers) this.highest = Math.max(this.highest, number);
    const order = [...this.runs.keys()];
    this.emit('runs.changed', { order, changed: changed.map(({ summary }) => summary) });
  }
}
