import { setImmediate, setTimeout } from 'node:timers/promises';
import type { FitRun, Loops } from '../../../shared/inference/run.ts';
import { startFit } from '../../../shared/inference/start.ts';
import { ExplainedError, toErrorData } from '../../../shared/protocol/errors.ts';
import type {
  FitCommand,
  FitEvent,
  FitReport,
  FitTask,
} from '../../../shared/protocol/fit-thread.ts';
import { columnsFactory } from './columns.ts';
import { samplerFactory } from './samplers.ts';

/** The two ends of a fit thread's wire. */
interface Wire {
  emit(event: FitEvent): void;
  listen(listener: (command: FitCommand) => void): void;
}

/** Milliseconds from one report to the next, on average; the last one always comes. */
const reportInterval = 30;

/**
 * Runs a fit to its end, slice by slice, hearing commands between two slices.
 *
 * @param entries folder of the bundled entries
 */
export async function driveFit(task: FitTask, entries: URL, wire: Wire): Promise<void> {
  let run: FitRun | null = null;
  try {
    const loops = {
      samplers: samplerFactory(entries, task.threads),
      columns: columnsFactory(entries),
    };
    run = begin(task, loops);
    await new Driver(run, task, wire).untilEnded();
  } catch (error) {
    wire.emit({ kind: 'failed', error: toErrorData(error) });
  } finally {
    run?.close();
  }
}

/** A state that another program has made up may be no state at all. */
function begin({ data, options, snapshot }: FitTask, loops: Loops): FitRun {
  try {
    return startFit(data, options, loops, snapshot);
  } catch (error) {
    if (snapshot === null) throw error;
    throw new ExplainedError(
      'The state that the fit should go on from is damaged, or of a version whose samplers this one has not.',
      'Start the fit anew.',
      toErrorData(error).details,
    );
  }
}

class Driver {
  private paused: boolean;
  private stopped = false;
  private singleSteps = 0;
  private stepsPerSecond: number | null;
  /** When the next report is due, in milliseconds of `performance.now()`. */
  private due = 0;
  /** Wakes a paused run. */
  private wake: () => void = () => {};

  constructor(
    private readonly run: FitRun,
    { paused, stepsPerSecond }: FitTask,
    private readonly wire: Wire,
  ) {
    this.paused = paused;
    this.stepsPerSecond = stepsPerSecond;
    wire.listen((command) => {
      this.obey(command);
      this.wake();
    });
  }

  async untilEnded(): Promise<void> {
    let ended = false;
    while (!ended && !this.stopped) {
      if (this.paused && this.singleSteps === 0) {
        this.report();
        await new Promise<void>((resolve) => {
          this.wake = resolve;
        });
        continue;
      }
      const slow = this.stepsPerSecond !== null && !this.paused;
      const before = this.run.trace.length;
      ended = this.run.advance(this.paused || slow ? 1 : undefined);
      // a long step takes several slices
      const stepped = this.run.trace.length > before;
      if (stepped && this.singleSteps > 0) this.singleSteps--;
      if (slow || performance.now() >= this.due) this.report();
      // let commands in, and keep the pace of slow motion
      if (slow && stepped) await this.pause(1000 / (this.stepsPerSecond ?? 1));
      else await setImmediate();
    }
    const { exhausted } = this.run;
    // a fit that is stopped can go on later, and so can one that lacks steps
    if (!ended || exhausted) this.obey({ kind: 'checkpoint' });
    const estimate = this.run.estimate();
    this.wire.emit({
      ...{ kind: 'ended', report: this.nextReport(), estimate },
      ...{ stopped: !ended, exhausted },
    });
  }

  /** Waits, unless a command comes first. */
  private async pause(milliseconds: number): Promise<void> {
    const abort = new AbortController();
    this.wake = () => abort.abort();
    await setTimeout(milliseconds, null, { signal: abort.signal }).catch((error: Error) => {
      if (error.name !== 'AbortError') throw error;
    });
  }

  private obey(command: FitCommand): void {
    switch (command.kind) {
      case 'pause':
        this.paused = true;
        break;
      case 'resume':
        this.paused = false;
        break;
      case 'step':
        this.singleSteps++;
        break;
      case 'stop':
        this.stopped = true;
        break;
      case 'checkpoint':
        this.checkpoint();
        break;
      case 'adjust':
        this.run.adjust(command.changes);
        break;
      case 'pace':
        this.stepsPerSecond = command.stepsPerSecond;
        break;
      default:
        command satisfies never;
    }
  }

  private checkpoint(): void {
    // its rows first: the state does not hold them
    this.report();
    const snapshot = this.run.snapshot();
    const rows = snapshot === null ? 0 : this.run.trace.length;
    this.wire.emit({ kind: 'checkpoint', snapshot, rows });
  }

  private report(): void {
    // from when it was due: slices that end a little later each time must not add up
    this.due = Math.max(this.due + reportInterval, performance.now());
    this.wire.emit({ kind: 'report', report: this.nextReport(), paused: this.paused });
  }

  private nextReport(): FitReport {
    const { run } = this;
    const rows = run.trace.take();
    const firstRow = run.trace.length - rows.length / (1 + 3 * run.trace.p);
    return { method: run.method, progress: run.progress, rows, firstRow, frame: run.frame() };
  }
}
