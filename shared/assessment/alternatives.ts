import { isField, type Model, type Structure } from '../models/contract.ts';
import { axisBondCount } from '../models/lattice/lattice.ts';
import { alongColumn, alongRow, type Offset, sameOffset } from '../models/lattice/offsets.ts';

/** What may be missing in a model, with one parameter or some. */
export const alternativeKinds = [
  'next-nearest',
  'anisotropy',
  'field',
  'trend-1',
  'trend-2',
  'spread',
] as const;
export type AlternativeKind = (typeof alternativeKinds)[number];

/** One parameter δ that is 0 in the fitted model. */
interface Direction {
  readonly parameter: string;
  /** ∂ log p/∂δ of an image at δ = 0 up to a constant, as a sum over statistics that are measured: factor by name. */
  readonly score: Readonly<Record<string, number>>;
}

/** A larger model that holds the fitted one at δ = 0. */
export interface Alternative {
  readonly kind: AlternativeKind;
  readonly directions: readonly Direction[];
}

/**
 * The alternatives to a model of which the measured statistics tell:
 *
 * - `next-nearest`: a coupling J2 of diagonal neighbours;
 * - `anisotropy`: Jx − Jy, where one coupling serves rows and columns;
 * - `field`: h per site, where the model has none;
 * - `trend-1`, `trend-2`: a field that varies over the picture, of total degree 1 or 2 (`models/trend.ts`);
 * - `spread`: couplings that vary between pictures with variance τ². Its score is half of the bonds' variance
 *   between the pictures, Σ_i (B_i − B̄)²/2, the rest of it being a function of B̄.
 *
 * What a model has already is a function of T̄ here, and drops out where scores are compared.
 *
 * @param measured names of all statistics that there are
 */
export function alternativesTo(model: Model, measured: ReadonlySet<string>): Alternative[] {
  const l = model.lattice;
  const horizontal = axisBondCount(l, 'horizontal');
  const vertical = axisBondCount(l, 'vertical');
  const [down, right] = [l.rows, l.cols].map((side) => (l.boundary === 'free' ? side - 1 : side));
  const couplings = model.statistics.filter((each) => !isField(each));
  const hasField = model.statistics.some(isField);
  const serves = (structure: Structure, way: Offset) =>
    structure.kind === 'offsets' && structure.offsets.some((offset) => sameOffset(offset, way));
  const isIsotropic = couplings.some(
    ({ structure }) => serves(structure, alongRow) && serves(structure, alongColumn),
  );
  const trend = (name: string): Direction => ({ parameter: name, score: { [name]: 1 } });
  const all: readonly Alternative[] = [
    {
      kind: 'next-nearest',
      directions: [{ parameter: 'J2', score: { 'next-nearest': 2 * down * right } }],
    },
    {
      kind: 'anisotropy',
      directions: isIsotropic
        ? [
            {
              parameter: 'Jx-Jy',
              score: { 'rows-1': horizontal / 2, 'columns-1': -vertical / 2 },
            },
          ]
        : [],
    },
    {
      kind: 'field',
      directions: hasField ? [] : [{ parameter: 'hPerSite', score: { eta00: 1 } }],
    },
    { kind: 'trend-1', directions: ['eta10', 'eta01'].map(trend) },
    { kind: 'trend-2', directions: ['eta20', 'eta11', 'eta02'].map(trend) },
    {
      kind: 'spread',
      directions: [
        {
          parameter: 'varianceJ',
          // what is measured is in units of extent²
          score: Object.fromEntries(
            couplings.map(({ parameter, extent }) => [`spread-${parameter}`, extent ** 2 / 2]),
          ),
        },
      ],
    },
  ];
  return all.flatMap(({ kind, directions }) => {
    const known = directions.filter(({ score }) => {
      const names = Object.keys(score);
      return names.length > 0 && names.every((name) => measured.has(name));
    });
    return known.length > 0 ? [{ kind, directions: known }] : [];
  });
}
