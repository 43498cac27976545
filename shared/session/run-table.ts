import type { Trace } from '../ising/fit/trace.ts';
import type { Emit } from '../protocol/contract.ts';
import { ExplainedError } from '../protocol/errors.ts';
import type { RunSummary } from '../protocol/runs.ts';
import type { LoadedSet } from './ports.ts';

/** A run and what it was made from. */
export interface Run {
  summary: RunSummary;
  trace: Trace;
  /** The spins that were fitted; null before they are prepared, and for runs from a file. */
  set: LoadedSet | null;
}

/** The runs of a session, oldest first. */
export class RunTable {
  private readonly runs = new Map<string, Run>();
  private deleted: Run | null = null;

  constructor(private readonly emit: Emit) {}

  add(run: Run): void {
    this.runs.set(run.summary.id, run);
    this.tell();
  }

  /** @throws ExplainedError if it was deleted */
  get(id: string): Run {
    const run = this.runs.get(id);
    if (!run) throw new ExplainedError('This run is no longer in the table.');
    return run;
  }

  /** Changes a run's summary; answers the new one. */
  change(run: Run, change: Partial<RunSummary>): RunSummary {
    run.summary = { ...run.summary, ...change, steps: run.trace.length };
    this.tell();
    return run.summary;
  }

  delete(id: string): void {
    this.deleted = this.get(id);
    this.runs.delete(id);
    this.tell();
  }

  undoDelete(): RunSummary | null {
    const run = this.deleted;
    this.deleted = null;
    if (run) this.add(run);
    return run?.summary ?? null;
  }

  list(): RunSummary[] {
    return Array.from(this.runs.values(), ({ summary }) => summary);
  }

  private tell(): void {
    this.emit('runs.changed', this.list());
  }
}
