import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { fromErrorData } from '../../../shared/protocol/errors.ts';
import type { Run } from '../../../shared/sampling/kernel.ts';
import {
  awaitChange,
  type KernelsTask,
  type SamplerAnswer,
  type SamplerCommand,
  type SamplerTask,
  type SharedNumbers,
  sharedBytes,
  sharedNumbers,
  word,
} from './sampler-wire.ts';
import { fitThreadMemory } from './thread-memory.ts';

/** How long a thread may be silent: what slow code takes for the work, and a wide margin. */
const margin = 20_000;
/** After so long a sleep the thread's life is looked at, in milliseconds. */
const longestWait = 100;
const updatesPerMillisecond = 20_000;

/**
 * A thread of kernels, driven synchronously: `tell` gives it a command, `answer` sleeps until it is
 * done, so that several threads work at a time between the two.
 */
export class SamplerThread {
  private readonly shared: SharedNumbers;
  private readonly channel = new MessageChannel();
  private readonly worker: Worker;
  private readonly kernels: number;
  private told = 0;
  private patience = margin;

  /** @param entry the bundled worker file, `sampler-worker.js` */
  constructor(
    entry: URL,
    private readonly task: KernelsTask,
  ) {
    const { width, statistics } = task;
    this.kernels = task.last - task.first;
    const control = new SharedArrayBuffer(sharedBytes(this.kernels, width, statistics));
    this.shared = sharedNumbers(control, width, statistics);
    const { port1, port2 } = this.channel;
    const workerData: SamplerTask = { ...task, control, port: port2 };
    const resourceLimits = fitThreadMemory;
    this.worker = new Worker(entry, { workerData, transferList: [port2], resourceLimits });
    // it must not keep its parent alive, and its death is noticed by whoever waits for it
    this.worker.unref();
    port1.unref();
    this.worker.on('error', () => this.died());
    this.worker.on('exit', () => this.died());
  }

  private died(): void {
    Atomics.store(this.shared.control, word.dead, 1);
  }

  /** Takes effect before the next command. */
  setParameters(theta: ArrayLike<number>): void {
    this.shared.theta.set(theta);
    this.shared.control[word.parameters] = 1;
  }

  /** @param updates spin updates that the command will take */
  tell(command: SamplerCommand, updates = 0): void {
    this.channel.port1.postMessage(command);
    this.wake(0, updates);
  }

  /** As `tell`, for a run without series: no message, only numbers in shared memory. */
  tellRun(sweeps: number, stride: number, updates: number): void {
    this.shared.run[0] = sweeps;
    this.shared.run[1] = stride;
    this.wake(1, updates);
  }

  private wake(run: 0 | 1, updates: number): void {
    const { control } = this.shared;
    this.patience = margin + updates / updatesPerMillisecond;
    control[word.run] = run;
    this.told++;
    Atomics.store(control, word.commands, this.told);
    Atomics.notify(control, word.commands);
  }

  /** @throws the error that the command ended with in the thread; Error if the thread is dead or silent */
  answer(): SamplerAnswer {
    const { control } = this.shared;
    let waited = 0;
    let last = performance.now();
    for (;;) {
      const answers = Atomics.load(control, word.answers);
      if (answers === this.told) break;
      if (Atomics.load(control, word.dead) !== 0) {
        throw new Error('A sampler thread has ended; the run cannot go on. Start it again.');
      }
      // a machine or a process that was suspended has slept all of that time in one wait
      const now = performance.now();
      waited += Math.min(now - last, 10 * longestWait);
      last = now;
      if (waited > this.patience) {
        throw new Error('A sampler thread does not answer; the run cannot go on. Start it again.');
      }
      awaitChange(control, word.answers, answers, longestWait);
    }
    if (control[word.ran]) return { kind: 'runs', runs: this.sharedRuns() };
    const answer: SamplerAnswer = receiveMessageOnPort(this.channel.port1)?.message;
    if (answer.kind === 'failed') throw fromErrorData(answer.error);
    return answer;
  }

  private sharedRuns(): Run[] {
    const [sweeps, stride] = this.shared.run;
    const { statistics, width: chains } = this.task;
    return Array.from({ length: this.kernels }, (_, k) => {
      const { chainSum, product, visited } = this.shared.moments(k);
      const moments = {
        statistics,
        chains,
        measurements: Math.floor(sweeps / stride),
        chainSum: chainSum.slice(),
        product: product.slice(),
      };
      return { moments, series: null, visited: visited[0] };
    });
  }

  close(): void {
    this.channel.port1.close();
    void this.worker.terminate();
  }
}
