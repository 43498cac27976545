import type { Model, ModelSpecification } from './contract.ts';
import { UnsuitableError } from './failures.ts';
import type { Lattice } from './lattice/lattice.ts';
import { alongColumn, alongRow, checkOffsets, type Offset } from './lattice/offsets.ts';
import { coupling, uniformField } from './lattice/statistics.ts';
import { trendField, trendNames } from './lattice/trend.ts';

/** Pairs that share a coupling. */
interface CouplingClass {
  readonly parameter: string;
  readonly offsets: readonly Offset[];
}

/** One kind of model: its couplings, whatever the lattice, and whether it has a field. */
export interface ModelKind {
  readonly couplings: (specification: ModelSpecification) => readonly CouplingClass[];
  /** Whether it has a uniform field of its own; a trend takes its place. */
  readonly hasField: boolean;
  /** Whether its specification lists classes of offsets. */
  readonly takesOffsets?: boolean;
}

const nearest = { parameter: 'J', offsets: [alongRow, alongColumn] };

/**
 * The models by the names that the command line and fit files use: the one list from which the schema's enumeration,
 * the command line's choices, menus and the wire format are derived.
 */
export const modelKinds = {
  /** p(s | J, h) ∝ exp( J·B(s) + h·m(s) ): one coupling, one field. θ = (J, h), T = (B, m). */
  uniform: { couplings: () => [nearest], hasField: true },
  /** p(s | Jx, Jy, h): one coupling along the rows (Jx), another along the columns (Jy). */
  anisotropic: {
    couplings: () => [
      { parameter: 'Jx', offsets: [alongRow] },
      { parameter: 'Jy', offsets: [alongColumn] },
    ],
    hasField: true,
  },
  /** p(s | J) ∝ exp( J·B(s) ): no field at all. */
  'zero-field': { couplings: () => [nearest], hasField: false },
  /** p(s | J1, J2, …, h): one coupling for each class of offsets. */
  neighbourhood: {
    couplings: ({ offsets = [] }) =>
      offsets.map((each, c) => ({ parameter: `J${c + 1}`, offsets: each })),
    hasField: true,
    takesOffsets: true,
  },
} as const satisfies Record<string, ModelKind>;

type ModelKinds = Readonly<Record<string, ModelKind>>;

export type ModelName = keyof typeof modelKinds;

export const modelNames = Object.keys(modelKinds) as ModelName[];

/** What a parameter is, whatever the lattice. */
export interface Parameter {
  readonly name: string;
  readonly kind: 'coupling' | 'field';
  /** Whether the notes' 1/n divides it, so that it has a value per site beside its own. */
  readonly sharedBySites: boolean;
}

/**
 * The parameters of a model in the order of its statistics, whatever the lattice.
 *
 * @throws UnsuitableError if no model has that name
 */
export function parametersOf(
  specification: ModelSpecification,
  kinds: ModelKinds = modelKinds,
): Parameter[] {
  const { couplings, hasField } = kindOf(specification, kinds);
  const { trend } = specification;
  const fields = trend !== undefined ? trendNames(trend) : hasField ? ['h'] : [];
  return [
    ...couplings(specification).map(
      ({ parameter }): Parameter => ({
        name: parameter,
        kind: 'coupling',
        sharedBySites: false,
      }),
    ),
    ...fields.map(
      (name): Parameter => ({
        name,
        kind: 'field',
        sharedBySites: trend === undefined,
      }),
    ),
  ];
}

/**
 * The model that a specification names, on a lattice.
 *
 * @param kinds the models that are known
 * @throws UnsuitableError if no model has that name, or the specification does not fit it or the lattice
 */
export function makeModel(
  specification: ModelSpecification,
  lattice: Lattice,
  kinds: ModelKinds = modelKinds,
): Model {
  const { name, offsets, trend } = specification;
  const { couplings, hasField, takesOffsets } = kindOf(specification, kinds);
  if (takesOffsets) checkOffsets(lattice, offsets ?? []);
  else if (offsets !== undefined) {
    throw new UnsuitableError(`The model ${name} takes no offsets; the model neighbourhood does.`);
  }
  const field =
    trend !== undefined ? trendField(lattice, trend) : hasField ? [uniformField(lattice)] : [];
  return {
    name,
    specification,
    lattice,
    statistics: [
      ...couplings(specification).map((each) => coupling(each.parameter, lattice, each.offsets)),
      ...field,
    ],
  };
}

function kindOf({ name }: ModelSpecification, kinds: ModelKinds): ModelKind {
  if (Object.hasOwn(kinds, name)) return kinds[name];
  throw new UnsuitableError(
    `No model is called ${name}; there are ${Object.keys(kinds).join(', ')}.`,
  );
}

/** p(s | J, h) ∝ exp( J·B(s) + h·m(s) ), θ = (J, h), T = (B, m). */
export function uniformModel(l: Lattice): Model {
  return makeModel({ name: 'uniform' }, l);
}

/** p(s | Jx, Jy, h), θ = (Jx, Jy, h). */
export function anisotropicModel(l: Lattice): Model {
  return makeModel({ name: 'anisotropic' }, l);
}

/** p(s | J) ∝ exp( J·B(s) ). */
export function zeroFieldModel(l: Lattice): Model {
  return makeModel({ name: 'zero-field' }, l);
}
