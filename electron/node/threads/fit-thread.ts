import { Worker } from 'node:worker_threads';
import { ExplainedError, fromErrorData } from '../../../shared/protocol/errors.ts';
import type { FitCommand, FitEvent, FitTask } from '../../../shared/protocol/fit-thread.ts';
import { fitThreadMemory } from './thread-memory.ts';

/** A fit in a thread of its own. */
export interface FitThread {
  tell(command: FitCommand): void;
  /**
   * Resolves with the last event; rejects with the error that ended the fit, whether it was thrown in
   * the thread or was the thread's own death.
   */
  readonly ended: Promise<Extract<FitEvent, { kind: 'ended' }>>;
  /** Kills the thread at once; `ended` rejects. */
  terminate(): Promise<void>;
}

/**
 * Starts a fit.
 *
 * @param entry the bundled worker file, `fit-worker.js`
 * @param onEvent told of every event, the last one included
 */
export function startFitThread(
  entry: URL,
  task: FitTask,
  onEvent: (event: FitEvent) => void,
): FitThread {
  const worker = new Worker(entry, { workerData: task, resourceLimits: fitThreadMemory });
  const ended = new Promise<Extract<FitEvent, { kind: 'ended' }>>((resolve, reject) => {
    worker.on('message', (event: FitEvent) => {
      onEvent(event);
      if (event.kind === 'ended') resolve(event);
      if (event.kind === 'failed') reject(fromErrorData(event.error));
    });
    let death: Error | null = null;
    worker.on('error', (error: NodeJS.ErrnoException) => {
      death = error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? outOfMemory() : error;
    });
    // what the thread told before an error may come after it, but never after its exit
    worker.on('exit', (code) => {
      reject(death ?? new Error(`The fit's thread ended before the fit did (exit code ${code}).`));
    });
  });
  return {
    tell: (command) => worker.postMessage(command),
    ended,
    terminate: async () => {
      await worker.terminate();
    },
  };
}

function outOfMemory(): ExplainedError {
  return new ExplainedError(
    'The fit needed more memory than its thread may have.',
    'Use fewer chains or images, or a smaller lattice.',
  );
}
