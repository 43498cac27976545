import type { Lattice } from '../models/lattice/lattice.ts';

/** Where the partner of a site lies: along its row, along its column, or along one of the diagonals. */
export const directions = ['rows', 'columns', 'falling', 'rising'] as const;
export type Direction = (typeof directions)[number];

/** Distances that are looked at: every short one, then fewer. */
const ladder = [1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 16, 20, 24, 32];

/** (rows, columns) from a site to its partner at distance 1; diagonals fall or rise to the right. */
const steps: Readonly<Record<Direction, readonly [number, number]>> = {
  rows: [0, 1],
  columns: [1, 0],
  falling: [1, 1],
  rising: [-1, 1],
};

/** The distances, in steps, up to half of the side that a direction runs along. */
export function distances({ rows, cols }: Lattice, direction: Direction): number[] {
  const [down, right] = steps[direction];
  const side = Math.min(down === 0 ? cols : rows, right === 0 ? rows : cols);
  return ladder.filter((d) => 2 * d <= side);
}

/** Means of products of spins over one image; all sites on a torus, only those inside with free edges. */
export interface PairCounter {
  /** Takes the image that all else is asked of. */
  take(spins: ArrayLike<number>): void;
  /** G_e(d): mean of s_i s_j over all pairs j = i + d·e. */
  pairMean(direction: Direction, distance: number): number;
  /** Mean product of the four spins around a plaquette; NaN for a chain, which has none. */
  plaquetteMean(): number;
}

/**
 * A counter of pairs: rows are packed into words of 32 spins, one bit each, so that unequal pairs are the
 * ones of an exclusive or with the row's own shift.
 */
export function pairCounter({ rows, cols, boundary }: Lattice): PairCounter {
  const wraps = boundary === 'periodic';
  const width = Math.ceil(cols / 32);
  const packed = new Int32Array(rows * width);
  /** Rows shifted to the left of the picture, for one distance after the other. */
  const shifts = new Map<number, Int32Array>();
  const fresh = new Set<number>();
  const masks = new Map<number, Int32Array>();

  /** Words with their first `length` bits set. */
  const maskOf = (length: number) => {
    let mask = masks.get(length);
    if (!mask) {
      mask = Int32Array.from({ length: width }, (_, w) => {
        const bits = Math.max(0, Math.min(32, length - 32 * w));
        return bits === 32 ? -1 : (1 << bits) - 1;
      });
      masks.set(length, mask);
    }
    return mask;
  };

  /** Every row with the spin at r + distance in place r; on a torus the seam is closed. */
  const shifted = (distance: number): Int32Array => {
    if (distance === 0) return packed;
    let result = shifts.get(distance);
    if (!result) {
      result = new Int32Array(rows * width);
      shifts.set(distance, result);
    }
    if (fresh.has(distance)) return result;
    fresh.add(distance);
    for (let q = 0; q < rows; q++) {
      const row = q * width;
      for (let w = 0; w < width; w++) {
        result[row + w] = bitsFrom(row, 32 * w + distance);
        // what comes from the other side: place r takes r + distance − cols
        if (wraps) result[row + w] |= bitsFrom(row, 32 * w + distance - cols);
      }
    }
    return result;
  };

  /** 32 bits of a row from any place on; zero outside. */
  const bitsFrom = (row: number, place: number): number => {
    const word = place >> 5;
    const bit = place & 31;
    const low = word >= 0 && word < width ? packed[row + word] >>> bit : 0;
    const next = word + 1;
    const high = bit > 0 && next >= 0 && next < width ? packed[row + next] << (32 - bit) : 0;
    return low | high;
  };

  return {
    take(spins) {
      fresh.clear();
      packed.fill(0);
      for (let q = 0; q < rows; q++) {
        const begin = q * cols;
        for (let w = 0; w < width; w++) {
          const end = Math.min(cols, 32 * w + 32);
          let word = 0;
          // −1 has its sign bit set, +1 has not
          for (let r = 32 * w; r < end; r++) word |= (~spins[begin + r] >>> 31) << (r & 31);
          packed[q * width + w] = word;
        }
      }
    },
    pairMean(direction, distance) {
      const [down, right] = steps[direction].map((step) => step * distance);
      const partner = shifted(right);
      const length = wraps ? cols : cols - right;
      const mask = maskOf(length);
      let unequal = 0;
      let lines = 0;
      for (let q = 0; q < rows; q++) {
        let other = q + down;
        if (other < 0 || other >= rows) {
          if (!wraps) continue;
          other = other < 0 ? other + rows : other - rows;
        }
        lines++;
        for (let w = 0; w < width; w++) {
          unequal += ones((packed[q * width + w] ^ partner[other * width + w]) & mask[w]);
        }
      }
      return 1 - (2 * unequal) / (lines * length);
    },
    plaquetteMean() {
      if (rows < 2 || cols < 2) return Number.NaN;
      const right = shifted(1);
      const length = wraps ? cols : cols - 1;
      const mask = maskOf(length);
      const lines = wraps ? rows : rows - 1;
      let odd = 0;
      for (let q = 0; q < lines; q++) {
        const here = q * width;
        const below = q + 1 === rows ? 0 : here + width;
        for (let w = 0; w < width; w++) {
          const word = packed[here + w] ^ right[here + w] ^ packed[below + w] ^ right[below + w];
          odd += ones(word & mask[w]);
        }
      }
      return 1 - (2 * odd) / (lines * length);
    },
  };
}

/** Number of ones in a word, by sums of pairs, fours and bytes. */
function ones(word: number): number {
  let x = word - ((word >>> 1) & 0x55555555);
  x = (x & 0x33333333) + ((x >>> 2) & 0x33333333);
  x = (x + (x >>> 4)) & 0x0f0f0f0f;
  return Math.imul(x, 0x01010101) >>> 24;
}
