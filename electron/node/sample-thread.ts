import { Worker } from 'node:worker_threads';
import type { SpinData } from '../../shared/ising/dataset.ts';
import type { SyntheticOptions } from '../../shared/protocol/data.ts';
import { type ErrorData, fromErrorData } from '../../shared/protocol/errors.ts';

/** What a sampling thread tells. */
export type SampleEvent =
  | { readonly kind: 'progress'; readonly done: number; readonly total: number }
  | { readonly kind: 'done'; readonly data: SpinData }
  | { readonly kind: 'failed'; readonly error: ErrorData };

/**
 * Draws configurations in a thread of its own.
 *
 * @param entry the bundled worker file, `sample-worker.js`
 * @throws whatever ended the thread; the signal's reason once that is aborted
 */
export async function sampleInThread(
  entry: URL,
  options: SyntheticOptions,
  onProgress: (done: number, total: number) => void,
  signal: AbortSignal,
): Promise<SpinData> {
  signal.throwIfAborted();
  const worker = new Worker(entry, { workerData: options });
  try {
    return await new Promise<SpinData>((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      worker.on('message', (event: SampleEvent) => {
        if (event.kind === 'progress') onProgress(event.done, event.total);
        else if (event.kind === 'done') resolve(event.data);
        else reject(fromErrorData(event.error));
      });
      worker.on('error', reject);
      worker.on('exit', () => reject(new Error('The sampling thread ended without a result.')));
    });
  } finally {
    await worker.terminate();
  }
}
