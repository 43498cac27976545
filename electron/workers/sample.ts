import { parentPort, workerData } from 'node:worker_threads';
import type { SpinData } from '../../shared/ising/dataset.ts';
import { lattice, siteCount } from '../../shared/ising/lattice.ts';
import { uniformModel } from '../../shared/ising/models/registry.ts';
import { toErrorData } from '../../shared/protocol/errors.ts';
import type { SyntheticOptions } from '../../shared/protocol/synthetic.ts';
import type { JobEvent } from '../node/job-thread.ts';
import { samplerFactory } from '../node/samplers.ts';

if (!parentPort) throw new Error('This file runs as a worker thread only.');
const port = parentPort;
const tell = (event: JobEvent<readonly [number, number], SpinData>) => port.postMessage(event);

try {
  const { rows, cols, boundary, J, h, count, sweeps, seed } = workerData as SyntheticOptions;
  const shape = lattice(rows, cols, boundary);
  const n = siteCount(shape);
  const sampler = samplerFactory(new URL('./', import.meta.url), 1)(
    uniformModel(shape),
    count,
    seed,
  );
  sampler.setParameters([J, h]);
  // in pieces of some ten milliseconds, to tell how far it is
  const piece = Math.max(1, Math.floor(4e6 / (count * n)));
  for (let done = 0; done < sweeps; done += piece) {
    const next = Math.min(piece, sweeps - done);
    sampler.run(next, next);
    tell({ kind: 'progress', progress: [done + next, sweeps] });
  }
  const spins = sampler.spins(0, count);
  sampler.close();
  tell({ kind: 'done', result: { rows, cols, images: count, spins } });
} catch (error) {
  tell({ kind: 'failed', error: toErrorData(error) });
}
