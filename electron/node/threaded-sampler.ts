import type { Run } from '../../shared/ising/kernel.ts';
import { siteCount } from '../../shared/ising/lattice.ts';
import type { Model, ModelName } from '../../shared/ising/model.ts';
import { joinRuns, type Sampler } from '../../shared/ising/sampler.ts';
import { chooseHeatBath } from '../../shared/kernels/choose.ts';
import { compile } from '../../shared/kernels/wasm.ts';
import { SamplerThread } from './sampler-thread.ts';
import type { SamplerAnswer, SamplerCommand } from './sampler-wire.ts';
import { makeKernels } from './serve-kernels.ts';

/** Where the kernel file's bytes and the worker's entry are. */
export interface SamplerFiles {
  readonly code: Uint8Array;
  /** The bundled worker file, `sampler-worker.js`. */
  readonly worker: URL;
}

/**
 * The fastest heat-bath for the model on several threads, the caller's among them: each owns some of the
 * kernels, with memory of its own. Results are joined in the kernels' order and thus the same for any
 * number of threads. The calling thread sleeps while it waits.
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
  const { width } = chooseHeatBath(compile(files.code), model, chains);
  const count = Math.ceil(chains / width);
  const used = Math.max(1, Math.min(threads, count));
  const bound = (thread: number) => Math.floor((thread * count) / used);
  const task = (thread: number) => ({
    ...model.lattice,
    code: files.code,
    model: model.name as ModelName,
    chains,
    seed,
    first: bound(thread),
    last: bound(thread + 1),
  });
  const others = Array.from(
    { length: used - 1 },
    (_, k) => new SamplerThread(files.worker, task(k + 1)),
  );
  const own = makeKernels(task(0));
  const updates = (sweeps: number) =>
    sweeps * Math.ceil(count / used) * width * siteCount(model.lattice);

  /** Has every other thread obey while this one works, and waits for all of them even if one fails. */
  function together<T>(
    command: SamplerCommand | ((other: number) => SamplerCommand),
    work: () => T,
    cost = 0,
  ): [T, SamplerAnswer[]] {
    others.forEach((thread, k) => {
      thread.tell(typeof command === 'function' ? command(k) : command, cost);
    });
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

  /** The thread that owns a chain, the kernel's number there, and the chain's number in the kernel. */
  function locate(chain: number) {
    const kernel = Math.floor(chain / width);
    let thread = 0;
    while (bound(thread + 1) <= kernel) thread++;
    return {
      thread: others[thread - 1] ?? null,
      kernel: kernel - bound(thread),
      chain: chain % width,
    };
  }

  return {
    model,
    chains: count * width,
    setParameters(theta) {
      together({ kind: 'parameters', theta: Array.from(theta) }, () => {
        for (const kernel of own) kernel.setParameters(theta);
      });
    },
    run(sweeps, stride, record = false) {
      const [mine, answers] = together<Run[]>(
        { kind: 'run', sweeps, stride, record },
        () => own.map((kernel) => kernel.run(sweeps, stride, record)),
        updates(sweeps),
      );
      return joinRuns([...mine, ...answers.flatMap((a) => (a.kind === 'runs' ? a.runs : []))]);
    },
    spins(chain) {
      const at = locate(chain);
      if (!at.thread) return own[at.kernel].spins(at.chain);
      at.thread.tell({ kind: 'spins', kernel: at.kernel, chain: at.chain });
      const answer = at.thread.answer();
      if (answer.kind !== 'spins') throw new Error(`Spins were asked for, ${answer.kind} came.`);
      return answer.spins;
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
      const [mine, answers] = together({ kind: 'snapshot' }, () =>
        own.map((kernel) => kernel.snapshot()),
      );
      return [...mine, ...answers.flatMap((a) => (a.kind === 'snapshots' ? a.snapshots : []))];
    },
    restore(snapshots) {
      if (snapshots.length !== count) {
        throw new Error(`The snapshot holds ${snapshots.length} kernels, this sampler ${count}.`);
      }
      const part = (k: number) => snapshots.slice(bound(k + 1), bound(k + 2));
      together(
        (other) => ({ kind: 'restore', snapshots: part(other) }),
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
