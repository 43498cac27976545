import type { Observed } from '../dataset.ts';
import type { Model } from '../model.ts';
import { type Generator, uniform } from '../rng.ts';
import type { Sampler } from '../sampler.ts';

/** Mean coupling from which on two phases of opposite sign may keep a single-spin sampler apart. */
const orderingCoupling = 0.4;

/** Whether the parameters are so ferromagnetic that chains must be helped between the two phases. */
export function mayOrder(model: Model, theta: ArrayLike<number>): boolean {
  const couplings = model.statistics.flatMap(({ bonds }, a) =>
    bonds.length > 0 ? [theta[a]] : [],
  );
  return couplings.reduce((sum, value) => sum + value, 0) / couplings.length >= orderingCoupling;
}

/**
 * θ with its fields replaced by those of two phases ±m₀ whose weights differ by exp(2 h m₀):
 * h = atanh(m̄/m₀)/m₀ with m₀ the root mean square over the images. Pseudolikelihood, which sees only
 * neighbours, may put all weight into one phase, from where no short step leads back.
 */
export function twoPhaseStart(
  { statistics }: Model,
  observed: Observed,
  theta: Float64Array,
): Float64Array {
  const p = statistics.length;
  return theta.map((value, a) => {
    if (statistics[a].sites.length === 0) return value;
    let square = 0;
    for (let k = a; k < observed.values.length; k += p) square += observed.values[k] ** 2;
    const size = Math.sqrt(square / observed.images);
    const share = Math.max(-0.98, Math.min(0.98, observed.mean[a] / size));
    return size > 0 ? Math.atanh(share) / size : 0;
  });
}

/** Part of a step that changes the phases' weights by no more than a factor of e². */
export function safePart({ statistics }: Model, step: Float64Array): number {
  return statistics.reduce(
    (part, { sites }, a) => (sites.length > 0 ? Math.min(part, 1 / Math.abs(step[a])) : part),
    1,
  );
}

/** Starts every chain in the ordered state, where walls between random domains would live on and on. */
export function startOrdered(sampler: Sampler, sites: number): void {
  const up = new Int8Array(sites).fill(1);
  for (let chain = 0; chain < sampler.chains; chain++) sampler.setSpins(chain, up);
}

/**
 * Heat-bath between s and −s for every chain: bonds do not change, fields change sign, so that
 *
 *   p(−s) / (p(s) + p(−s)) = 1 / (1 + exp(2 Σ_fields θ_a T_a(s))).
 *
 * One such move after some sweeps visits both phases with their right weights.
 */
export function mixSigns(sampler: Sampler, theta: ArrayLike<number>, generator: Generator): void {
  const fields = sampler.model.statistics.flatMap(({ sites, weight }, a) =>
    sites.length > 0 ? [{ sites, weight: weight * theta[a] }] : [],
  );
  for (let chain = 0; chain < sampler.chains; chain++) {
    const spins = sampler.spins(chain);
    let exponent = 0;
    for (const { sites, weight } of fields) {
      let sum = 0;
      for (let k = 0; k < sites.length; k++) sum += spins[sites[k]];
      exponent += weight * sum;
    }
    if (uniform(generator) < 1 / (1 + Math.exp(2 * exponent))) {
      for (let k = 0; k < spins.length; k++) spins[k] = -spins[k];
      sampler.setSpins(chain, spins);
    }
  }
}
