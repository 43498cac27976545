import { parentPort, workerData } from 'node:worker_threads';
import { lattice } from '../../shared/models/lattice/lattice.ts';
import { uniformModel } from '../../shared/models/registry.ts';
import { finish } from '../../shared/numerics/yielding.ts';
import { toErrorData } from '../../shared/protocol/errors.ts';
import type { SyntheticOptions } from '../../shared/protocol/synthetic.ts';
import { draw } from '../../shared/sampling/drawing/draw.ts';
import type { DrawnSet, DrawProgress } from '../../shared/session/ports.ts';
import { drawingSamplers } from '../node/threads/drawing-samplers.ts';
import type { JobEvent } from '../node/threads/job-thread.ts';

if (!parentPort) throw new Error('This file runs as a worker thread only.');
const port = parentPort;
const tell = (event: JobEvent<Parameters<DrawProgress>, DrawnSet>) => port.postMessage(event);

/** Milliseconds between two reports, of which some moves would make thousands a second. */
const interval = 20;

try {
  const { rows, cols, boundary, J, h, count, sweeps, seed, method } =
    workerData as SyntheticOptions;
  const model = uniformModel(lattice(rows, cols, boundary));
  let last = Number.NEGATIVE_INFINITY;
  const { spins, words, warnings } = finish(
    draw(
      { model, theta: [J, h], count, seed, method, sweeps },
      drawingSamplers(method, new URL('./', import.meta.url)),
      (...progress) => {
        if (performance.now() - last < interval) return;
        last = performance.now();
        tell({ kind: 'progress', progress });
      },
    ),
  );
  const data = { rows, cols, images: count, spins };
  tell({ kind: 'done', result: { data, words, warnings } });
} catch (error) {
  tell({ kind: 'failed', error: toErrorData(error) });
}
