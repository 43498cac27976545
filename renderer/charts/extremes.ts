/** Entries of a series when it begins, doubled as it grows. */
const smallest = 1024;

const kinds = ['first', 'last', 'low', 'high', 'lowAt', 'highAt'] as const;

/** A value and the step at which it stood. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/**
 * A series of entries, each of which stands for some neighbouring values: their first, their last, their
 * smallest and their largest, and the steps of the last two.
 */
export class Extremes {
  private columns = Object.fromEntries(
    kinds.map((kind) => [kind, new Float64Array(smallest)]),
  ) as Record<(typeof kinds)[number], Float64Array>;

  /** Begins an entry. */
  begin(entry: number, value: number, step: number): void {
    if (entry === this.columns.first.length) this.grow();
    const { first, last, low, high, lowAt, highAt } = this.columns;
    first[entry] = value;
    last[entry] = value;
    low[entry] = value;
    high[entry] = value;
    lowAt[entry] = step;
    highAt[entry] = step;
  }

  /** Adds a value to an entry. */
  widen(entry: number, value: number, step: number): void {
    const { last, low, high, lowAt, highAt } = this.columns;
    last[entry] = value;
    // a first value that is none, as the moments of a starting point, gives way
    if (value < low[entry] || Number.isNaN(low[entry])) [low[entry], lowAt[entry]] = [value, step];
    if (value > high[entry] || Number.isNaN(high[entry]))
      [high[entry], highAt[entry]] = [value, step];
  }

  /** Makes one entry of every two from the given one on; their number is even. */
  halve(from: number, entries: number): void {
    const { first, last, low, high, lowAt, highAt } = this.columns;
    for (let k = from, a = from; a < entries; k++, a += 2) {
      const b = a + 1;
      const lower = low[b] < low[a] || Number.isNaN(low[a]) ? b : a;
      const higher = high[b] > high[a] || Number.isNaN(high[a]) ? b : a;
      [low[k], lowAt[k]] = [low[lower], lowAt[lower]];
      [high[k], highAt[k]] = [high[higher], highAt[higher]];
      [first[k], last[k]] = [first[a], last[b]];
    }
  }

  first(entry: number): number {
    return this.columns.first[entry];
  }

  last(entry: number): number {
    return this.columns.last[entry];
  }

  /**
   * What the entries `from` … `to` − 1 are drawn by: their first value, their smallest, their largest and
   * their last, in the order in which they stood, each once.
   *
   * @param steps the series of the steps themselves
   */
  points(steps: Extremes, from: number, to: number): Point[] {
    const { low, high, lowAt, highAt } = this.columns;
    let [lowest, highest] = [from, from];
    for (let k = from + 1; k < to; k++) {
      if (low[k] < low[lowest] || Number.isNaN(low[lowest])) lowest = k;
      if (high[k] > high[highest] || Number.isNaN(high[highest])) highest = k;
    }
    const points = [
      { x: steps.first(from), y: this.first(from) },
      { x: lowAt[lowest], y: low[lowest] },
      { x: highAt[highest], y: high[highest] },
      { x: steps.last(to - 1), y: this.last(to - 1) },
    ].sort((a, b) => a.x - b.x);
    return points.filter(({ x, y }, k) => !Number.isNaN(y) && (k === 0 || x > points[k - 1].x));
  }

  private grow(): void {
    for (const kind of kinds) {
      const twice = new Float64Array(2 * this.columns[kind].length);
      twice.set(this.columns[kind]);
      this.columns[kind] = twice;
    }
  }
}
