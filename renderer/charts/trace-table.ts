import { Extremes, type Point } from './extremes.ts';
import type { Range } from './view-range.ts';
import { WindingPath } from './winding-path.ts';

/** What a trace tells of every parameter. */
export type Column = 'parameter' | 'moment' | 'noise' | 'gradient';

const columns: readonly Column[] = ['parameter', 'moment', 'noise', 'gradient'];

/** Entries that a table has at most: more than any screen has pixels. */
export const mostEntries = 2 ** 14;

/** Entries at the beginning, where the fit makes its way, that stand for a step each for ever. */
const early = mostEntries / 4;

/** Points of a line that are drawn whatever the width, without thinning. */
export const plain = 2048;

/**
 * A run's trace as the charts read it, steps ascending, in memory that does not grow with the steps: each
 * entry stands for some neighbouring rows by their extremes, so that no peak is lost. When the table is
 * full, every two of the later entries become one. The host has every row.
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
  private readonly way = new WindingPath();

  /**
   * @param observed T̄_a/extent_a of the data, to which the moments are compared: p values
   * @param ordinate the parameter that the path has beside the first: the first field, as a rule
   */
  constructor(
    private readonly observed: readonly number[],
    private readonly ordinate = observed.length - 1,
  ) {
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
      const entry = this.entries - 1;
      const step = rows[start];
      const take = (series: Extremes, value: number) =>
        begins ? series.begin(entry, value, step) : series.widen(entry, value, step);
      take(this.steps, step);
      for (let a = 0; a < p; a++) {
        for (const column of columns) {
          take(this.columns[column][a], this.value(rows, start, column, a));
        }
      }
      if (this.ordinate > 0) {
        this.way.add({ x: rows[start + 1], y: rows[start + 1 + this.ordinate] });
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
      series.halve(early, this.entries);
    }
    this.entries = (early + this.entries) / 2;
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
   * The points of a line over the steps in sight (and one on either side), in the order of the steps. Where
   * they are too many, the first, the smallest, the largest and the last of every pixel's stand for them.
   *
   * @param place where a step stands on the axis, as a fraction of the pixels
   */
  line(
    column: Column,
    a: number,
    { min, max }: Range,
    pixels: number,
    place = (step: number) => (step - min) / (max - min),
  ): Point[] {
    const series = this.columns[column][a];
    const from = Math.max(0, this.entryOf(min) - 1);
    const to = Math.min(this.entries, this.entryOf(max) + 2);
    const few = to - from <= plain;
    const pixelOf = (entry: number) =>
      few ? entry : Math.floor(place(this.steps.first(entry)) * pixels);
    const points: Point[] = [];
    for (let start = from, end = from; start < to; start = end) {
      const pixel = pixelOf(start);
      do end++;
      while (end < to && pixelOf(end) === pixel);
      points.push(...series.points(this.steps, start, end));
    }
    return points;
  }

  /** The path of the first parameter and the ordinate's. */
  get path(): readonly Point[] {
    return this.way.points;
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
