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

/** A trace as plain data. */
export interface PlainTrace {
  readonly p: number;
  readonly rows: Float64Array<ArrayBuffer>;
  readonly steps: number;
}

/** Rows of one block. Blocks of one size leave no gaps behind, and a full one never changes again. */
export const blockRows = 8192;

/** Steps that are kept at most, some 7 MB for two parameters. */
export const mostRows = 2 ** 17;

/**
 * The steps of a fit, in a table of numbers: 1 + 3p columns a row. Where there are more than 131,072, every second
 * row goes, and only every second step is kept from then on; at each further doubling again. A fit over many nights
 * then takes no more memory than one of an hour.
 */
export class Trace {
  private blocks: Float64Array<ArrayBuffer>[] = [];
  private readonly width: number;
  /** Rows that are kept: of every how many steps one. */
  private kept = 0;
  private every = 1;
  private steps: number;

  /**
   * @param p number of the model's parameters
   * @param before steps whose rows somebody else has
   */
  constructor(
    readonly p: number,
    before = 0,
  ) {
    this.width = 1 + 3 * p;
    this.steps = before;
  }

  /** Number of steps, those whose rows it does not hold among them. */
  get length(): number {
    return this.steps;
  }

  /** Number of rows that it holds. */
  get rows(): number {
    return this.kept;
  }

  push(step: TraceStep): void {
    this.append([step.step, ...step.parameters, ...step.moments, ...step.noise]);
  }

  /** Adds the rows of further steps, one each. */
  append(rows: ArrayLike<number>): void {
    for (let start = 0; start < rows.length; start += this.width) {
      if (this.steps++ % this.every === 0) this.keep(rows, start);
    }
  }

  private keep(rows: ArrayLike<number>, start: number): void {
    const block = Math.floor(this.kept / blockRows);
    if (block === this.blocks.length) this.blocks.push(new Float64Array(blockRows * this.width));
    const at = (this.kept % blockRows) * this.width;
    for (let column = 0; column < this.width; column++) {
      this.blocks[block][at + column] = rows[start + column];
    }
    if (++this.kept === mostRows) this.halve();
  }

  private halve(): void {
    // into new blocks: the old ones may be on their way to a file
    const before = this.blocks;
    this.blocks = [];
    this.kept = 0;
    this.every *= 2;
    // a block has an even number of rows
    for (const block of before) {
      for (let start = 0; start < block.length; start += 2 * this.width) this.keep(block, start);
    }
  }

  /** How many of the first so many steps have a row. */
  rowsOf(steps: number): number {
    return Math.min(this.kept, Math.ceil(steps / this.every));
  }

  /** @throws RangeError if it does not hold this row */
  value(row: number, column: number): number {
    if (!(row >= 0 && row < this.kept)) throw new RangeError(`The trace holds no row ${row}.`);
    return this.blocks[Math.floor(row / blockRows)][(row % blockRows) * this.width + column];
  }

  at(row: number): TraceStep {
    const part = (k: number) =>
      Array.from({ length: this.p }, (_, a) => this.value(row, 1 + k * this.p + a));
    return { step: this.value(row, 0), parameters: part(0), moments: part(1), noise: part(2) };
  }

  /** The rows `first` … `last` (exclusive) as one flat array. @throws RangeError if it does not hold them */
  slice(first = 0, last = this.kept): Float64Array<ArrayBuffer> {
    const rows = new Float64Array(Math.max(0, last - first) * this.width);
    for (let row = first; row < last; row++) {
      for (let column = 0; column < this.width; column++) {
        rows[(row - first) * this.width + column] = this.value(row, column);
      }
    }
    return rows;
  }

  /** The rows that it holds, which it then forgets. */
  take(): Float64Array<ArrayBuffer> {
    const rows = this.slice();
    this.kept = 0;
    this.blocks.length = Math.min(1, this.blocks.length);
    return rows;
  }

  /** The rows that it holds in stretches, without a copy; a full block is the same array every time. */
  parts(): readonly Float64Array<ArrayBuffer>[] {
    return this.blocks.map((block, k) => {
      const used = Math.min(blockRows, this.kept - k * blockRows);
      return used === blockRows ? block : block.subarray(0, used * this.width);
    });
  }

  /** The first so many steps. */
  upTo(steps: number): Trace {
    const trace = new Trace(this.p);
    trace.append(this.slice(0, this.rowsOf(steps)));
    trace.every = this.every;
    trace.steps = Math.min(steps, this.steps);
    return trace;
  }

  /** The same as plain data, which threads can hand over. */
  plain(): PlainTrace {
    return { p: this.p, rows: this.slice(), steps: this.steps };
  }

  static revive({ p, rows, steps }: PlainTrace): Trace {
    return Trace.from(p, rows, steps);
  }

  /**
   * A trace from its rows.
   *
   * @param steps that they stand for; as many as rows where no trace has so many rows of so many steps
   */
  static from(p: number, rows: ArrayLike<number>, steps = 0): Trace {
    const trace = new Trace(p);
    trace.append(rows);
    let every = 1;
    while (Math.ceil(steps / every) > trace.rows && trace.rows > 0) every *= 2;
    if (Math.ceil(steps / every) === trace.rows) [trace.every, trace.steps] = [every, steps];
    return trace;
  }
}
