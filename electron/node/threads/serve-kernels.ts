import { receiveMessageOnPort } from 'node:worker_threads';
import { chooseKernel, type KernelModules } from '../../../shared/kernels/choose.ts';
import { compile } from '../../../shared/kernels/wasm.ts';
import { lattice } from '../../../shared/models/lattice/lattice.ts';
import { makeModel } from '../../../shared/models/registry.ts';
import { toErrorData } from '../../../shared/protocol/errors.ts';
import type { Kernel } from '../../../shared/sampling/kernel.ts';
import { spinsOf } from '../../../shared/sampling/sampler.ts';
import {
  awaitChange,
  type KernelCode,
  type KernelsTask,
  type SamplerAnswer,
  type SamplerCommand,
  type SamplerTask,
  type SharedNumbers,
  sharedNumbers,
  stateBuffers,
  word,
} from './sampler-wire.ts';

export function compileKernels({ heatBath, clusters }: KernelCode): KernelModules {
  return { heatBath: compile(heatBath), clusters: compile(clusters) };
}

/** Kernels first … last − 1 of a sampler; the number of a kernel is its stream. */
export function makeKernels(task: KernelsTask): Kernel[] {
  const model = makeModel(task.model, lattice(task.rows, task.cols, task.boundary));
  const kind = chooseKernel(compileKernels(task.code), model, task.chains);
  return Array.from({ length: task.last - task.first }, (_, k) =>
    kind.create(model, { chains: kind.width, seed: task.seed, stream: task.first + k }),
  );
}

/** Obeys commands for ever; the thread sleeps between two of them, and ends with its parent. */
export function serveKernels(task: SamplerTask): void {
  const kernels = new Served(task);
  const { control } = kernels.shared;
  // a thread that ends by itself says so; whoever waits for it is woken
  process.on('exit', () => {
    Atomics.store(control, word.dead, 1);
    Atomics.notify(control, word.answers);
  });
  for (let obeyed = 0; ; obeyed++) {
    while (Atomics.load(control, word.commands) === obeyed) {
      awaitChange(control, word.commands, obeyed);
    }
    kernels.obey();
    Atomics.add(control, word.answers, 1);
    Atomics.notify(control, word.answers);
  }
}

class Served {
  readonly shared: SharedNumbers;
  private kernels: Kernel[] | null = null;

  constructor(private readonly task: SamplerTask) {
    this.shared = sharedNumbers(task.control, task.width, task.statistics);
  }

  /** Obeys one command and leaves the answer in shared memory or on the port. */
  obey(): void {
    const { shared, task } = this;
    let answer: SamplerAnswer | null;
    const command = shared.control[word.run] ? null : receiveMessageOnPort(task.port)?.message;
    try {
      this.kernels ??= makeKernels(task);
      if (shared.control[word.parameters]) {
        shared.control[word.parameters] = 0;
        for (const kernel of this.kernels) kernel.setParameters(shared.theta);
      }
      answer = command ? obey(this.kernels, command) : run(this.kernels, shared);
    } catch (error) {
      answer = { kind: 'failed', error: toErrorData(error) };
    }
    shared.control[word.ran] = answer ? 0 : 1;
    if (!answer) return;
    task.port.postMessage(
      answer,
      answer.kind === 'snapshots' ? stateBuffers(answer.snapshots) : [],
    );
  }
}

function run(kernels: readonly Kernel[], shared: SharedNumbers): null {
  kernels.forEach((kernel, k) => {
    const { moments, visited = 0 } = kernel.run(shared.run[0], shared.run[1]);
    const target = shared.moments(k);
    target.chainSum.set(moments.chainSum);
    target.product.set(moments.product);
    target.visited[0] = visited;
  });
  return null;
}

function obey(kernels: readonly Kernel[], command: SamplerCommand): SamplerAnswer {
  switch (command.kind) {
    case 'record': {
      const { sweeps, stride, record } = command;
      return { kind: 'runs', runs: kernels.map((kernel) => kernel.run(sweeps, stride, record)) };
    }
    case 'spins':
      return { kind: 'spins', spins: spinsOf(kernels, command.first, command.count) };
    case 'setSpins':
      kernels[command.kernel].setSpins(command.chain, command.spins);
      return { kind: 'done' };
    case 'updates':
      for (const { mixture } of kernels) mixture?.setUpdates(command.updates);
      return { kind: 'done' };
    case 'snapshot':
      return { kind: 'snapshots', snapshots: kernels.map((kernel) => kernel.snapshot()) };
    case 'restore':
      command.snapshots.forEach((snapshot, k) => {
        kernels[k].restore(snapshot);
      });
      return { kind: 'done' };
  }
}
