import type { Model } from '../contract.ts';
import { alongColumn, alongRow, sameOffset } from './offsets.ts';

/**
 * Where a model of nearest neighbours keeps its parameters: the statistic of the bonds along a row, of the bonds along
 * a column (the same one where one coupling serves both), and of the uniform field (null: none).
 */
export interface NearestNeighbours {
  readonly along: number;
  readonly across: number;
  readonly field: number | null;
}

/**
 * The parameters of a model that couples nearest neighbours only, in rows and in columns, with at most a uniform field;
 * null for any other model. Judged by the statistics' structure, so that a model that is not of this form is never
 * taken for one.
 */
export function nearestNeighbours({ statistics }: Model): NearestNeighbours | null {
  let along = -1;
  let across = -1;
  let field: number | null = null;
  for (const [a, { structure }] of statistics.entries()) {
    if (structure.kind === 'uniform-field' && field === null) field = a;
    else if (structure.kind === 'offsets') {
      for (const offset of structure.offsets) {
        if (sameOffset(offset, alongRow) && along < 0) along = a;
        else if (sameOffset(offset, alongColumn) && across < 0) across = a;
        else return null;
      }
    } else return null;
  }
  return along >= 0 && across >= 0 ? { along, across, field } : null;
}
