/** Entries of one level that one entry of the next level stands for. */
const fan = 16;

/** Entries of one piece of memory. */
const piece = 4096;

/** A growing list of numbers in pieces, so that growing copies nothing. */
class Growing {
  private readonly pieces: Float64Array[] = [];
  length = 0;

  push(value: number): void {
    if (this.length % piece === 0) this.pieces.push(new Float64Array(piece));
    this.pieces[Math.floor(this.length / piece)][this.length % piece] = value;
    this.length++;
  }

  at(index: number): number {
    return this.pieces[Math.floor(index / piece)][index % piece];
  }
}

interface Level {
  readonly low: Growing;
  readonly high: Growing;
}

/**
 * A growing series that can be drawn at any zoom in time that depends on the pixels, not on its length:
 * level l holds the smallest and the largest value of every 16^l entries, so that the extremes of any
 * stretch are found in O(log n) and no peak is lost.
 */
export class Pyramid {
  private readonly entries = new Growing();
  private readonly levels: Level[] = [];

  get length(): number {
    return this.entries.length;
  }

  at(index: number): number {
    return this.entries.at(index);
  }

  push(value: number): void {
    this.entries.push(value);
    // a full group of one level is one entry of the next
    let span = fan;
    for (let l = 0; this.length % span === 0; l++, span *= fan) {
      const [low, high] = this.extremes(this.length - span, this.length, l);
      this.levels[l] ??= { low: new Growing(), high: new Growing() };
      this.levels[l].low.push(low);
      this.levels[l].high.push(high);
    }
  }

  /** Smallest and largest value of the entries from … to − 1; [Infinity, −Infinity] for none. */
  extremes(from: number, to: number, highest = this.levels.length): [number, number] {
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    let k = from;
    while (k < to) {
      // the largest whole group that starts here and ends in time
      let span = 1;
      let level = 0;
      while (level < highest && k % (span * fan) === 0 && k + span * fan <= to) {
        span *= fan;
        level++;
      }
      if (level === 0) {
        const value = this.entries.at(k);
        low = Math.min(low, value);
        high = Math.max(high, value);
      } else {
        low = Math.min(low, this.levels[level - 1].low.at(k / span));
        high = Math.max(high, this.levels[level - 1].high.at(k / span));
      }
      k += span;
    }
    return [low, high];
  }
}
