import { Extremes } from './extremes.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** What a trace tells of every parameter. */
export type Column = 'parameter' | 'moment' | 'noise' | 'gradient';

const columns: readonly Column[] = ['parameter', 'moment', 'noise', 'gradient'];

/** Entries that a table has at most: more than any screen has pixels. */
export const mostEntries = 2 ** 14;

/**
 * A run's trace as the charts read it, steps ascending, in memory that does not grow with the steps: each
 * entry stands for some neighbouring rows by their extremes, so that no peak is lost. When the table is
 * full, every two entries become one. The host has every row.
 */
export class TraceTable {
  private readonly steps = new Extremes();
  private readonly columns: Readonly<Record<Column, readonly Extremes[]>>;
  /** Entries so far, rows that each stands for, and rows in the last of them. */
  private entries = 0;
  private stride = 1;
  private filled = 0;
  private last: Float64Array | null = null;
  private previous: Float64Array | null = null;
  private rows = 0;

  /** @param observed T̄_a/extent_a of the data, to which the moments are compared: p values */
  constructor(private readonly observed: readonly number[]) {
    const one = () => observed.map(() => new Extremes());
    this.columns = { parameter: one(), moment: one(), noise: one(), gradient: one() };
  }

  /** Numbers in a row. */
  get width(): number {
    return 1 + 3 * this.observed.length;
  }

  /** Rows that were added. */
  get length(): number {
    return this.rows;
  }

  /** The last row and the one before, 1 + 3p numbers each. */
  get ends(): { readonly last: Float64Array | null; readonly previous: Float64Array | null } {
    return { last: this.last, previous: this.previous };
  }

  /** Adds rows of 1 + 3p numbers: step, parameters, moments, noise. */
  append(rows: Float64Array): void {
    const { width } = this;
    const p = this.observed.length;
    for (let start = 0; start < rows.length; start += width) {
      const begins = this.entries === 0 || this.filled === this.stride;
      if (begins && this.entries === mostEntries) this.halve();
      if (begins) this.entries++;
      this.filled = begins ? 1 : this.filled + 1;
      const take = (series: Extremes, value: number) =>
        begins ? series.begin(this.entries - 1, value) : series.widen(this.entries - 1, value);
      take(this.steps, rows[start]);
      for (let a = 0; a < p; a++) {
        for (const column of columns) {
          take(this.columns[column][a], this.value(rows, start, column, a));
        }
      }
    }
    this.rows += rows.length / width;
    const end = rows.length;
    if (end >= width) {
      this.previous = end >= 2 * width ? rows.slice(end - 2 * width, end - width) : this.last;
      this.last = rows.slice(end - width);
    }
  }

  private value(rows: Float64Array, start: number, column: Column, a: number): number {
    const p = this.observed.length;
    if (column === 'parameter') return rows[start + 1 + a];
    if (column === 'noise') return rows[start + 1 + 2 * p + a];
    const moment = rows[start + 1 + p + a];
    return column === 'moment' ? moment : Math.abs(moment - this.observed[a]);
  }

  private halve(): void {
    for (const series of [this.steps, ...columns.flatMap((column) => this.columns[column])]) {
      series.halve(this.entries);
    }
    this.entries /= 2;
    this.stride *= 2;
  }

  /** First and last step; null while there is none. */
  get range(): { readonly min: number; readonly max: number } | null {
    return this.last === null ? null : { min: this.steps.first(0), max: this.last[0] };
  }

  /** Entries that stand for the steps min … max. */
  entriesIn(min: number, max: number): number {
    return this.entryOf(max) - this.entryOf(min);
  }

  /**
   * The points of a line over the steps min … max (and one on either side), at most two a pixel: where
   * there are more rows than that, the extremes of every pixel's rows.
   */
  line(column: Column, a: number, min: number, max: number, pixels: number): Point[] {
    const series = this.columns[column][a];
    const from = Math.max(0, this.entryOf(min) - 1);
    const to = Math.min(this.entries, this.entryOf(max) + 2);
    const points: Point[] = [];
    const single = this.stride === 1 && to - from <= 2 * pixels;
    if (single) {
      for (let k = from; k < to; k++) points.push({ x: this.steps.first(k), y: series.first(k) });
      return points;
    }
    // a plot is not always a whole number of pixels wide
    const groups = Math.min(Math.max(1, Math.floor(pixels)), to - from);
    for (let group = 0; group < groups; group++) {
      const start = from + Math.floor((group * (to - from)) / groups);
      const end = from + Math.floor(((group + 1) * (to - from)) / groups);
      const [low, high] = series.over(start, end);
      const x = this.steps.first(start);
      // up one pixel and down the next, so that neighbouring pixels join without a detour
      points.push({ x, y: group % 2 ? high : low }, { x, y: group % 2 ? low : high });
    }
    // the line ends where the run stands, not at the first row of its last entry
    if (to === this.entries && this.last !== null) {
      points.push({ x: this.last[0], y: this.value(this.last, 0, column, a) });
    }
    return points;
  }

  /** The path of two parameters, at most about `count` points of it and always its end. */
  path(a: number, b: number, count: number): Point[] {
    const stride = Math.max(1, Math.ceil(this.entries / count));
    const [x, y] = [this.columns.parameter[a], this.columns.parameter[b]];
    const points: Point[] = [];
    for (let k = 0; k < this.entries; k += stride) points.push({ x: x.first(k), y: y.first(k) });
    if (this.last !== null && (this.stride > 1 || (this.entries - 1) % stride !== 0)) {
      points.push({ x: this.last[1 + a], y: this.last[1 + b] });
    }
    return points;
  }

  /** The first entry whose first step is not below the given one. */
  private entryOf(step: number): number {
    let [low, high] = [0, this.entries];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.steps.first(middle) < step) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
