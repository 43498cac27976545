import type { FitOptions } from '../../inference/options.ts';
import { posing } from '../../inference/start.ts';
import { Trace } from '../../inference/trace.ts';
import { parameterNames } from '../../models/contract.ts';
import { inTurns } from '../../numerics/yielding.ts';
import type { Emit, Handlers } from '../../protocol/contract.ts';
import { Cancelled, type ErrorData, ExplainedError, toErrorData } from '../../protocol/errors.ts';
import type { FitCommand, FitEvent } from '../../protocol/fit-thread.ts';
import type { RunState, RunSummary } from '../../protocol/runs.ts';
import type { Preparer } from '../data/preparation.ts';
import type { FitThread, Journal, Workers } from '../ports.ts';
import { fitFile } from './fit-report.ts';
import { takeApart } from './fit-result.ts';
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
  /** Its thread has told something: before that there is nothing to keep. */
  heard: boolean;
  /** Called when its thread tells something. */
  onHeard: () => void;
  /** It only comes to rest where it stood: no window hears of it as of a fit. */
  resting: boolean;
  /** When it began, in milliseconds of `performance.now()`, and the seconds that it had taken before. */
  begun: number;
  readonly earlier: number;
  /** It did not hear a stop, and its thread was ended. */
  silent: boolean;
  /** Resolves when the run has ended, however it did. */
  over: Promise<void>;
}

/** Milliseconds after which a fit that does not hear a stop is ended: slow exact methods take some. */
const longestSilence = 20_000;

interface Needs {
  readonly program: { readonly name: string; readonly version: string };
  readonly preparer: Preparer;
  readonly runs: RunTable;
  readonly workers: Workers;
  readonly journal: Journal;
  readonly emit: Emit;
}

/** The fit under way, of which there is one at most, and the requests about it. */
export class Fits {
  private active: Active | null = null;
  /** Steps per second that the fit may make at most; null is as many as it can. */
  private pace: number | null = null;
  /** Told of the next state that the fit's thread gives. */
  private readonly waiting = new Set<() => void>();

  constructor(private readonly needs: Needs) {}

  get busy(): boolean {
    return this.active !== null;
  }

  /** Ends the fit under way, if any, and keeps what it has. */
  async stop(): Promise<void> {
    const { active } = this;
    if (!active) return;
    active.preparing.abort(new Cancelled());
    // in its first moments a thread is at work on the data, and would hear a stop only then; one that goes on has an
    // estimate to give
    if (active.heard || active.run.fit) active.thread?.tell({ kind: 'stop' });
    else void active.thread?.terminate();
    const timer = setTimeout(() => {
      active.silent = true;
      void active.thread?.terminate();
    }, longestSilence);
    await active.over;
    clearTimeout(timer);
  }

  /** Ends a run of another session where its last known state stands: with its trace and estimate. */
  async rest(run: Run): Promise<void> {
    this.goOn(run, true);
    const { active } = this;
    if (!active) return;
    active.resting = true;
    const told = new Promise<void>((resolve) => {
      active.onHeard = resolve;
    });
    // a thread that is stopped before it has told anything would take both with it
    await Promise.race([told, active.over]);
    await this.stop();
  }

  /**
   * Asks the fit under way for its state, which its run then holds.
   *
   * @param patience milliseconds
   * @returns false where it did not answer in time; its run then holds an earlier state
   */
  checkpoint(patience: number): Promise<boolean> {
    const { active } = this;
    if (!active?.thread) return Promise.resolve(true);
    const { thread, over } = active;
    return new Promise((resolve) => {
      const done = (answered: boolean) => {
        this.waiting.delete(heard);
        clearTimeout(timer);
        resolve(answered);
      };
      const heard = () => done(true);
      const timer = setTimeout(() => done(false), patience);
      this.waiting.add(heard);
      void over.then(heard);
      thread.tell({ kind: 'checkpoint' });
    });
  }

  /**
   * Goes on with a run that was stopped, or failed, from its last known state.
   *
   * @throws ExplainedError if a fit is under way, or the run has come to its end
   */
  goOn(
    run: Run,
    paused: boolean,
    threads: number | null = null,
    pace: number | null = null,
  ): RunSummary {
    const { runs } = this.needs;
    if (this.active) throw new ExplainedError('A fit is under way already.', 'Stop it first.');
    if (!run.fit && run.summary.state !== 'preparing') {
      throw new ExplainedError(`“${run.summary.name}” has come to its end.`, 'Start another fit.');
    }
    this.pace = pace;
    // what was told after the state was kept is told again
    run.trace = run.trace.upTo(run.fit?.rows ?? 0);
    run.sources = [];
    runs.change(run, { state: 'preparing', result: null, error: null });
    return this.begin(run, paused, threads);
  }

  handlers(): Handlers['fit'] {
    const { runs } = this.needs;
    return {
      start: ({ options, paused, threads, stepsPerSecond }) =>
        this.start(options, paused, threads, stepsPerSecond),
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
        if (stepsPerSecond !== undefined) {
          // while the pictures are prepared, the thread to come is told
          this.underWay().thread?.tell({ kind: 'pace', stepsPerSecond });
          this.pace = stepsPerSecond;
        }
        if (Object.keys(changes).length > 0) this.tell({ kind: 'adjust', changes });
      },
      current: () => (this.active && !this.active.resting ? this.active.run.summary : null),
      pace: () => this.pace,
      goOn: ({ run, paused, threads, stepsPerSecond }) =>
        this.goOn(runs.get(run), paused, threads, stepsPerSecond),
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

  private start(
    options: FitOptions,
    paused: boolean,
    threads: number | null,
    pace: number | null,
  ): RunSummary {
    if (this.active) throw new ExplainedError('A fit is under way already.', 'Stop it first.');
    this.pace = pace;
    const { runs } = this.needs;
    const created = new Date().toISOString();
    const number = runs.nextNumber();
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
        continuable: false,
      },
      trace: new Trace(1),
      set: null,
      sources: [],
      crops: {},
      fit: null,
    };
    runs.add(run);
    return this.begin(run, paused, threads);
  }

  private begin(run: Run, paused: boolean, threads: number | null): RunSummary {
    const active: Active = {
      run,
      thread: null,
      preparing: new AbortController(),
      heard: false,
      onHeard: () => {},
      resting: false,
      begun: performance.now(),
      earlier: run.fit?.seconds ?? 0,
      silent: false,
      over: Promise.resolve(),
    };
    this.active = active;
    active.over = this.live(active, paused, threads);
    return run.summary;
  }

  /** A run from its preparation to its end; never throws. */
  private async live(active: Active, paused: boolean, threads: number | null): Promise<void> {
    const { runs, emit, journal } = this.needs;
    let end: Partial<RunSummary>;
    try {
      end = await this.fit(active, paused, threads);
    } catch (error) {
      const taken = active.preparing.signal.aborted && !active.heard;
      end = taken
        ? { state: 'stopped' }
        : { state: 'failed', error: journal.explain(failure(active, error)) };
    }
    this.active = null;
    journal.note(`${active.run.summary.id} has ${end.state}.`);
    const ended = runs.change(active.run, end);
    if (!active.resting) emit('fit.ended', ended);
    // a thread takes a while to go, which nobody who waits for the result has to see
    await active.thread?.terminate();
  }

  /** Prepares the data, hands them to the fit's thread, and answers what became of it. */
  private async fit(
    active: Active,
    paused: boolean,
    threads: number | null,
  ): Promise<Partial<RunSummary>> {
    const { program, preparer, runs, workers, journal } = this.needs;
    const { run } = active;
    const { options, created } = run.summary;
    if (!run.set) run.crops = preparer.cropsByPath();
    const set = run.set ?? (await preparer.all(active.preparing.signal));
    active.preparing.signal.throwIfAborted();
    const problem = await inTurns(posing(set.data, options));
    active.preparing.signal.throwIfAborted();
    const { model, observed } = problem;
    const { rows, cols, images } = set.data;
    run.set = set;
    if (!run.fit) run.trace = new Trace(model.statistics.length);
    runs.change(run, {
      state: paused ? 'paused' : 'running',
      rows,
      cols,
      images,
      parameters: parameterNames(model),
      observed: model.statistics.map(({ extent }, a) => observed.mean[a] / extent),
    });

    journal.note(`${run.summary.id} begins: ${options.method}, ${images} × ${rows} × ${cols}.`);
    active.begun = performance.now();
    const snapshot = run.fit?.snapshot ?? null;
    const task = {
      ...{ data: set.data, options, snapshot, paused, threads },
      stepsPerSecond: this.pace,
    };
    active.thread = workers.fit(task, (event) => this.hear(active, event));
    const { report, estimate, stopped } = await active.thread.ended;
    // a fit that was stopped can go on, one that has come to its end cannot
    if (!stopped) run.fit = null;
    const file = fitFile(problem, estimate, new Trace(model.statistics.length), {
      program,
      created,
      seconds: secondsOf(active),
      method: report.method,
      options,
      sources: set.sources.map((source) => ({ ...source })),
      preparation: { ...set.preparation, crops: run.crops },
      dataWarnings: set.warnings,
    });
    const { result, sources } = takeApart(file);
    run.sources = sources;
    return { state: stopped ? 'stopped' : 'ended', result };
  }

  /** Keeps what the thread reports, and passes it on. */
  private hear(active: Active, event: FitEvent): void {
    const { run } = active;
    active.heard = true;
    active.onHeard();
    if (event.kind === 'checkpoint') {
      const { snapshot, rows } = event;
      run.fit = { snapshot, rows, seconds: secondsOf(active) };
      for (const heard of this.waiting) heard();
    }
    if (event.kind !== 'report' && event.kind !== 'ended') return;
    const { runs, emit } = this.needs;
    const { progress, rows, firstRow, frame } = event.report;
    run.trace.append(rows);
    const state = event.kind === 'ended' ? run.summary.state : event.paused ? 'paused' : 'running';
    if (state !== run.summary.state) runs.change(run, { state });
    run.summary = { ...run.summary, steps: run.trace.length };
    if (active.resting) return;
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

/** Time that a fit has taken, over all its lives. */
function secondsOf({ begun, earlier }: Active): number {
  return earlier + (performance.now() - begun) / 1000;
}

/** Why a fit failed, and what is left of it. */
function failure({ run, silent }: Active, thrown: unknown): ErrorData {
  const error = toErrorData(
    silent
      ? new ExplainedError('The fit did not hear that it should stop, and was ended.')
      : thrown,
  );
  if (!run.fit) return error;
  const kept = 'Its last state was kept: go on from there in the Runs pane.';
  return { ...error, advice: error.advice === null ? kept : `${error.advice} ${kept}` };
}
