import { Pyramid } from './pyramid.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** What a trace tells of every parameter. */
export type Column = 'parameter' | 'moment' | 'noise' | 'gradient';

/** A run's trace as the charts read it: a pyramid a column, steps ascending. */
export class TraceTable {
  private readonly steps = new Pyramid();
  private readonly columns: Readonly<Record<Column, readonly Pyramid[]>>;
  private last: Float64Array | null = null;
  private previous: Float64Array | null = null;

  /** @param observed T̄_a/extent_a of the data, to which the moments are compared: p values */
  constructor(private readonly observed: readonly number[]) {
    const one = () => observed.map(() => new Pyramid());
    this.columns = { parameter: one(), moment: one(), noise: one(), gradient: one() };
  }

  /** Numbers in a row. */
  get width(): number {
    return 1 + 3 * this.observed.length;
  }

  get length(): number {
    return this.steps.length;
  }

  /** The last row and the one before, 1 + 3p numbers each. */
  get ends(): { readonly last: Float64Array | null; readonly previous: Float64Array | null } {
    return { last: this.last, previous: this.previous };
  }

  /** Adds rows of 1 + 3p numbers: step, parameters, moments, noise. */
  append(rows: Float64Array): void {
    const p = this.observed.length;
    const { width } = this;
    for (let start = 0; start < rows.length; start += width) {
      this.steps.push(rows[start]);
      for (let a = 0; a < p; a++) {
        const moment = rows[start + 1 + p + a];
        this.columns.parameter[a].push(rows[start + 1 + a]);
        this.columns.moment[a].push(moment);
        this.columns.noise[a].push(rows[start + 1 + 2 * p + a]);
        this.columns.gradient[a].push(Math.abs(moment - this.observed[a]));
      }
    }
    const end = rows.length;
    if (end >= width) {
      this.previous = end >= 2 * width ? rows.slice(end - 2 * width, end - width) : this.last;
      this.last = rows.slice(end - width);
    }
  }

  /** First and last step; null while there is none. */
  get range(): { readonly min: number; readonly max: number } | null {
    return this.length === 0
      ? null
      : { min: this.steps.at(0), max: this.steps.at(this.length - 1) };
  }

  /**
   * The points of a line over the steps min … max (and one on either side), at most two a pixel: where
   * there are more rows than that, the extremes of every pixel's rows.
   */
  line(column: Column, a: number, min: number, max: number, pixels: number): Point[] {
    const values = this.columns[column][a];
    const from = Math.max(0, this.rowOf(min) - 1);
    const to = Math.min(this.length, this.rowOf(max) + 2);
    const points: Point[] = [];
    if (to - from <= 2 * pixels) {
      for (let k = from; k < to; k++) points.push({ x: this.steps.at(k), y: values.at(k) });
      return points;
    }
    for (let pixel = 0; pixel < pixels; pixel++) {
      const start = from + Math.floor((pixel * (to - from)) / pixels);
      const end = from + Math.floor(((pixel + 1) * (to - from)) / pixels);
      const [low, high] = values.extremes(start, end);
      const x = this.steps.at(start);
      // up one pixel and down the next, so that neighbouring pixels join without a detour
      points.push({ x, y: pixel % 2 ? high : low }, { x, y: pixel % 2 ? low : high });
    }
    points.push({ x: this.steps.at(to - 1), y: values.at(to - 1) });
    return points;
  }

  /** The path of two parameters, at most about `count` points of it and always its end. */
  path(a: number, b: number, count: number): Point[] {
    const stride = Math.max(1, Math.ceil(this.length / count));
    const [x, y] = [this.columns.parameter[a], this.columns.parameter[b]];
    const points: Point[] = [];
    for (let k = 0; k < this.length; k += stride) points.push({ x: x.at(k), y: y.at(k) });
    const end = this.length - 1;
    if (end >= 0 && end % stride !== 0) points.push({ x: x.at(end), y: y.at(end) });
    return points;
  }

  /** The first row whose step is not below the given one. */
  private rowOf(step: number): number {
    let [low, high] = [0, this.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.steps.at(middle) < step) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
