import type { Lattice } from './lattice/lattice.ts';
import type { Offset } from './lattice/offsets.ts';

/**
 * What a statistic is made of, as far as a fast kernel or an exact method has to know:
 *
 * - `offsets`: one coupling for all pairs of sites at these offsets, each pair once;
 * - `uniform-field`: Σ_k s_k, every site alike;
 * - `site-field`: Σ_k φ_k s_k;
 * - `bonds`: any other list of pairs.
 *
 * Whoever computes with a model judges it by this, and never by the model's name.
 */
export type Structure =
  | { readonly kind: 'offsets'; readonly offsets: readonly Offset[] }
  | { readonly kind: 'bonds' }
  | { readonly kind: 'uniform-field' }
  | { readonly kind: 'site-field' };

/**
 * One sufficient statistic of an exponential family on spins,
 *
 *   T(s) = weight · ( Σ_bonds s_i s_j + Σ_sites φ_i s_i ),
 *
 * conjugate to one parameter. A statistic has bonds or sites, not both.
 */
export interface Statistic {
  /** Name of the conjugate parameter, as fit files spell it. */
  readonly parameter: string;
  readonly structure: Structure;
  /** Pairs i, j of flat indices, each bond once; listed when first asked for. */
  readonly bonds: Int32Array;
  /** Sites that appear alone; listed when first asked for. */
  readonly sites: Int32Array;
  /** φ of each of `sites`; null where it is 1 everywhere. */
  readonly siteWeights: Float64Array | null;
  readonly weight: number;
  /** Largest value of T, so that T/extent is a mean in −1 … 1 (n_B for a coupling, 1 for the notes' field). */
  readonly extent: number;
  /** Σ_bonds s_i s_j + Σ_sites φ_i s_i, without a list. */
  sum(spins: ArrayLike<number>): number;
}

/**
 * What a model is made from beside its lattice: plain data that crosses threads and files.
 * `models/registry.ts` turns it into a model.
 */
export interface ModelSpecification {
  readonly name: string;
  /** Classes of offsets of the model `neighbourhood`, one coupling a class. */
  readonly offsets?: readonly (readonly Offset[])[];
  /** Largest total degree of a field that varies smoothly; absent for the model's own field. */
  readonly trend?: number;
}

/**
 * p(s | θ) = exp( Σ_a θ_a T_a(s) ) / Z(θ): a lattice and its sufficient statistics.
 *
 * Trainer, estimators and the reference kernel read nothing but this; a model with other couplings
 * is another list of statistics.
 */
export interface Model {
  readonly name: string;
  readonly specification: ModelSpecification;
  readonly lattice: Lattice;
  readonly statistics: readonly Statistic[];
}

/** Whether a statistic is a field's, which changes sign with all spins; a coupling's does not. */
export function isField({ structure }: Statistic): boolean {
  return structure.kind === 'uniform-field' || structure.kind === 'site-field';
}

/** Parameter names θ_a in the order of the statistics. */
export function parameterNames(model: Model): string[] {
  return model.statistics.map((statistic) => statistic.parameter);
}

/**
 * T_a(s) for every statistic of the model.
 *
 * @param spins n values ±1, row-major
 * @param out receives one value a statistic
 */
export function evaluate(
  model: Model,
  spins: ArrayLike<number>,
  out = new Float64Array(model.statistics.length),
): Float64Array {
  model.statistics.forEach((statistic, a) => {
    out[a] = statistic.weight * statistic.sum(spins);
  });
  return out;
}
