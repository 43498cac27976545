import { chooseKernel } from '../../../shared/kernels/choose.ts';
import type { Model } from '../../../shared/models/contract.ts';
import { siteCount } from '../../../shared/models/lattice/lattice.ts';
import type { Run, Updates } from '../../../shared/sampling/kernel.ts';
import { joinRuns, type Sampler, spinsOf } from '../../../shared/sampling/sampler.ts';
import { SamplerThread } from './sampler-thread.ts';
import type { KernelCode, SamplerAnswer } from './sampler-wire.ts';
import { compileKernels, makeKernels } from './serve-kernels.ts';

/** The kernel files' bytes, and where the worker's entry is. */
export interface SamplerFiles {
  readonly code: KernelCode;
  /** The bundled worker file, `sampler-worker.js`. */
  readonly worker: URL;
}

/** Updates of a run from which on it is worth while to wake other threads: some 0.2 ms of work. */
const worthThreads = 2 ** 20;

/**
 * The fastest kernels for the model on several threads, the caller's among them: each owns some of the
 * kernels, with memory of its own. Results are joined in the kernels' order and thus the same for any
 * number of threads. The other threads start with the first run that is worth them. The calling thread
 * sleeps while it waits.
 *
 * @throws Error from `run` and all others if a thread has died
 */
export function threadedSampler(
  files: SamplerFiles,
  model: Model,
  chains: number,
  seed: number,
  threads: number,
): Sampler {
  const { width } = chooseKernel(compileKernels(files.code), model, chains);
  const count = Math.ceil(chains / width);
  const used = Math.max(1, Math.min(threads, count));
  const bound = (thread: number) => Math.floor((thread * count) / used);
  const task = (first: number, last: number) => ({
    ...model.lattice,
    code: files.code,
    model: model.specification,
    chains,
    seed,
    first,
    last,
    width,
    statistics: model.statistics.length,
  });
  const own = makeKernels(task(0, count));
  const others: SamplerThread[] = [];
  const costs = own[0].mixture?.costs ?? null;
  /** Work of a sweep at one site; a Wolff sweep is taken to visit every site. */
  let weight = 1;
  const updates = (sweeps: number) => sweeps * weight * count * width * siteCount(model.lattice);

  /** Starts the other threads and moves their kernels there, which changes no result. */
  function spread(): void {
    const moved = own.splice(bound(1)).map((kernel) => kernel.snapshot());
    for (let thread = 1; thread < used; thread++) {
      const [first, last] = [bound(thread), bound(thread + 1)];
      others.push(new SamplerThread(files.worker, task(first, last)));
      const snapshots = moved.slice(first - bound(1), last - bound(1));
      others[thread - 1].tell({ kind: 'restore', snapshots });
    }
    for (const thread of others) thread.answer();
  }

  /** Has every other thread obey while this one works, and waits for all of them even if one fails. */
  function together<T>(
    tell: (thread: SamplerThread, number: number) => void,
    work: () => T,
  ): [T, SamplerAnswer[]] {
    others.forEach(tell);
    const failures: unknown[] = [];
    let mine: T | undefined;
    try {
      mine = work();
    } catch (error) {
      failures.push(error);
    }
    const answers = others.flatMap((thread) => {
      try {
        return [thread.answer()];
      } catch (error) {
        failures.push(error);
        return [];
      }
    });
    if (failures.length > 0) throw failures[0];
    return [mine as T, answers];
  }

  /** Configurations of chains that one thread owns. */
  function spinsIn(thread: SamplerThread | null, first: number, number: number): Int8Array {
    if (!thread) return spinsOf(own, first, number);
    thread.tell({ kind: 'spins', first, count: number });
    const answer = thread.answer();
    if (answer.kind !== 'spins') throw new Error(`Spins were asked for, ${answer.kind} came.`);
    return answer.spins;
  }

  /** The thread that owns a chain, how many kernels it has, the kernel's number there, and the chain's in the kernel. */
  function locate(chain: number) {
    const kernel = Math.floor(chain / width);
    let thread = 0;
    while (others.length > 0 && bound(thread + 1) <= kernel) thread++;
    return {
      thread: others[thread - 1] ?? null,
      kernels: others.length > 0 ? bound(thread + 1) - bound(thread) : count,
      kernel: kernel - bound(thread),
      chain: chain % width,
    };
  }

  function setUpdates(next: Updates): void {
    const clusters = next.swendsenWang + Math.min(1, next.wolff);
    weight = Math.max(1, next.heatBath + clusters * (costs?.visited ?? 0));
    together(
      (thread) => thread.tell({ kind: 'updates', updates: next }),
      () => {
        for (const { mixture } of own) mixture?.setUpdates(next);
      },
    );
  }

  return {
    model,
    chains: count * width,
    mixture: costs && { costs, setUpdates },
    setParameters(theta) {
      for (const kernel of own) kernel.setParameters(theta);
      for (const thread of others) thread.setParameters(theta);
    },
    run(sweeps, stride, record = false) {
      if (others.length === 0 && used > 1 && updates(sweeps) >= worthThreads) spread();
      const [mine, answers] = together<Run[]>(
        (thread) => {
          if (record) thread.tell({ kind: 'record', sweeps, stride, record }, updates(sweeps));
          else thread.tellRun(sweeps, stride, updates(sweeps));
        },
        () => own.map((kernel) => kernel.run(sweeps, stride, record)),
      );
      return joinRuns([...mine, ...answers.flatMap((a) => (a.kind === 'runs' ? a.runs : []))]);
    },
    spins(first, number = 1) {
      const n = siteCount(model.lattice);
      const spins = new Int8Array(number * n);
      for (let done = 0; done < number; ) {
        const at = locate(first + done);
        const inThread = at.kernel * width + at.chain;
        const part = Math.min(number - done, at.kernels * width - inThread);
        spins.set(spinsIn(at.thread, inThread, part), done * n);
        done += part;
      }
      return spins;
    },
    setSpins(chain, spins) {
      const at = locate(chain);
      if (!at.thread) {
        own[at.kernel].setSpins(at.chain, spins);
        return;
      }
      at.thread.tell({
        kind: 'setSpins',
        kernel: at.kernel,
        chain: at.chain,
        spins: Int8Array.from(spins),
      });
      at.thread.answer();
    },
    snapshot() {
      const [mine, answers] = together(
        (thread) => thread.tell({ kind: 'snapshot' }),
        () => own.map((kernel) => kernel.snapshot()),
      );
      return [...mine, ...answers.flatMap((a) => (a.kind === 'snapshots' ? a.snapshots : []))];
    },
    restore(snapshots) {
      if (snapshots.length !== count) {
        throw new Error(`The snapshot holds ${snapshots.length} kernels, this sampler ${count}.`);
      }
      const part = (k: number) => snapshots.slice(bound(k + 1), bound(k + 2));
      together(
        (thread, k) => thread.tell({ kind: 'restore', snapshots: part(k) }),
        () =>
          own.forEach((kernel, k) => {
            kernel.restore(snapshots[k]);
          }),
      );
    },
    close() {
      for (const thread of others) thread.close();
    },
  };
}
