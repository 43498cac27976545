import { axisBonds, type Lattice, siteCount } from './lattice.ts';

/**
 * One sufficient statistic of an exponential family on spins,
 *
 *   T(s) = weight · ( Σ_bonds s_i s_j + Σ_sites s_i ),
 *
 * conjugate to one parameter. A statistic has bonds or sites, not both.
 */
export interface Statistic {
  /** Name of the conjugate parameter, as fit files spell it. */
  readonly parameter: string;
  /** Pairs i, j of flat indices, each bond once. */
  readonly bonds: Int32Array;
  /** Sites that appear alone. */
  readonly sites: Int32Array;
  readonly weight: number;
  /** Largest value of T, so that T/extent is a mean in −1 … 1 (n_B for a coupling, 1 for the field). */
  readonly extent: number;
}

/**
 * p(s | θ) = exp( Σ_a θ_a T_a(s) ) / Z(θ): a lattice and its sufficient statistics.
 *
 * Trainer, estimators and the reference kernel read nothing but this; a model with other couplings
 * is another list of statistics.
 */
export interface Model {
  readonly name: string;
  readonly lattice: Lattice;
  readonly statistics: readonly Statistic[];
}

const none = new Int32Array(0);

function coupling(parameter: string, bonds: Int32Array): Statistic {
  return { parameter, bonds, sites: none, weight: 1, extent: bonds.length / 2 };
}

/** The notes' field: every site feels h/n, so that T = m = Σ s_i / n. */
function field(l: Lattice): Statistic {
  const n = siteCount(l);
  const sites = Int32Array.from({ length: n }, (_, k) => k);
  return { parameter: 'h', bonds: none, sites, weight: 1 / n, extent: 1 };
}

function concatenate(a: Int32Array, b: Int32Array): Int32Array {
  const joined = new Int32Array(a.length + b.length);
  joined.set(a);
  joined.set(b, a.length);
  return joined;
}

/** p(s | J, h) ∝ exp( J·B(s) + h·m(s) ): one coupling, one field. θ = (J, h), T = (B, m). */
export function uniformModel(l: Lattice): Model {
  const bonds = concatenate(axisBonds(l, 'horizontal'), axisBonds(l, 'vertical'));
  return { name: 'uniform', lattice: l, statistics: [coupling('J', bonds), field(l)] };
}

/** p(s | Jx, Jy, h): one coupling along the rows (Jx), another along the columns (Jy). */
export function anisotropicModel(l: Lattice): Model {
  return {
    name: 'anisotropic',
    lattice: l,
    statistics: [
      coupling('Jx', axisBonds(l, 'horizontal')),
      coupling('Jy', axisBonds(l, 'vertical')),
      field(l),
    ],
  };
}

/** p(s | J) ∝ exp( J·B(s) ): no field at all. */
export function zeroFieldModel(l: Lattice): Model {
  const bonds = concatenate(axisBonds(l, 'horizontal'), axisBonds(l, 'vertical'));
  return { name: 'zero-field', lattice: l, statistics: [coupling('J', bonds)] };
}

/** The models by the names that the command line and fit files use. */
export const models = {
  uniform: uniformModel,
  anisotropic: anisotropicModel,
  'zero-field': zeroFieldModel,
} satisfies Record<string, (l: Lattice) => Model>;

export type ModelName = keyof typeof models;

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
  model.statistics.forEach(({ bonds, sites, weight }, a) => {
    out[a] = weight * (sumOfBonds(spins, bonds) + sumOfSites(spins, sites));
  });
  return out;
}

// hot loops in functions of their own, which the compiler sees often enough to make them fast

function sumOfBonds(spins: ArrayLike<number>, bonds: Int32Array): number {
  let sum = 0;
  for (let k = 0; k < bonds.length; k += 2) sum += spins[bonds[k]] * spins[bonds[k + 1]];
  return sum;
}

function sumOfSites(spins: ArrayLike<number>, sites: Int32Array): number {
  let sum = 0;
  for (let k = 0; k < sites.length; k++) sum += spins[sites[k]];
  return sum;
}
