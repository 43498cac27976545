import { type ErrorData, toErrorData } from '../../protocol/errors.ts';

/** Milliseconds from a change to the next time that the work is kept, and between two times during a fit. */
const afterChange = 300;
const duringFit = 7000;

interface Needs {
  /** Whether work changes by itself. */
  readonly busy: () => boolean;
  /** Keeps the work; false where there was nothing to keep. */
  readonly keep: () => Promise<boolean>;
  /** Told after every time. */
  readonly told: () => void;
}

/** Keeps the session's work soon after every change and, while a fit runs, every few seconds. */
export class Keeper {
  /** When the state was taken that was last kept: ISO 8601. */
  kept: string | null = null;
  /** Why it could not be kept the last time. */
  problem: ErrorData | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private due = Number.POSITIVE_INFINITY;
  private under: Promise<void> | null = null;
  private again = false;
  private stopped = false;
  private held = false;

  constructor(private readonly needs: Needs) {}

  /** Something has changed. */
  soon(): void {
    if (this.under) this.again = true;
    else this.schedule(afterChange);
  }

  /** Does something during which nothing is kept: the work is not whole then. */
  async hold<T>(work: () => Promise<T>): Promise<T> {
    this.held = true;
    clearTimeout(this.timer);
    this.due = Number.POSITIVE_INFINITY;
    await this.under;
    try {
      return await work();
    } finally {
      this.held = false;
      this.soon();
    }
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  private schedule(delay: number): void {
    const due = performance.now() + delay;
    if (this.stopped || this.held || due >= this.due) return;
    clearTimeout(this.timer);
    this.due = due;
    this.timer = setTimeout(() => {
      this.due = Number.POSITIVE_INFINITY;
      this.under = this.run();
    }, delay);
  }

  private async run(): Promise<void> {
    const begun = performance.now();
    const time = new Date().toISOString();
    this.again = false;
    try {
      this.kept = (await this.needs.keep()) ? time : null;
      this.problem = null;
    } catch (error) {
      this.problem = toErrorData(error);
    }
    const took = performance.now() - begun;
    this.under = null;
    this.needs.told();
    // what is slow to keep is not kept all the time
    if (this.again) this.schedule(Math.max(afterChange, 3 * took));
    else if (this.needs.busy() || this.problem) this.schedule(duringFit);
  }
}
