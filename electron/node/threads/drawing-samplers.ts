import { referenceMetropolis } from '../../../shared/kernels/reference.ts';
import type { DrawMethod } from '../../../shared/sampling/drawing/methods.ts';
import { localSampler, type SamplerFactory } from '../../../shared/sampling/sampler.ts';
import { samplerFactory } from './samplers.ts';

const metropolis: SamplerFactory = (model, count, seed) =>
  localSampler(referenceMetropolis, model, count, seed);

/**
 * The chains that a method of drawing runs; command line and window draw the same bytes by them.
 *
 * @param entries folder of the bundled entries, `dist/node/`
 */
export function drawingSamplers(method: DrawMethod, entries: URL): SamplerFactory {
  return method === 'metropolis' ? metropolis : samplerFactory(entries, 1);
}
