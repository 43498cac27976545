import { type ResourceLimits, Worker } from 'node:worker_threads';
import { type ErrorData, fromErrorData } from '../../../shared/protocol/errors.ts';

/** What a thread that does one job tells: how far it is, and then what came of it. */
export type JobEvent<Progress, Result> =
  | { readonly kind: 'progress'; readonly progress: Progress }
  | { readonly kind: 'done'; readonly result: Result }
  | { readonly kind: 'failed'; readonly error: ErrorData };

/**
 * Does one job in a thread of its own, which ends with it or with the signal.
 *
 * @param entry the bundled worker file
 * @param task what the thread finds as its `workerData`
 * @param options what of the task goes over to the thread, and how much memory that may take
 * @throws whatever ended the thread; the signal's reason once that is aborted
 */
export async function jobInThread<Progress, Result>(
  entry: URL,
  task: unknown,
  onProgress: (progress: Progress) => void,
  signal: AbortSignal,
  options: { transferList?: ArrayBuffer[]; resourceLimits?: ResourceLimits } = {},
): Promise<Result> {
  signal.throwIfAborted();
  const worker = new Worker(entry, { ...options, workerData: task });
  try {
    return await new Promise<Result>((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      worker.on('message', (event: JobEvent<Progress, Result>) => {
        if (event.kind === 'progress') onProgress(event.progress);
        else if (event.kind === 'done') resolve(event.result);
        else reject(fromErrorData(event.error));
      });
      worker.on('error', reject);
      worker.on('exit', () => reject(new Error('The thread ended without a result.')));
    });
  } finally {
    await worker.terminate();
  }
}
