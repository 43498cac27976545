import { parentPort, workerData } from 'node:worker_threads';
import type { FitCommand, FitEvent, FitTask } from '../../shared/protocol/fit-thread.ts';
import { driveFit } from '../node/threads/drive-fit.ts';
import { giveWay } from '../node/threads/lower-priority.ts';
import { stateBuffers } from '../node/threads/sampler-wire.ts';

if (!parentPort) throw new Error('This file runs as a worker thread only.');
const port = parentPort;
const task = workerData as FitTask;
if (task.background) giveWay();

await driveFit(task, new URL('.', import.meta.url), {
  emit: (event: FitEvent) => port.postMessage(event, givenAway(event)),
  listen: (listener: (command: FitCommand) => void) => port.on('message', listener),
});
port.close();

/** The bytes of an event that nobody here holds: a report's are made for it, some megabytes a second. */
function givenAway(event: FitEvent): ArrayBuffer[] {
  if (event.kind === 'failed') return [];
  if (event.kind === 'checkpoint') return stateBuffers(event.snapshot?.kernels ?? []);
  const { rows, frame } = event.report;
  return [rows, ...(frame ? [frame] : [])].map(({ buffer }) => buffer as ArrayBuffer);
}
