import { parentPort, workerData } from 'node:worker_threads';
import type { FitCommand, FitEvent, FitTask } from '../../shared/protocol/fit-thread.ts';
import { driveFit } from '../node/drive-fit.ts';
import { giveWay } from '../node/give-way.ts';
import { stateBuffers } from '../node/sampler-wire.ts';

if (!parentPort) throw new Error('This file runs as a worker thread only.');
const port = parentPort;
const task = workerData as FitTask;
if (task.background) giveWay();

await driveFit(task, new URL('.', import.meta.url), {
  emit: (event: FitEvent) =>
    port.postMessage(
      event,
      event.kind === 'checkpoint' ? stateBuffers(event.snapshot?.kernels ?? []) : [],
    ),
  listen: (listener: (command: FitCommand) => void) => port.on('message', listener),
});
port.close();
