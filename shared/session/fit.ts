import { pose } from '../ising/fit/start.ts';
import { Trace } from '../ising/fit/trace.ts';
import { parameterNames } from '../ising/model.ts';
import type { FitOptions } from '../ising/options.ts';
import type { Emit, Handlers } from '../protocol/contract.ts';
import { Cancelled, ExplainedError, toErrorData } from '../protocol/errors.ts';
import type { FitCommand, FitEvent } from '../protocol/fit-thread.ts';
import type { RunState, RunSummary } from '../protocol/runs.ts';
import { fitFile } from './fit-report.ts';
import type { FitThread, Workers } from './ports.ts';
import type { Preparer } from './preparation.ts';
import type { Run, RunTable } from './run-table.ts';

/** Whether a run is still under way. */
export function isActive({ state }: { readonly state: RunState }): boolean {
  return state === 'preparing' || state === 'running' || state === 'paused';
}

interface Active {
  readonly run: Run;
  /** Null while the data are prepared. */
  thread: FitThread | null;
  /** Takes back the preparation. */
  readonly preparing: AbortController;
  /** Resolves when the run has ended, however it did. */
  over: Promise<void>;
}

interface Needs {
  readonly program: { readonly name: string; readonly version: string };
  readonly preparer: Preparer;
  readonly runs: RunTable;
  readonly workers: Workers;
  readonly emit: Emit;
}

/** The fit under way, of which there is one at most, and the requests about it. */
export class Fits {
  private active: Active | null = null;
  private count = 0;

  constructor(private readonly needs: Needs) {}

  get busy(): boolean {
    return this.active !== null;
  }

  /** Ends the fit under way, if any, and keeps what it has. */
  async stop(): Promise<void> {
    const { active } = this;
    if (!active) return;
    active.preparing.abort(new Cancelled());
    active.thread?.tell({ kind: 'stop' });
    await active.over;
  }

  handlers(): Handlers['fit'] {
    const { runs } = this.needs;
    return {
      start: ({ options, paused, threads }) => this.start(options, paused, threads),
      pause: () => this.tell({ kind: 'pause' }),
      resume: () => this.tell({ kind: 'resume' }),
      step: () => this.tell({ kind: 'step' }),
      stop: async () => {
        const { run } = this.underWay();
        await this.stop();
        return run.summary;
      },
      reset: async () => {
        const { run } = this.underWay();
        await this.stop();
        runs.delete(run.summary.id);
      },
      adjust: ({ stepsPerSecond, ...changes }) => {
        if (stepsPerSecond !== undefined) this.tell({ kind: 'pace', stepsPerSecond });
        if (Object.keys(changes).length > 0) this.tell({ kind: 'adjust', changes });
      },
      current: () => this.active?.run.summary ?? null,
    };
  }

  private underWay(): Active {
    if (!this.active) throw new ExplainedError('No fit is under way.', 'Start one first.');
    return this.active;
  }

  private tell(command: FitCommand): void {
    const { thread } = this.underWay();
    if (!thread) {
      throw new ExplainedError('The pictures are still being prepared.', 'Wait a moment.');
    }
    thread.tell(command);
  }

  private start(options: FitOptions, paused: boolean, threads: number | null): RunSummary {
    if (this.active) throw new ExplainedError('A fit is under way already.', 'Stop it first.');
    const { runs } = this.needs;
    const created = new Date().toISOString();
    const number = ++this.count;
    const run: Run = {
      summary: {
        id: `run-${number}-${created.replace(/\D/g, '')}`,
        name: `Run ${number}`,
        created,
        state: 'preparing',
        options,
        rows: 0,
        cols: 0,
        images: 0,
        parameters: [],
        observed: [],
        steps: 0,
        result: null,
        error: null,
      },
      trace: new Trace(1),
      set: null,
    };
    runs.add(run);
    const preparing = new AbortController();
    const active: Active = { run, thread: null, preparing, over: Promise.resolve() };
    this.active = active;
    active.over = this.live(active, paused, threads);
    return run.summary;
  }

  /** A run from its preparation to its end; never throws. */
  private async live(active: Active, paused: boolean, threads: number | null): Promise<void> {
    const { runs, emit } = this.needs;
    let end: Partial<RunSummary>;
    try {
      end = await this.fit(active, paused, threads);
    } catch (error) {
      const taken = active.preparing.signal.aborted && active.thread === null;
      end = taken ? { state: 'stopped' } : { state: 'failed', error: toErrorData(error) };
    }
    await active.thread?.terminate();
    this.active = null;
    emit('fit.ended', runs.change(active.run, end));
  }

  /** Prepares the data, hands them to the fit's thread, and answers what became of it. */
  private async fit(
    active: Active,
    paused: boolean,
    threads: number | null,
  ): Promise<Partial<RunSummary>> {
    const { program, preparer, runs, workers } = this.needs;
    const { run } = active;
    const { options, created } = run.summary;
    const crops = preparer.cropsByPath();
    const set = await preparer.all(active.preparing.signal);
    active.preparing.signal.throwIfAborted();
    const problem = pose(set.data, options);
    const { model, observed } = problem;
    const { rows, cols, images } = set.data;
    run.set = set;
    run.trace = new Trace(model.statistics.length);
    runs.change(run, {
      state: paused ? 'paused' : 'running',
      rows,
      cols,
      images,
      parameters: parameterNames(model),
      observed: model.statistics.map(({ extent }, a) => observed.mean[a] / extent),
    });

    const begun = Date.now();
    active.thread = workers.fit({ data: set.data, options, paused, threads }, (event) =>
      this.hear(run, event),
    );
    const { report, estimate, stopped } = await active.thread.ended;
    const { trace: _, ...result } = fitFile(problem, estimate, new Trace(model.statistics.length), {
      program,
      created,
      seconds: (Date.now() - begun) / 1000,
      method: report.method,
      options,
      sources: set.sources.map((source) => ({ ...source })),
      preparation: { ...set.preparation, crops },
      dataWarnings: set.warnings,
    });
    return { state: stopped ? 'stopped' : 'ended', result };
  }

  /** Keeps what the thread reports, and passes it on. */
  private hear(run: Run, event: FitEvent): void {
    if (event.kind !== 'report' && event.kind !== 'ended') return;
    const { runs, emit } = this.needs;
    const { progress, rows, firstRow, frame } = event.report;
    run.trace.append(rows);
    const state = event.kind === 'ended' ? run.summary.state : event.paused ? 'paused' : 'running';
    if (state !== run.summary.state) runs.change(run, { state });
    run.summary = { ...run.summary, steps: run.trace.length };
    const { rows: height, cols: width } = run.summary;
    emit('fit.progress', {
      run: run.summary,
      progress,
      rows,
      firstRow,
      frame: frame && { rows: height, cols: width, spins: frame },
    });
  }
}
