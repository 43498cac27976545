import {
  type Axis,
  axisBondCount,
  axisBonds,
  axisProducts,
  type Lattice,
  siteCount,
} from './lattice.ts';

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
  /** Pairs i, j of flat indices, each bond once; listed when first asked for. */
  readonly bonds: Int32Array;
  /** Sites that appear alone; listed when first asked for. */
  readonly sites: Int32Array;
  readonly weight: number;
  /** Largest value of T, so that T/extent is a mean in −1 … 1 (n_B for a coupling, 1 for the field). */
  readonly extent: number;
  /** Σ_bonds s_i s_j + Σ_sites s_i, without a list. */
  sum(spins: ArrayLike<number>): number;
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
const axes: readonly Axis[] = ['horizontal', 'vertical'];

/** The bonds of one or both axes. A list of them takes 16 bytes a site and axis, hence only where it is used. */
function coupling(parameter: string, l: Lattice, axes: readonly Axis[]): Statistic {
  let listed: Int32Array | null = null;
  return {
    parameter,
    get bonds() {
      listed ??= concatenate(axes.map((axis) => axisBonds(l, axis)));
      return listed;
    },
    sites: none,
    weight: 1,
    extent: axes.reduce((sum, axis) => sum + axisBondCount(l, axis), 0),
    sum: (spins) => axes.reduce((sum, axis) => sum + axisProducts(l, axis, spins), 0),
  };
}

/** The notes' field: every site feels h/n, so that T = m = Σ s_i / n. */
function field(l: Lattice): Statistic {
  const n = siteCount(l);
  let listed: Int32Array | null = null;
  return {
    parameter: 'h',
    bonds: none,
    get sites() {
      listed ??= Int32Array.from({ length: n }, (_, k) => k);
      return listed;
    },
    weight: 1 / n,
    extent: 1,
    sum: (spins) => total(spins, n),
  };
}

function total(spins: ArrayLike<number>, n: number): number {
  let sum = 0;
  for (let k = 0; k < n; k++) sum += spins[k];
  return sum;
}

function concatenate(parts: readonly Int32Array[]): Int32Array {
  const joined = new Int32Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}

/** p(s | J, h) ∝ exp( J·B(s) + h·m(s) ): one coupling, one field. θ = (J, h), T = (B, m). */
export function uniformModel(l: Lattice): Model {
  return { name: 'uniform', lattice: l, statistics: [coupling('J', l, axes), field(l)] };
}

/** p(s | Jx, Jy, h): one coupling along the rows (Jx), another along the columns (Jy). */
export function anisotropicModel(l: Lattice): Model {
  return {
    name: 'anisotropic',
    lattice: l,
    statistics: [coupling('Jx', l, ['horizontal']), coupling('Jy', l, ['vertical']), field(l)],
  };
}

/** p(s | J) ∝ exp( J·B(s) ): no field at all. */
export function zeroFieldModel(l: Lattice): Model {
  return { name: 'zero-field', lattice: l, statistics: [coupling('J', l, axes)] };
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
  model.statistics.forEach((statistic, a) => {
    out[a] = statistic.weight * statistic.sum(spins);
  });
  return out;
}
