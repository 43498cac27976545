/**
 * The numbers that a transfer matrix works on, and its hot loops: for every coefficient of a cut-off
 * polynomial one flat array of 2^w numbers, one a state of a row (bit c set: the spin in column c is up).
 *
 * A host may hand in faster loops; they give the same bits.
 */
export interface Columns {
  /** All zero at first. */
  readonly states: readonly Float64Array[];
  /** Two arrays with a byte a state, to be filled by the caller: what `diagonal` goes by. */
  readonly kinds: readonly [Uint8Array, Uint8Array];
  /**
   * Adds the vertical bonds of all columns, where an unsatisfied bond has weight q(1 + x), one column after
   * the other from the lowest bit on:
   *
   *   a_s ← a_s + q a_s̄,   b_s ← b_s + q (b_s̄ + a_s̄),   c_s ← c_s + q (c_s̄ + b_s̄),
   *
   * s̄ being s with the column's bit flipped. Yields, after some milliseconds of work, the columns just done.
   *
   * @param group which coefficients are m, m·x, m·x² (one to three of them)
   */
  bonds(group: readonly number[], q: number): Generator<number, void>;
  /**
   * Multiplies state s by w_k (1 + x)^u_k, k its kind:
   *
   *   a_s ← w a_s,   b_s ← w (b_s + u a_s),   c_s ← w (c_s + u (b_s + ½(u − 1) a_s)).
   *
   * @param kinds 0 or 1, which array of kinds
   * @param numbers u_k
   * @param weights w_k
   */
  diagonal(
    group: readonly number[],
    kinds: 0 | 1,
    numbers: Float64Array,
    weights: Float64Array,
  ): void;
}

/** Makes room for so many coefficients of 2^width states. */
export type ColumnsFactory = (width: number, coefficients: number) => Columns;

/** The loops in TypeScript: what any others have to do, and what runs where there are no others. */
export const plainColumns: ColumnsFactory = (width, coefficients) => {
  const size = 2 ** width;
  const states = Array.from({ length: coefficients }, () => new Float64Array(size));
  const kinds = [new Uint8Array(size), new Uint8Array(size)] as const;
  return {
    states,
    kinds,
    *bonds(group, q) {
      const [a, b, c] = group.map((k) => states[k]);
      for (let column = 0; column < width; column++) {
        const distance = 2 ** column;
        if (c) bond3(a, b, c, distance, q);
        else if (b) bond2(a, b, distance, q);
        else bond1(a, distance, q);
        yield 1;
      }
    },
    diagonal(group, which, numbers, weights) {
      const [a, b, c] = group.map((k) => states[k]);
      const kind = kinds[which];
      for (let s = 0; s < size; s++) {
        const u = numbers[kind[s]];
        const w = weights[kind[s]];
        if (c) c[s] = w * (c[s] + u * (b[s] + 0.5 * (u - 1) * a[s]));
        if (b) b[s] = w * (b[s] + u * a[s]);
        a[s] *= w;
      }
    },
  };
};

function bond1(a: Float64Array, distance: number, q: number): void {
  for (let block = 0; block < a.length; block += 2 * distance) {
    for (let s = block; s < block + distance; s++) {
      const r = s + distance;
      const downA = a[s];
      const upA = a[r];
      a[s] = downA + q * upA;
      a[r] = upA + q * downA;
    }
  }
}

function bond2(a: Float64Array, b: Float64Array, distance: number, q: number): void {
  for (let block = 0; block < a.length; block += 2 * distance) {
    for (let s = block; s < block + distance; s++) {
      const r = s + distance;
      const downA = a[s];
      const upA = a[r];
      const downB = b[s];
      const upB = b[r];
      a[s] = downA + q * upA;
      a[r] = upA + q * downA;
      b[s] = downB + q * (upB + upA);
      b[r] = upB + q * (downB + downA);
    }
  }
}

function bond3(
  a: Float64Array,
  b: Float64Array,
  c: Float64Array,
  distance: number,
  q: number,
): void {
  for (let block = 0; block < a.length; block += 2 * distance) {
    for (let s = block; s < block + distance; s++) {
      const r = s + distance;
      const downA = a[s];
      const upA = a[r];
      const downB = b[s];
      const upB = b[r];
      const downC = c[s];
      const upC = c[r];
      a[s] = downA + q * upA;
      a[r] = upA + q * downA;
      b[s] = downB + q * (upB + upA);
      b[r] = upB + q * (downB + downA);
      c[s] = downC + q * (upC + upB);
      c[r] = upC + q * (downC + downB);
    }
  }
}
