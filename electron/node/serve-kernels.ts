import { receiveMessageOnPort } from 'node:worker_threads';
import type { Kernel } from '../../shared/ising/kernel.ts';
import { lattice } from '../../shared/ising/lattice.ts';
import { models } from '../../shared/ising/model.ts';
import { chooseHeatBath } from '../../shared/kernels/choose.ts';
import { compile } from '../../shared/kernels/wasm.ts';
import { toErrorData } from '../../shared/protocol/errors.ts';
import { type SamplerAnswer, type SamplerCommand, type SamplerTask, word } from './sampler-wire.ts';

/** Kernels first … last − 1 of a sampler; the number of a kernel is its stream. */
export function makeKernels(task: Omit<SamplerTask, 'control' | 'port'>): Kernel[] {
  const model = models[task.model](lattice(task.rows, task.cols, task.boundary));
  const kind = chooseHeatBath(compile(task.code), model, task.chains);
  return Array.from({ length: task.last - task.first }, (_, k) =>
    kind.create(model, { chains: kind.width, seed: task.seed, stream: task.first + k }),
  );
}

/** Obeys commands for ever; the thread sleeps between two of them, and ends with its parent. */
export function serveKernels(task: SamplerTask): void {
  const control = new Int32Array(task.control);
  // a thread that ends by itself says so; whoever waits for it is woken
  process.on('exit', () => {
    Atomics.store(control, word.dead, 1);
    Atomics.notify(control, word.answers);
  });
  let kernels: Kernel[] | null = null;
  for (let obeyed = 0; ; obeyed++) {
    Atomics.wait(control, word.commands, obeyed);
    const message = receiveMessageOnPort(task.port);
    if (!message) throw new Error('A sampler thread was woken without a command.');
    let answer: SamplerAnswer;
    try {
      kernels ??= makeKernels(task);
      answer = obey(kernels, message.message);
    } catch (error) {
      answer = { kind: 'failed', error: toErrorData(error) };
    }
    task.port.postMessage(answer);
    Atomics.add(control, word.answers, 1);
    Atomics.notify(control, word.answers);
  }
}

function obey(kernels: readonly Kernel[], command: SamplerCommand): SamplerAnswer {
  switch (command.kind) {
    case 'run': {
      const { sweeps, stride, record } = command;
      return { kind: 'runs', runs: kernels.map((kernel) => kernel.run(sweeps, stride, record)) };
    }
    case 'parameters':
      for (const kernel of kernels) kernel.setParameters(command.theta);
      return { kind: 'done' };
    case 'spins':
      return { kind: 'spins', spins: kernels[command.kernel].spins(command.chain) };
    case 'setSpins':
      kernels[command.kernel].setSpins(command.chain, command.spins);
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
