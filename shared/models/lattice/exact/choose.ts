import type { Model } from '../../contract.ts';
import { siteCount } from '../lattice.ts';
import { nearestNeighbours } from '../nearest-neighbours.ts';
import { chain } from './chain.ts';
import { type ColumnsFactory, plainColumns } from './columns.ts';
import { enumeration, largestEnumeration } from './enumeration.ts';
import { kaufmanTorus } from './kaufman.ts';
import type { ExactMethod } from './method.ts';
import { openTransfer, widestOpen } from './open.ts';
import { torusTransfer, widestTorus } from './torus.ts';

/**
 * The cheapest exact method for a model; null where there is none.
 *
 * @param columns the transfer matrix's inner loops, where the host has faster ones
 */
export function exactMethodFor(
  model: Model,
  columns: ColumnsFactory = plainColumns,
): ExactMethod | null {
  const candidates = [...nearestNeighbour(model, columns)];
  if (siteCount(model.lattice) <= largestEnumeration) candidates.push(enumeration(model));
  return candidates.reduce<ExactMethod | null>(
    (best, next) => (best === null || next.seconds < best.seconds ? next : best),
    null,
  );
}

/** The methods that use the lattice's structure. */
function* nearestNeighbour(model: Model, columns: ColumnsFactory): Generator<ExactMethod> {
  const layout = nearestNeighbours(model);
  if (layout === null) return;
  const { rows, cols, boundary } = model.lattice;
  const width = Math.min(rows, cols);
  // an open chain with two couplings has one of them without bonds, which the row transfer can do
  if (width === 1 && layout.along === layout.across) yield chain(model, layout);
  else if (boundary === 'free') {
    if (width <= widestOpen) yield openTransfer(model, layout, columns);
  } else if (width > 1) {
    if (layout.field === null && layout.along === layout.across) yield kaufmanTorus(model);
    if (width <= widestTorus) yield torusTransfer(model, layout, columns);
  }
}

/** Why `exactMethodFor` gave none, in a sentence. */
export function whyNotExact(model: Model): string {
  const { rows, cols, boundary } = model.lattice;
  const lattice = `this lattice is ${rows} × ${cols}.`;
  if (nearestNeighbours(model) === null) {
    return `No exact method applies: those for the model ${model.name} reach ${largestEnumeration} sites, and ${lattice}`;
  }
  return boundary === 'free'
    ? `No exact method applies: those for free edges reach a shorter side of ${widestOpen}, and ${lattice}`
    : `No exact method applies: those for a torus with field reach a shorter side of ${widestTorus}, and ${lattice}`;
}
