import type { Series } from '../kernel.ts';

/**
 * The sampled statistics of one stage, in the order of time. Where they reach their capacity every second
 * one is dropped, and the stride between two, which the owner keeps, doubles.
 */
export class Samples {
  private values: Float64Array;
  private rows = 0;

  /** @param width values of one measurement: chains × statistics */
  constructor(
    private readonly chains: number,
    private readonly statistics: number,
  ) {
    this.values = new Float64Array(256 * chains * statistics);
  }

  get measurements(): number {
    return this.rows;
  }

  /** All that is kept: a view, and not a copy. */
  get series(): Series {
    const { chains, statistics, rows } = this;
    const values = this.values.subarray(0, rows * chains * statistics);
    return { statistics, chains, measurements: rows, values };
  }

  push({ values, measurements }: Series): void {
    const width = this.chains * this.statistics;
    const needed = (this.rows + measurements) * width;
    if (needed > this.values.length) {
      const larger = new Float64Array(Math.max(2 * this.values.length, needed));
      larger.set(this.values.subarray(0, this.rows * width));
      this.values = larger;
    }
    this.values.set(values, this.rows * width);
    this.rows += measurements;
  }

  /** Keeps the second, fourth, … measurement of the present ones. */
  thin(): void {
    const width = this.chains * this.statistics;
    this.rows = Math.floor(this.rows / 2);
    for (let t = 0; t < this.rows; t++) {
      this.values.copyWithin(t * width, (2 * t + 1) * width, (2 * t + 2) * width);
    }
  }

  /** Forgets the first measurements. */
  drop(measurements: number): void {
    const width = this.chains * this.statistics;
    this.values.copyWithin(0, measurements * width, this.rows * width);
    this.rows -= measurements;
  }
}
