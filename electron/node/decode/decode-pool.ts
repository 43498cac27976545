import { Worker } from 'node:worker_threads';
import { PictureError } from '../../../shared/data/image/picture-error.ts';
import { setAwakeTimeout } from '../threads/awake-timer.ts';
import type { CrossingError, DecodeJob, DecodeResult } from './decode-job.ts';

type Message =
  | { readonly kind: 'ready' }
  | { readonly kind: 'started'; readonly megapixels: number; readonly mebibytes: number }
  | { readonly kind: 'done'; readonly result: DecodeResult }
  | { readonly kind: 'failed'; readonly error: CrossingError };

interface Waiting {
  readonly job: DecodeJob;
  readonly resolve: (result: DecodeResult) => void;
  readonly reject: (error: Error) => void;
}

interface Busy extends Waiting {
  /** Nobody waits for the result any more. */
  abandoned: boolean;
  deadline: NodeJS.Timeout;
}

/** Time that a thread may take to load its decoders, which on a busy machine is long, in milliseconds. */
const startTime = 15_000;
/** Time that a job goes on for that nobody waits for: most end sooner than another thread starts. */
const abandonedTime = 500;
/** Time that any file may take, and what honest large ones may take on top, in milliseconds. */
const baseTime = 2000;
const timePerMegapixel = 50;
const timePerMebibyte = 50;

/**
 * Worker threads that decode pictures, one job at a time each. A job that does not end within its
 * deadline ends with its worker, and a new worker takes that place.
 */
export class DecodePool {
  private readonly waiting: Waiting[] = [];
  private readonly busy = new Map<Worker, Busy>();
  private readonly idle: Worker[] = [];
  /** Those that have loaded their decoders. */
  private readonly ready = new WeakSet<Worker>();
  private closed = false;

  /**
   * @param worker the bundled worker entry, `decode-worker.js` beside the entry that starts the pool
   * @param size number of threads; they start when they are needed
   */
  constructor(
    private readonly worker: URL,
    readonly size = 2,
  ) {}

  /**
   * Has one file decoded. Jobs begin in the order in which they are given.
   *
   * @throws PictureError naming file and reason; RangeError for options that make no sense; the signal's
   * reason once that is aborted
   */
  run(job: DecodeJob, signal?: AbortSignal): Promise<DecodeResult> {
    if (this.closed) return Promise.reject(new Error('The decoders are closed.'));
    if (signal?.aborted) return Promise.reject(signal.reason);
    return new Promise((resolve, reject) => {
      const abort = () => this.abandon(waiting, signal?.reason);
      const settle = () => signal?.removeEventListener('abort', abort);
      const waiting: Waiting = {
        job,
        resolve: (result) => {
          settle();
          resolve(result);
        },
        reject: (error) => {
          settle();
          reject(error);
        },
      };
      signal?.addEventListener('abort', abort, { once: true });
      this.waiting.push(waiting);
      this.next();
    });
  }

  /** Ends all threads; jobs that have not ended fail. */
  async close(): Promise<void> {
    this.closed = true;
    const error = new Error('The decoders were closed before the picture was decoded.');
    for (const { reject } of this.waiting.splice(0)) reject(error);
    const workers = [...this.idle.splice(0), ...this.busy.keys()];
    for (const worker of this.busy.keys()) this.release(worker)?.reject(error);
    await Promise.all(workers.map((worker) => worker.terminate()));
  }

  private next(): void {
    while (this.waiting.length > 0) {
      const worker = this.idle.pop() ?? (this.busy.size < this.size ? this.start() : undefined);
      const waiting = worker && this.waiting.shift();
      if (!waiting) return;
      const time = this.ready.has(worker) ? baseTime : startTime;
      const deadline = this.deadline(worker, time);
      this.busy.set(worker, { ...waiting, deadline, abandoned: false });
      worker.ref();
      worker.postMessage(waiting.job);
    }
  }

  private start(): Worker {
    const worker = new Worker(this.worker);
    worker.on('message', (message: Message) => this.hear(worker, message));
    worker.on('error', (error) => this.lose(worker, error));
    worker.on('exit', () => this.lose(worker, new Error('The decoder ended without an answer.')));
    return worker;
  }

  private hear(worker: Worker, message: Message): void {
    const busy = this.busy.get(worker);
    // a worker that was given up may still have an answer under way
    if (message.kind === 'ready') this.ready.add(worker);
    if (!busy) return;
    if (message.kind === 'ready' || message.kind === 'started') {
      const { megapixels, mebibytes } =
        message.kind === 'started' ? message : { megapixels: 0, mebibytes: 0 };
      if (busy.abandoned) return;
      clearInterval(busy.deadline);
      busy.deadline = this.deadline(
        worker,
        baseTime + timePerMegapixel * megapixels + timePerMebibyte * mebibytes,
      );
      return;
    }
    this.release(worker);
    // an idle worker does not keep the program running
    worker.unref();
    this.idle.push(worker);
    if (message.kind === 'done') busy.resolve(message.result);
    else busy.reject(revive(message.error));
    this.next();
  }

  private deadline(worker: Worker, milliseconds: number): NodeJS.Timeout {
    return setAwakeTimeout(() => {
      const busy = this.busy.get(worker);
      const seconds = (milliseconds / 1000).toFixed(1);
      const message = `${busy?.job.path}: Decoding was given up after ${seconds} s: the file is damaged, or far too complex.`;
      this.replace(worker, new PictureError('tooSlow', message));
    }, milliseconds);
  }

  private abandon(waiting: Waiting, reason: Error): void {
    const place = this.waiting.indexOf(waiting);
    if (place >= 0) this.waiting.splice(place, 1);
    waiting.reject(reason);
    for (const [worker, busy] of this.busy) {
      if (busy.resolve !== waiting.resolve) continue;
      busy.abandoned = true;
      clearInterval(busy.deadline);
      busy.deadline = setTimeout(() => this.replace(worker, reason), abandonedTime);
    }
  }

  private replace(worker: Worker, reason: Error): void {
    this.release(worker)?.reject(reason);
    worker.terminate();
    this.next();
  }

  private lose(worker: Worker, error: Error): void {
    const place = this.idle.indexOf(worker);
    if (place >= 0) this.idle.splice(place, 1);
    const busy = this.release(worker);
    if (!busy) return;
    const message = `${busy.job.path}: The decoder broke down (${error.message}).`;
    busy.reject(new PictureError('corrupt', message, { cause: error }));
    this.next();
  }

  private release(worker: Worker): Busy | undefined {
    const busy = this.busy.get(worker);
    clearTimeout(busy?.deadline);
    this.busy.delete(worker);
    return busy;
  }
}

function revive({ kind, name, message, stack }: CrossingError): Error {
  const error =
    kind !== null
      ? new PictureError(kind, message)
      : name === 'RangeError'
        ? new RangeError(message)
        : new Error(message);
  error.stack = stack;
  return error;
}
