import { parentPort, workerData } from 'node:worker_threads';
import { type Check, check } from '../../shared/assessment/check.ts';
import type { Progress } from '../../shared/inference/run.ts';
import { pose } from '../../shared/inference/start.ts';
import type { CheckTask } from '../../shared/protocol/check.ts';
import { toErrorData } from '../../shared/protocol/errors.ts';
import { columnsFactory } from '../node/threads/columns.ts';
import type { JobEvent } from '../node/threads/job-thread.ts';
import { samplerFactory } from '../node/threads/samplers.ts';

if (!parentPort) throw new Error('This file runs as a worker thread only.');
const port = parentPort;
const tell = (event: JobEvent<Progress, Check>) => port.postMessage(event);

/** Milliseconds between two reports. */
const interval = 50;

try {
  const { data, options, threads, parameters, covariance, sandwich, ...rest } =
    workerData as CheckTask;
  const entries = new URL('./', import.meta.url);
  const problem = pose(data, options, columnsFactory(entries));
  const estimate = { parameters, covariance, sandwich };
  const work = check({ problem, estimate, ...rest }, samplerFactory(entries, threads));
  let last = 0;
  let next = work.next();
  for (; !next.done; next = work.next()) {
    const now = performance.now();
    if (now - last < interval) continue;
    last = now;
    tell({ kind: 'progress', progress: next.value });
  }
  tell({ kind: 'done', result: next.value });
} catch (error) {
  tell({ kind: 'failed', error: toErrorData(error) });
}
