import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { fromErrorData } from '../../shared/protocol/errors.ts';
import { type SamplerAnswer, type SamplerCommand, type SamplerTask, word } from './sampler-wire.ts';

/** How long a thread may be silent: what slow code takes for the work, and a wide margin. */
const margin = 20_000;
const updatesPerMillisecond = 20_000;

/**
 * A thread of kernels, driven synchronously: `tell` gives it a command, `answer` sleeps until it is
 * done, so that several threads work at a time between the two.
 */
export class SamplerThread {
  private readonly control = new Int32Array(new SharedArrayBuffer(16));
  private readonly channel = new MessageChannel();
  private readonly worker: Worker;
  private told = 0;
  private patience = margin;

  /** @param entry the bundled worker file, `sampler-worker.js` */
  constructor(entry: URL, task: Omit<SamplerTask, 'control' | 'port'>) {
    const { port1, port2 } = this.channel;
    const workerData = { ...task, control: this.control.buffer, port: port2 };
    this.worker = new Worker(entry, { workerData, transferList: [port2] });
    // it must not keep its parent alive, and its death is noticed by whoever waits for it
    this.worker.unref();
    port1.unref();
    this.worker.on('error', () => this.died());
    this.worker.on('exit', () => this.died());
  }

  private died(): void {
    Atomics.store(this.control, word.dead, 1);
  }

  /** @param updates spin updates that the command will take */
  tell(command: SamplerCommand, updates = 0): void {
    this.patience = margin + updates / updatesPerMillisecond;
    this.channel.port1.postMessage(command);
    this.told++;
    Atomics.store(this.control, word.commands, this.told);
    Atomics.notify(this.control, word.commands);
  }

  /** @throws the error that the command ended with in the thread; Error if the thread is dead or silent */
  answer(): SamplerAnswer {
    const deadline = performance.now() + this.patience;
    for (;;) {
      const answers = Atomics.load(this.control, word.answers);
      if (answers === this.told) break;
      if (Atomics.load(this.control, word.dead) !== 0) {
        throw new Error('A sampler thread has ended; the run cannot go on. Start it again.');
      }
      if (performance.now() > deadline) {
        throw new Error('A sampler thread does not answer; the run cannot go on. Start it again.');
      }
      Atomics.wait(this.control, word.answers, answers, 100);
    }
    const answer: SamplerAnswer = receiveMessageOnPort(this.channel.port1)?.message;
    if (answer.kind === 'failed') throw fromErrorData(answer.error);
    return answer;
  }

  close(): void {
    this.channel.port1.close();
    void this.worker.terminate();
  }
}
