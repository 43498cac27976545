import type { Observed } from '../../data/dataset.ts';
import { isField, type Model, type Statistic } from '../../models/contract.ts';
import { type Lattice, lattice, siteCount } from '../../models/lattice/lattice.ts';
import {
  type NearestNeighbours,
  nearestNeighbours,
} from '../../models/lattice/nearest-neighbours.ts';
import {
  alongColumn,
  alongRow,
  type Offset,
  offsetText,
  sameOffset,
} from '../../models/lattice/offsets.ts';
import { uniformModel } from '../../models/registry.ts';
import { placeAbove, type Sums, slope } from './hull.ts';
import { advice, directionInWords } from './words.ts';

/** Whether the likelihood has a maximum at finite parameters, as far as that can be proved. */
export type Existence =
  | { readonly exists: true }
  | {
      readonly exists: false;
      /** A direction dθ along which the likelihood never falls, up to a factor. */
      readonly direction: readonly number[];
      /** What the data show and where the parameters run to. */
      readonly reason: string;
      readonly advice: string;
    }
  /** No proof either way; a fit recognises a missing maximum by parameters that run away. */
  | { readonly exists: 'unknown' };

/**
 * The maximum-likelihood estimate exists, and is unique, exactly when the mean of the statistics lies
 * strictly inside the convex hull of the values that single configurations take.
 *
 * Proved for the uniform model on open lattices, chains, rings, even tori, and any torus of at most 20
 * sites; on larger tori with an odd side but for a sliver near the frustrated ground state; for the model
 * without field everywhere. For the anisotropic model a missing maximum is proved where one coupling or both run
 * to −∞, or a single statistic is extreme; nothing else. Compared in integers, without rounding.
 *
 * Source: O. Barndorff-Nielsen, Information and Exponential Families (1978), theorem 9.13.
 */
export function existence(model: Model, observed: Observed): Existence {
  const sums = model.statistics.map((statistic, a) => sumOf(statistic, a, observed));
  // the field first: that all pixels are equal says more than that all neighbours are
  for (const [a, statistic] of [...model.statistics.entries()].reverse()) {
    // sums over sites of different weights are no whole numbers
    if (statistic.structure.kind === 'site-field') continue;
    const most = Math.round(statistic.extent / statistic.weight);
    const broken = isField(statistic) ? 0 : brokenBonds(model, a);
    const least = 2 * broken - most;
    const sign = sums[a] === observed.images * most ? 1 : -1;
    if (sign < 0 && sums[a] !== observed.images * least) continue;
    const direction = model.statistics.map((_, b) => (b === a ? sign : 0));
    return {
      exists: false,
      direction,
      reason: extreme(statistic, sign, broken > 0),
      advice: adviceFor(statistic, sign),
    };
  }
  const nearest = nearestNeighbours(model);
  // one coupling and nothing else: between the extremes of its only statistic
  if (nearest?.along === nearest?.across && nearest?.field === null) return { exists: true };
  // the hulls below are those of (J, h) and (Jx, Jy, h)
  if (nearest === null || nearest.field === null) return { exists: 'unknown' };
  const { along, across, field } = nearest;
  if (along !== across) {
    return ofAnisotropic(model, { along, across, field }, sums, observed.images);
  }
  const { images } = observed;
  const edge = lowerEdge(model.lattice, { B: sums[along], S: sums[field], images });
  if (edge === 'inside') return { exists: true };
  if (edge === 'unknown') return { exists: 'unknown' };
  return unbounded(model, [along], field, edge, '');
}

/**
 * Faces of the three-dimensional hull of (Bx, By, S) along which Jx and Jy run away together, or one of them
 * alone: without the other the lattice falls apart into rows, or columns, each a chain with a hull of its own.
 */
function ofAnisotropic(
  model: Model,
  { along, across, field }: NearestNeighbours & { readonly field: number },
  sums: readonly number[],
  images: number,
): Existence {
  const { rows, cols, boundary } = model.lattice;
  const [Bx, By, S] = [sums[along], sums[across], sums[field]];
  const faces = [
    { of: model.lattice, B: Bx + By, pieces: 1, couplings: [along, across], where: '' },
    { of: lattice(1, cols, boundary), B: Bx, pieces: rows, couplings: [along], where: 'rows' },
    { of: lattice(1, rows, boundary), B: By, pieces: cols, couplings: [across], where: 'columns' },
  ];
  for (const { of, B, pieces, couplings, where } of faces) {
    const edge = lowerEdge(of, { B, S, images: images * pieces });
    if (typeof edge === 'object') return unbounded(model, couplings, field, edge, where);
  }
  return { exists: 'unknown' };
}

/** The lower edge of the hull of (B, S), where the data lie on it. */
interface LowerEdge {
  /** Field per site that rises with −J. */
  readonly perSite: number;
  readonly onlySpecks: boolean;
}

function lowerEdge(l: Lattice, sums: Sums): LowerEdge | 'inside' | 'unknown' {
  const place = placeAbove(uniformModel(l), sums);
  if (typeof place === 'string') return place;
  const [rise, run] = slope(place.edge);
  return {
    perSite: (Math.sign(sums.S) * rise) / run,
    // next to the uniform configuration the edge is made of single spins that touch no other
    onlySpecks: place.edge.right.S === siteCount(l),
  };
}

/**
 * @param couplings statistics whose parameters run to −∞
 * @param field the statistic of the field
 * @param where of which parts of the lattice the couplings run away; empty for all of it
 */
function unbounded(
  model: Model,
  couplings: readonly number[],
  field: number,
  { perSite, onlySpecks }: LowerEdge,
  where: string,
): Existence {
  const [majority, minority] = perSite > 0 ? ['bright', 'dark'] : ['dark', 'bright'];
  const parts = where === '' ? '' : ` in the ${where}`;
  const shown = onlySpecks
    ? `There are only isolated ${minority} specks${parts}`
    : `No picture could have fewer equal neighbours${parts}${perSite === 0 ? '' : ` with as many ${majority} pixels`}`;
  const direction = model.statistics.map((statistic, a) => {
    if (a === field) return perSite / statistic.weight;
    return couplings.includes(a) ? -1 : 0;
  });
  return {
    exists: false,
    direction,
    reason: `${shown}: the likelihood grows without bound as ${directionInWords(model, direction)}.`,
    advice: onlySpecks ? advice.specks : advice.edge,
  };
}

/** Σ over images of the integer Σ_bonds s_i s_j + Σ_sites s_i. */
function sumOf({ weight }: Statistic, a: number, { values, images }: Observed): number {
  const p = values.length / images;
  let sum = 0;
  for (let i = 0; i < images; i++) sum += Math.round(values[i * p + a] / weight);
  return sum;
}

/** Bonds that stay equal in the most alternating configuration: one a ring of odd length. */
function brokenBonds({ statistics, lattice }: Model, a: number): number {
  const { structure } = statistics[a];
  if (structure.kind !== 'offsets') return 0;
  const [along, across] = oddRings(lattice);
  return structure.offsets.reduce((sum, offset) => {
    if (sameOffset(offset, alongRow)) return sum + along;
    return sameOffset(offset, alongColumn) ? sum + across : sum;
  }, 0);
}

function oddRings({ rows, cols, boundary }: Lattice): [along: number, across: number] {
  const isOdd = (side: number) => boundary === 'periodic' && side > 1 && side % 2 === 1;
  return [isOdd(cols) ? rows : 0, isOdd(rows) ? cols : 0];
}

function adviceFor(statistic: Statistic, sign: number): string {
  if (isField(statistic)) return advice.oneColour;
  if (statistic.extent === 0) return advice.noBonds;
  return sign > 0 ? advice.uniformPictures : advice.alternating;
}

function extreme(statistic: Statistic, sign: number, frustrated: boolean): string {
  const { parameter, structure, extent } = statistic;
  if (extent === 0) {
    return `This lattice has no bonds for ${parameter}, so that any value of it is as good as another.`;
  }
  const infinity = `the likelihood grows without bound as ${parameter} → ${sign > 0 ? '+' : '−'}∞.`;
  if (isField(statistic)) return `All pixels are ${sign > 0 ? 'bright' : 'dark'}: ${infinity}`;
  if (frustrated && sign < 0) {
    return `Neighbours alternate as perfectly as this lattice allows: ${infinity}`;
  }
  const offsets = structure.kind === 'offsets' ? structure.offsets : [];
  const where = whereOf(offsets);
  if (where !== null) {
    return `${where} ${sign > 0 ? 'all neighbours are equal' : 'neighbours alternate perfectly'}: ${infinity}`;
  }
  return sign > 0
    ? `Every picture is of one colour: ${infinity}`
    : `Every picture is a perfect checkerboard: ${infinity}`;
}

/** Which pairs are meant; null for nearest neighbours in all directions. */
function whereOf(offsets: readonly Offset[]): string | null {
  const row = offsets.some((offset) => sameOffset(offset, alongRow));
  const column = offsets.some((offset) => sameOffset(offset, alongColumn));
  if (offsets.length === 2 && row && column) return null;
  if (offsets.length === 1 && row) return 'Along the rows';
  if (offsets.length === 1 && column) return 'Along the columns';
  return `At ${offsets.map(offsetText).join(' ')}`;
}
