import type { Model } from '../../contract.ts';
import type { NearestNeighbours } from '../nearest-neighbours.ts';
import { type ColumnsFactory, plainColumns } from './columns.ts';
import { multiply, power } from './counts.ts';
import { events, momentsOfEvents } from './layout.ts';
import { checkFinite, type ExactMethod, type ExactMoments } from './method.ts';
import { Row, secondsOf, strip } from './rows.ts';

/** Largest shorter side: beyond it a fit takes hours. */
export const widestTorus = 14;

/**
 * Torus with field: for every state of row 0 the transfer matrix is run round, back to the same state.
 * States of row 0 that a translation or a reflection along the row carries into one another have equal
 * weight, so one of each class is enough (4^w/2w instead of 4^w numbers of state).
 */
export function torusTransfer(
  model: Model,
  layout: NearestNeighbours,
  columns: ColumnsFactory = plainColumns,
): ExactMethod {
  const { width, length, turned, rowOperations } = strip(model, layout);
  const classes = stateClasses(width);
  const rows = classes.length * Math.ceil(length / 2);
  const operations = rows * rowOperations;
  return {
    name: `transfer matrix, ${classes.length} times ${length} rows of 2^${width} states`,
    operations,
    seconds: secondsOf(rows, operations),
    *evaluate(theta): Generator<number, ExactMoments> {
      checkFinite(theta);
      const kinds = events(model, theta);
      const row = new Row(width, 'periodic', turned, model.statistics.length, kinds, columns);
      const sum = new Float64Array(row.monomials.size);
      let sumScale = Number.NEGATIVE_INFINITY;

      for (const { state, multiplicity } of classes) {
        yield* row.oneState(state);
        const { coefficients, logScale } = yield* row.thereAndBack(length);

        // row 0 itself, once
        let weight = coefficients.map((value) => value * multiplicity);
        for (const [a, count] of row.eventsWithin(state)) {
          const factor = power(row.monomials, a, count);
          const q = kinds.cost[a] ** count;
          weight = multiply(row.monomials, weight, factor).map((value) => value * q);
        }

        // sum over the classes relative to the largest scale so far
        const largest = Math.max(sumScale, logScale);
        for (let k = 0; k < sum.length; k++) {
          sum[k] = sum[k] * Math.exp(sumScale - largest) + weight[k] * Math.exp(logScale - largest);
        }
        sumScale = largest;
      }
      return momentsOfEvents(model, theta, row.monomials, sum, sumScale);
    },
  };
}

/** One state of a ring of `width` spins for each class under translations and reflections. */
function stateClasses(width: number): { state: number; multiplicity: number }[] {
  const all = 2 ** width - 1;
  const turn = (s: number) => ((s << 1) & all) | (s >> (width - 1));
  const mirror = (s: number) => {
    let image = 0;
    for (let c = 0; c < width; c++) image |= ((s >> c) & 1) << (width - 1 - c);
    return image;
  };
  const seen = new Uint8Array(all + 1);
  const classes: { state: number; multiplicity: number }[] = [];
  for (let state = 0; state <= all; state++) {
    if (seen[state]) continue;
    let multiplicity = 0;
    let image = state;
    let reflected = mirror(state);
    for (let shift = 0; shift < width; shift++) {
      for (const s of [image, reflected]) {
        multiplicity += 1 - seen[s];
        seen[s] = 1;
      }
      image = turn(image);
      reflected = turn(reflected);
    }
    classes.push({ state, multiplicity });
  }
  return classes;
}
