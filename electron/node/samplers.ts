import { localSampler, type SamplerFactory } from '../../shared/ising/sampler.ts';
import { referenceHeatBath } from '../../shared/kernels/reference.ts';

/** Samplers of this host. */
export function samplerFactory(_threads: number): SamplerFactory {
  return (model, chains, seed) => localSampler(referenceHeatBath, model, chains, seed);
}
