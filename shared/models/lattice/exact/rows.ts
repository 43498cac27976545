import type { Model } from '../../contract.ts';
import type { Boundary } from '../lattice.ts';
import type { NearestNeighbours } from '../nearest-neighbours.ts';
import type { Columns, ColumnsFactory } from './columns.ts';
import { type Monomials, monomials } from './counts.ts';
import type { Events } from './layout.ts';

/** Which array of kinds holds the unequal pairs of neighbours within a row, which the spins up. */
const unequal = 0;
const up = 1;

/** Operations a second of the loops in WebAssembly, which every host has; measured: see docs/exact.md. */
const operationsPerSecond = 5e9;
/** Seconds that room for the states takes, and a row of few states however few; measured. */
const perEvaluation = 1e-4;
const perRow = 12e-6;

/** Seconds of one evaluation that goes through so many rows. */
export function secondsOf(rows: number, operations: number): number {
  return perEvaluation + perRow * rows + operations / operationsPerSecond;
}

/** A nearest-neighbour lattice as rows along its shorter side. */
export function strip(model: Model, { along, across, field }: NearestNeighbours) {
  const { rows, cols } = model.lattice;
  const width = Math.min(rows, cols);
  const p = model.statistics.length;
  return {
    width,
    length: Math.max(rows, cols),
    /** The layout as seen from these rows. */
    turned: cols <= rows ? { along, across, field } : { along: across, across: along, field },
    /** Operations of one row. */
    rowOperations: (4 * width + 12) * (1 + p + (p * (p + 1)) / 2) * 2 ** width,
  };
}

/** What the system's handing out of memory costs, in operations a number. */
const firstTouch = 8;

/** Coefficients of a generating function, up to the factor whose logarithm is given. */
export interface Scaled {
  readonly coefficients: Float64Array;
  readonly logScale: number;
}

/**
 * The transfer matrix of one row of `width` spins, never written down but applied: the row's own bonds and
 * fields are a diagonal, the vertical bonds to the next row one step a column.
 *
 * Where the vertical coupling is negative, the next row's states are kept complemented (state s stands for
 * s̄ = 2^w − 1 − s), so that equal neighbours are the satisfied ones there too.
 */
export class Row {
  readonly monomials: Monomials;
  private readonly size: number;
  private readonly columns: Columns;
  private readonly wraps: boolean;
  /** Pairs of neighbours within the row. */
  private readonly pairs: number;
  private isLabelled = false;
  /** Whether each further row is kept complemented with respect to the one before. */
  private readonly alternates: boolean;
  /** log of the factor that was divided out of the states so far. */
  private logScale = 0;

  constructor(
    private readonly width: number,
    boundary: Boundary,
    private readonly layout: NearestNeighbours,
    variables: number,
    private readonly events: Events,
    columns: ColumnsFactory,
  ) {
    this.size = 2 ** width;
    this.monomials = monomials(variables);
    this.alternates = events.sign[layout.across] < 0;
    this.columns = columns(width, this.monomials.size);

    this.wraps = boundary === 'periodic' && width > 1;
    this.pairs = this.wraps ? width : width - 1;
  }

  /** Every state of the first row, weighted by its own bonds and fields. */
  *anyState(): Generator<number, void> {
    yield* this.clear();
    this.columns.states[0].fill(1);
    yield* this.withinRow(false);
  }

  /** The first row in one state, not weighted. */
  *oneState(state: number): Generator<number, void> {
    yield* this.clear();
    this.columns.states[0][state] = 1;
  }

  /** All states zero, and labelled. New memory is touched here for the first time, which costs more than it shows. */
  private *clear(): Generator<number, void> {
    if (!this.isLabelled) yield* this.label();
    this.logScale = 0;
    for (const array of this.columns.states) {
      array.fill(0);
      yield firstTouch * this.size;
    }
  }

  private *label(): Generator<number, void> {
    const { width, size } = this;
    const ups = this.columns.kinds[up];
    for (let s = 1; s < size; s++) ups[s] = ups[s >> 1] + (s & 1);
    yield firstTouch * size;
    const unequals = this.columns.kinds[unequal];
    const within = 2 ** this.pairs - 1;
    for (let s = 0; s < size; s++) {
      const next = this.wraps ? (s >> 1) | ((s & 1) << (width - 1)) : s >> 1;
      unequals[s] = ups[(s ^ next) & within];
    }
    yield firstTouch * size;
    this.isLabelled = true;
  }

  /**
   * Σ over all paths from the present states over `layers` layers of vertical bonds to the same states, the
   * rows between counted. The path is its own mirror image, so that only half of it is run through, and the
   * two halves are joined in the middle: Σ_s f_s g_s.
   */
  *thereAndBack(layers: number): Generator<number, Scaled> {
    const middle = Math.floor((layers - 1) / 2);
    for (let r = 1; r <= middle; r++) {
      yield* this.toNextRow();
      yield* this.withinRow(this.isComplemented(r));
    }
    // one half has come to the bonds that the other lacks; or, where there is a middle row, both halves
    // have come to that row, which counts once
    let logScale = this.logScale;
    let half = yield* this.copy();
    yield* this.toNextRow();
    const hasMiddleRow = layers % 2 === 0;
    if (hasMiddleRow) {
      half = yield* this.copy();
      yield* this.withinRow(this.isComplemented(layers / 2));
    }
    const coefficients = yield* this.join(half, !hasMiddleRow && this.alternates);
    logScale += this.logScale;
    return { coefficients, logScale };
  }

  /** Kind and number of the events in a row of state s, not complemented. */
  eventsWithin(s: number): [a: number, count: number][] {
    const { along, field } = this.layout;
    const { kinds } = this.columns;
    const bonds: [number, number] = [along, this.unsatisfied(kinds[unequal][s])];
    return field === null ? [bonds] : [bonds, [field, this.againstField(kinds[up][s], false)]];
  }

  private isComplemented(r: number): boolean {
    return this.alternates && r % 2 === 1;
  }

  /** Vertical bonds to the next row; yields the operations of every piece. */
  private *toNextRow(): Generator<number, void> {
    const { across } = this.layout;
    for (const group of this.monomials.groups(across)) {
      for (const columns of this.columns.bonds(group, this.events.cost[across])) {
        yield 4 * columns * group.length * this.size;
      }
    }
  }

  /** Bonds within the row and the fields on it, divided by the largest weight so far. */
  private *withinRow(complemented: boolean): Generator<number, void> {
    const { along, field } = this.layout;
    const largest = this.largestWeight();
    yield this.size;
    // all weights underflowed: leave the zeros for momentsOfEvents to refuse
    const scale = largest > 0 ? 1 / largest : 1;
    this.logScale -= Math.log(scale);
    yield* this.diagonal(along, unequal, (pairs) => this.unsatisfied(pairs), scale);
    if (field !== null) {
      yield* this.diagonal(field, up, (spins) => this.againstField(spins, complemented), 1);
    }
  }

  /** Unsatisfied among the row's own bonds: pairs of unequal bits, or of equal ones where J < 0. */
  private unsatisfied(unequalPairs: number): number {
    return this.events.sign[this.layout.along] < 0 ? this.pairs - unequalPairs : unequalPairs;
  }

  private againstField(spinsUp: number, complemented: boolean): number {
    const upIsAgainst = this.events.sign[this.layout.field ?? 0] < 0;
    return upIsAgainst === complemented ? this.width - spinsUp : spinsUp;
  }

  /** Multiplies every state by scale · (q (1 + x_a))^count, the count by the state's kind. */
  private *diagonal(
    a: number,
    kinds: 0 | 1,
    count: (kind: number) => number,
    scale: number,
  ): Generator<number, void> {
    const length = Math.max(this.pairs, this.width) + 1;
    const numbers = Float64Array.from({ length }, (_, kind) => count(kind));
    const weights = numbers.map((u) => scale * this.events.cost[a] ** u);
    for (const group of this.monomials.groups(a)) {
      this.columns.diagonal(group, kinds, numbers, weights);
      yield 5 * group.length * this.size;
    }
  }

  private largestWeight(): number {
    const weights = this.columns.states[0];
    let largest = 0;
    for (let s = 0; s < this.size; s++) if (weights[s] > largest) largest = weights[s];
    return largest;
  }

  private *copy(): Generator<number, Float64Array[]> {
    const copies: Float64Array[] = [];
    for (const array of this.columns.states) {
      copies.push(array.slice());
      yield firstTouch * this.size;
    }
    return copies;
  }

  /** Coefficients of Σ_s f_s g_s, g the present states; of Σ_s f_s g_s̄ where f is complemented differently. */
  private *join(
    f: readonly Float64Array[],
    complemented: boolean,
  ): Generator<number, Float64Array> {
    const result = new Float64Array(this.monomials.size);
    const last = this.size - 1;
    for (const [i, j, k] of this.monomials.products) {
      const left = f[i];
      const right = this.columns.states[j];
      let sum = 0;
      if (complemented) for (let s = 0; s < this.size; s++) sum += left[s] * right[last - s];
      else for (let s = 0; s < this.size; s++) sum += left[s] * right[s];
      result[k] += sum;
      yield 2 * this.size;
    }
    return result;
  }
}
