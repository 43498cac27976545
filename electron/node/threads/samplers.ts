import type { SamplerFactory } from '../../../shared/sampling/sampler.ts';
import { readKernels } from './kernel-files.ts';
import { threadedSampler } from './threaded-sampler.ts';

/**
 * Samplers of this host.
 *
 * @param entries folder of the bundled entries, `dist/node/`; the kernels lie beside it
 * @param threads threads that sample, the calling one included
 */
export function samplerFactory(entries: URL, threads: number): SamplerFactory {
  const files = {
    code: readKernels(entries),
    worker: new URL('sampler-worker.js', entries),
  };
  return (model, chains, seed) => threadedSampler(files, model, chains, seed, threads);
}
