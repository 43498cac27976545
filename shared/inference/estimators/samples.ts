import type { Series } from '../../sampling/kernel.ts';

/** Rows of numbers, in an array that grows. */
class Rows {
  private numbers: Float64Array;

  constructor(private readonly width: number) {
    this.numbers = new Float64Array(256 * width);
  }

  /** The first rows: a view, and not a copy. */
  first(rows: number): Float64Array {
    return this.numbers.subarray(0, rows * this.width);
  }

  push(numbers: Float64Array, rows: number): void {
    const used = rows * this.width;
    if (used + numbers.length > this.numbers.length) {
      const larger = new Float64Array(Math.max(2 * this.numbers.length, used + numbers.length));
      larger.set(this.first(rows));
      this.numbers = larger;
    }
    this.numbers.set(numbers, used);
  }

  move(to: number, from: number, rows: number): void {
    const { width } = this;
    this.numbers.copyWithin(to * width, from * width, (from + rows) * width);
  }
}

/**
 * The measurements that a fit keeps, of all chains. Where memory asks for it every second one is dropped, and
 * the stride between two, which the owner keeps, doubles.
 */
export class Samples {
  private readonly values: Rows;
  private readonly scores: Rows;
  private rows = 0;
  /** Whether all that is kept has scores. */
  private scored = true;

  constructor(
    private readonly chains: number,
    private readonly statistics: number,
  ) {
    this.values = new Rows(chains * statistics);
    this.scores = new Rows(chains * statistics);
  }

  get measurements(): number {
    return this.rows;
  }

  /** All that is kept: views, and not copies. */
  get series(): Series {
    const { chains, statistics, rows } = this;
    return {
      statistics,
      chains,
      measurements: rows,
      values: this.values.first(rows),
      ...(this.scored && { scores: this.scores.first(rows) }),
    };
  }

  push({ values, scores, measurements }: Series): void {
    if (this.rows === 0) this.scored = true;
    this.values.push(values, this.rows);
    if (scores && this.scored) this.scores.push(scores, this.rows);
    else this.scored = false;
    this.rows += measurements;
  }

  /** Keeps the second, fourth, … measurement of the present ones. */
  thin(): void {
    this.rows = Math.floor(this.rows / 2);
    for (let t = 0; t < this.rows; t++) {
      this.values.move(t, 2 * t + 1, 1);
      if (this.scored) this.scores.move(t, 2 * t + 1, 1);
    }
  }

  /** Forgets the first measurements. */
  drop(measurements: number): void {
    this.rows -= measurements;
    this.values.move(0, measurements, this.rows);
    if (this.scored) this.scores.move(0, measurements, this.rows);
  }
}
