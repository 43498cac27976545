/** One step of a fit. */
export interface TraceStep {
  readonly step: number;
  /** θ after the step. */
  readonly parameters: readonly number[];
  /** The model's moments T_a/extent_a that the step was made from. */
  readonly moments: readonly number[];
  /** Standard error of those moments; 0 where they are exact. */
  readonly noise: readonly number[];
}

/** Every step of a fit, in one growing table of numbers: 1 + 3p columns a row. */
export class Trace {
  private table: Float64Array;
  private rows = 0;
  private readonly width: number;

  /** @param p number of the model's parameters */
  constructor(readonly p: number) {
    this.width = 1 + 3 * p;
    this.table = new Float64Array(64 * this.width);
  }

  get length(): number {
    return this.rows;
  }

  push(step: TraceStep): void {
    this.append([step.step, ...step.parameters, ...step.moments, ...step.noise]);
  }

  /** Adds rows as `slice` gives them. */
  append(rows: ArrayLike<number>): void {
    const used = this.rows * this.width;
    if (used + rows.length > this.table.length) {
      const larger = new Float64Array(Math.max(2 * this.table.length, used + rows.length));
      larger.set(this.table);
      this.table = larger;
    }
    this.table.set(rows, used);
    this.rows += rows.length / this.width;
  }

  at(row: number): TraceStep {
    const start = row * this.width;
    const part = (k: number) =>
      Array.from(this.table.subarray(start + 1 + k * this.p, start + 1 + (k + 1) * this.p));
    return { step: this.table[start], parameters: part(0), moments: part(1), noise: part(2) };
  }

  /** The rows from `first` on as one flat array, to send or save. */
  slice(first = 0): Float64Array {
    return this.table.slice(first * this.width, this.rows * this.width);
  }

  /** A trace from what `slice` gave. */
  static from(p: number, rows: Float64Array): Trace {
    const trace = new Trace(p);
    trace.append(rows);
    return trace;
  }
}
