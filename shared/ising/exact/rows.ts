import type { Boundary } from '../lattice.ts';
import type { Columns } from './columns.ts';
import { type Monomials, monomials } from './counts.ts';
import type { Events, Layout } from './layout.ts';

/** One array of 2^w numbers for every monomial. */
export type States = readonly Float64Array[];

/**
 * The transfer matrix of one row of `width` spins, never written down but applied: the row's own bonds and
 * fields are a diagonal, the vertical bonds to the next row one step a column.
 *
 * Where the vertical coupling is negative, the next row's states are kept complemented (state s stands for
 * s̄ = 2^w − 1 − s), so that equal neighbours are the satisfied ones there too; `complemented` says so.
 */
export class Row {
  readonly size: number;
  readonly monomials: Monomials;
  /** Whether each further row is kept complemented with respect to the one before. */
  readonly alternates: boolean;
  /** log of the factor that was divided out of the states so far. */
  logScale = 0;
  private readonly unsatisfied: Uint8Array;
  private readonly up: Uint8Array;
  private readonly scratch: Float64Array[];

  constructor(
    private readonly width: number,
    boundary: Boundary,
    private readonly layout: Layout,
    variables: number,
    private readonly events: Events,
    private readonly columns: Columns,
  ) {
    this.size = 2 ** width;
    this.monomials = monomials(variables);
    this.alternates = events.sign[layout.across] < 0;
    this.scratch = Array.from({ length: 3 }, () => new Float64Array(this.size));
    this.up = new Uint8Array(this.size);
    for (let s = 1; s < this.size; s++) this.up[s] = this.up[s >> 1] + (s & 1);

    // unsatisfied bonds within the row: pairs of unequal bits, or of equal ones where J < 0
    const wraps = boundary === 'periodic' && width > 1;
    const pairs = wraps ? width : width - 1;
    const within = 2 ** pairs - 1;
    const antiferro = events.sign[layout.along] < 0;
    this.unsatisfied = new Uint8Array(this.size);
    for (let s = 0; s < this.size; s++) {
      const next = wraps ? (s >> 1) | ((s & 1) << (width - 1)) : s >> 1;
      const unequal = this.up[(s ^ next) & within];
      this.unsatisfied[s] = antiferro ? pairs - unequal : unequal;
    }
  }

  /** New states, all zero. */
  states(): Float64Array[] {
    return Array.from({ length: this.monomials.size }, () => new Float64Array(this.size));
  }

  /** Copies states from one place to another. */
  *copy(from: States, to: States): Generator<number, void> {
    for (let k = 0; k < from.length; k++) {
      to[k].set(from[k]);
      yield this.size;
    }
  }

  /** Vertical bonds to the next row, in place; yields the operations after every column. */
  *toNextRow(states: Float64Array[]): Generator<number, void> {
    const { across } = this.layout;
    for (const group of this.monomials.groups(across)) {
      let from = group.map((k) => states[k]);
      let to = this.scratch.slice(0, group.length);
      for (let column = 0; column < this.width; column++) {
        this.columns.bond(from, to, this.events.cost[across]);
        [from, to] = [to, from];
        yield 4 * group.length * this.size;
      }
      group.forEach((k, i) => {
        states[k] = from[i];
      });
      to.forEach((array, i) => {
        this.scratch[i] = array;
      });
    }
  }

  /** Bonds within the row and the fields on it, in place; then divides out the largest weight. */
  *withinRow(states: Float64Array[], complemented: boolean): Generator<number, void> {
    const { along, field } = this.layout;
    yield* this.diagonal(states, along, this.unsatisfied);
    if (field !== null) yield* this.diagonal(states, field, this.againstField(complemented));
    yield* this.rescale(states);
  }

  /** Kind and number of the events in a row of state s, not complemented. */
  eventsWithin(s: number): [a: number, count: number][] {
    const { along, field } = this.layout;
    const bonds: [number, number] = [along, this.unsatisfied[s]];
    return field === null ? [bonds] : [bonds, [field, this.againstField(false)[s]]];
  }

  private againstField(complemented: boolean): Uint8Array {
    const upIsAgainst = this.events.sign[this.layout.field ?? 0] < 0;
    return upIsAgainst === complemented ? this.up.map((up) => this.width - up) : this.up;
  }

  /** Multiplies state s by (q (1 + x_a))^count(s). */
  private *diagonal(states: Float64Array[], a: number, count: Uint8Array): Generator<number, void> {
    const q = this.events.cost[a];
    const weight = Float64Array.from({ length: this.width + 1 }, (_, u) => q ** u);
    for (const group of this.monomials.groups(a)) {
      const [m0, m1, m2] = group.map((k) => states[k]);
      for (let s = 0; s < this.size; s++) {
        const u = count[s];
        const w = weight[u];
        if (m2) m2[s] = w * (m2[s] + u * (m1[s] + 0.5 * (u - 1) * m0[s]));
        if (m1) m1[s] = w * (m1[s] + u * m0[s]);
        m0[s] *= w;
      }
      yield 5 * group.length * this.size;
    }
  }

  /** Divides all states by the largest weight among them, and remembers its logarithm. */
  private *rescale(states: Float64Array[]): Generator<number, void> {
    let largest = 0;
    for (const weight of states[0]) largest = Math.max(largest, weight);
    // all weights underflowed: leave the zeros for momentsOfEvents to refuse
    if (largest === 0) return;
    for (const array of states) {
      for (let s = 0; s < array.length; s++) array[s] /= largest;
      yield this.size;
    }
    this.logScale += Math.log(largest);
  }

  /** Coefficients of Σ_s f_s g_s; of Σ_s f_s g_s̄ where the two are complemented differently. */
  *join(f: States, g: States, complemented: boolean): Generator<number, Float64Array> {
    const result = new Float64Array(this.monomials.size);
    const last = this.size - 1;
    for (const [i, j, k] of this.monomials.products) {
      const left = f[i];
      const right = g[j];
      let sum = 0;
      if (complemented) for (let s = 0; s < this.size; s++) sum += left[s] * right[last - s];
      else for (let s = 0; s < this.size; s++) sum += left[s] * right[s];
      result[k] += sum;
      yield 2 * this.size;
    }
    return result;
  }
}
