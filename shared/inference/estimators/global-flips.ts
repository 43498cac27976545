import type { Observed } from '../../data/dataset.ts';
import { isField, type Model } from '../../models/contract.ts';
import { type Generator, uniform } from '../../numerics/random.ts';
import type { Sampler } from '../../sampling/sampler.ts';
import type { Problem } from '../run.ts';

/** Mean coupling from which on two phases of opposite sign may keep a single-spin sampler apart. */
const orderingCoupling = 0.4;

/** The critical coupling ½ ln(1+√2) of the square lattice. */
const criticalCoupling = Math.log1p(Math.SQRT2) / 2;
/** Exponent h·m up to which a field is left to the reweighting, and the spread of ln cosh h·m over the images. */
const smallField = 1;
const smallSpread = 0.5;
/** Field h beyond which the weight of the other phase, some exp(−2h), is nothing. */
const onePhase = 10;
/** Images that tell such a spread. */
const enoughImages = 5;

/** Whether the parameters are so ferromagnetic that chains must be helped between the two phases. */
export function mayOrder(model: Model, theta: ArrayLike<number>): boolean {
  return meanCoupling(model, theta) >= orderingCoupling;
}

/** Whether the mean coupling is above the critical one. */
export function isOrdered(model: Model, theta: ArrayLike<number>): boolean {
  return meanCoupling(model, theta) > criticalCoupling;
}

function meanCoupling(model: Model, theta: ArrayLike<number>): number {
  const couplings = model.statistics.flatMap((each, a) => (isField(each) ? [] : [theta[a]]));
  return couplings.reduce((sum, value) => sum + value, 0) / couplings.length;
}

/** Which statistics change sign with all spins: the fields'. */
export function oddStatistics({ statistics }: Model): boolean[] {
  return statistics.map(isField);
}

/**
 * θ with its fields taken off, where samples without them can be reweighted to θ with little loss: the weight
 * of s and −s together, cosh h·m, varies little either because h·m is small, or because |m| is much the same
 * in all images, as in two phases. Null where it is not so.
 */
export function withoutField(
  { model, observed }: Problem,
  theta: Float64Array,
): Float64Array | null {
  const odd = oddStatistics(model);
  const p = theta.length;
  const exponents = Float64Array.from({ length: observed.images }, (_, i) =>
    theta.reduce((sum, value, a) => sum + (odd[a] ? value * observed.values[i * p + a] : 0), 0),
  );
  const square = exponents.reduce((sum, value) => sum + value ** 2, 0) / exponents.length;
  const weights = exponents.map((value) => Math.log(Math.cosh(value)));
  const mean = weights.reduce((sum, value) => sum + value, 0) / weights.length;
  const spread = weights.reduce((sum, value) => sum + (value - mean) ** 2, 0) / weights.length;
  const even = weights.length >= enoughImages && Math.sqrt(spread) <= smallSpread;
  if (Math.sqrt(square) > smallField && !even) return null;
  return theta.map((value, a) => (odd[a] ? 0 : value));
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
    if (statistics[a].structure.kind !== 'uniform-field') return value;
    let square = 0;
    for (let k = a; k < observed.values.length; k += p) square += observed.values[k] ** 2;
    const size = Math.sqrt(square / observed.images);
    const share = Math.max(-0.98, Math.min(0.98, observed.mean[a] / size));
    return size > 0 ? Math.atanh(share) / size : 0;
  });
}

/**
 * Part of a step that changes the phases' weights by no more than a factor of e². Where one phase has all the
 * weight already, and the step gives it more, nothing can be lost: the whole step.
 */
export function safePart({ statistics }: Model, centre: Float64Array, step: Float64Array): number {
  return statistics.reduce(
    (part, statistic, a) =>
      !isField(statistic) || centre[a] * Math.sign(step[a]) > onePhase
        ? part
        : Math.min(part, 1 / Math.abs(step[a])),
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
  const fields = sampler.model.statistics.flatMap((statistic, a) =>
    isField(statistic) ? [{ statistic, weight: statistic.weight * theta[a] }] : [],
  );
  for (let chain = 0; chain < sampler.chains; chain++) {
    const spins = sampler.spins(chain);
    let exponent = 0;
    for (const { statistic, weight } of fields) exponent += weight * statistic.sum(spins);
    if (uniform(generator) < 1 / (1 + Math.exp(2 * exponent))) {
      for (let k = 0; k < spins.length; k++) spins[k] = -spins[k];
      sampler.setSpins(chain, spins);
    }
  }
}
