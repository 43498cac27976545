/** Entries of a series when it begins, doubled as it grows. */
const smallest = 1024;

/**
 * A series of entries, each of which stands for some neighbouring values: their first, their smallest and
 * their largest.
 */
export class Extremes {
  private firsts = new Float64Array(smallest);
  private lows = new Float64Array(smallest);
  private highs = new Float64Array(smallest);

  /** Begins an entry. */
  begin(entry: number, value: number): void {
    if (entry === this.firsts.length) {
      this.firsts = longer(this.firsts);
      this.lows = longer(this.lows);
      this.highs = longer(this.highs);
    }
    this.firsts[entry] = value;
    this.lows[entry] = value;
    this.highs[entry] = value;
  }

  /** Adds a value to an entry. */
  widen(entry: number, value: number): void {
    if (value < this.lows[entry]) this.lows[entry] = value;
    if (value > this.highs[entry]) this.highs[entry] = value;
  }

  /** Makes one entry of every two; their number is even. */
  halve(entries: number): void {
    for (let k = 0; 2 * k < entries; k++) {
      this.firsts[k] = this.firsts[2 * k];
      this.lows[k] = Math.min(this.lows[2 * k], this.lows[2 * k + 1]);
      this.highs[k] = Math.max(this.highs[2 * k], this.highs[2 * k + 1]);
    }
  }

  first(entry: number): number {
    return this.firsts[entry];
  }

  /** Smallest and largest value of the entries from … to − 1; [Infinity, −Infinity] for none. */
  over(from: number, to: number): [number, number] {
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (let k = from; k < to; k++) {
      if (this.lows[k] < low) low = this.lows[k];
      if (this.highs[k] > high) high = this.highs[k];
    }
    return [low, high];
  }
}

function longer(values: Float64Array): Float64Array<ArrayBuffer> {
  const twice = new Float64Array(2 * values.length);
  twice.set(values);
  return twice;
}
