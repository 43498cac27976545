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

/** Rows of one block. Blocks of one size leave no gaps behind, and a full one never changes again. */
export const blockRows = 8192;

/** The steps of a fit, in a growing table of numbers: 1 + 3p columns a row. */
export class Trace {
  private readonly blocks: Float64Array<ArrayBuffer>[] = [];
  private readonly width: number;
  /** Rows that it holds. */
  private rows = 0;

  /**
   * @param p number of the model's parameters
   * @param before steps whose rows somebody else has
   */
  constructor(
    readonly p: number,
    private before = 0,
  ) {
    this.width = 1 + 3 * p;
  }

  /** Number of steps, those that it no longer holds among them. */
  get length(): number {
    return this.before + this.rows;
  }

  push(step: TraceStep): void {
    this.append([step.step, ...step.parameters, ...step.moments, ...step.noise]);
  }

  /** Adds rows as `slice` gives them. */
  append(rows: ArrayLike<number>): void {
    for (let start = 0; start < rows.length; start += this.width) {
      const block = Math.floor(this.rows / blockRows);
      if (block === this.blocks.length) this.blocks.push(new Float64Array(blockRows * this.width));
      const at = (this.rows % blockRows) * this.width;
      for (let column = 0; column < this.width; column++) {
        this.blocks[block][at + column] = rows[start + column];
      }
      this.rows++;
    }
  }

  /** @throws RangeError if it does not hold this row */
  value(row: number, column: number): number {
    const held = row - this.before;
    if (!(held >= 0 && held < this.rows)) throw new RangeError(`The trace holds no row ${row}.`);
    return this.blocks[Math.floor(held / blockRows)][(held % blockRows) * this.width + column];
  }

  at(row: number): TraceStep {
    const part = (k: number) =>
      Array.from({ length: this.p }, (_, a) => this.value(row, 1 + k * this.p + a));
    return {
      step: this.value(row, 0),
      parameters: part(0),
      moments: part(1),
      noise: part(2),
    };
  }

  /** The rows `first` … `last` (exclusive) as one flat array. @throws RangeError if it does not hold them */
  slice(first = this.before, last = this.length): Float64Array<ArrayBuffer> {
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
    this.before += this.rows;
    this.rows = 0;
    this.blocks.length = Math.min(1, this.blocks.length);
    return rows;
  }

  /** The rows that it holds in stretches, without a copy; a full block is the same array every time. */
  parts(): readonly Float64Array<ArrayBuffer>[] {
    return this.blocks.map((block, k) => {
      const used = Math.min(blockRows, this.rows - k * blockRows);
      return used === blockRows ? block : block.subarray(0, used * this.width);
    });
  }

  /** A trace from what `slice` gave. */
  static from(p: number, rows: ArrayLike<number>): Trace {
    const trace = new Trace(p);
    trace.append(rows);
    return trace;
  }
}
