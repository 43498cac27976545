import { parentPort } from 'node:worker_threads';
import { PictureError } from '../../shared/data/image/picture-error.ts';
import type { CrossingError, DecodeJob, DecodeResult } from '../node/decode/decode-job.ts';
import { runDecodeJob } from '../node/decode/decode-job.ts';

if (parentPort === null) throw new Error('This file runs as a worker thread only.');
const port = parentPort;

port.on('message', async (job: DecodeJob) => {
  try {
    const result = await runDecodeJob(job, (megapixels, mebibytes) =>
      port.postMessage({ kind: 'started', megapixels, mebibytes }),
    );
    port.postMessage({ kind: 'done', result }, buffersOf(result));
  } catch (error) {
    port.postMessage({ kind: 'failed', error: crossing(error) });
  }
});

port.postMessage({ kind: 'ready' });

/** Buffers that move to the receiver instead of being copied, each once. */
function buffersOf({ pictures }: DecodeResult): ArrayBuffer[] {
  const arrays = pictures.flatMap((one) =>
    'failure' in one ? [] : [one.prepared?.spins, one.picture?.data, one.thumbnail?.data],
  );
  return [...new Set(arrays.flatMap((array) => (array ? [array.buffer as ArrayBuffer] : [])))];
}

function crossing(thrown: unknown): CrossingError {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const kind = error instanceof PictureError ? error.kind : null;
  return { kind, name: error.name, message: error.message, stack: error.stack ?? '' };
}
