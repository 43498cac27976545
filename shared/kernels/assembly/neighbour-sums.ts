import { addCounts, laneBytes } from './lane-moments';
import { above, address, below, cols, lanes, offset, rows, size, wrapsCols, wrapsRows } from './shape';

/*
 * How often each sum S = 0 … 8 of the four neighbours' bytes occurs in every lane, over all sites. Ghosts count
 * as 1 each, so that S is even wherever edges go round.
 */

/** Sites whose number fits a byte. */
@inline const room: i32 = 255;
/** Sums 0 … 8. */
@inline const sums: usize = 9;

/** For each sum 32 counts, i32. */
let counts: usize = 0;

export function setCounts(counts_: usize): void {
  counts = counts_;
}

/** Counts of 16 lanes, the first at `first`. S = 8 is what is left. */
@inline function count(first: usize, even: bool): void {
  const to = counts + 4 * first;
  const none = i8x16.splat(0);
  let s0 = none;
  let s1 = none;
  let s2 = none;
  let s3 = none;
  let s4 = none;
  let s5 = none;
  let s6 = none;
  let s7 = none;
  let left = room;
  for (let row = 0; row < rows; row++) {
    for (let colour = 0; colour < 2; colour++) {
      const others = address(row, 1 - colour);
      const beside = (offset(row, colour) ? others : others - lanes) + first;
      const over = above(row, colour) + first;
      const under = below(row, colour) + first;
      const bytes = size(row, colour);
      for (let x: usize = 0; x < bytes; ) {
        const begun = x;
        const stop = min(bytes, x + <usize>left * lanes);
        for (; x < stop; x += lanes) {
          const sum = i8x16.add(
            i8x16.add(v128.load(over + x), v128.load(under + x)),
            i8x16.add(v128.load(beside + x), v128.load(beside + x, 32)),
          );
          // true is −1
          s0 = i8x16.sub(s0, i8x16.eq(sum, none));
          s2 = i8x16.sub(s2, i8x16.eq(sum, i8x16.splat(2)));
          s4 = i8x16.sub(s4, i8x16.eq(sum, i8x16.splat(4)));
          s6 = i8x16.sub(s6, i8x16.eq(sum, i8x16.splat(6)));
          if (even) continue;
          s1 = i8x16.sub(s1, i8x16.eq(sum, i8x16.splat(1)));
          s3 = i8x16.sub(s3, i8x16.eq(sum, i8x16.splat(3)));
          s5 = i8x16.sub(s5, i8x16.eq(sum, i8x16.splat(5)));
          s7 = i8x16.sub(s7, i8x16.eq(sum, i8x16.splat(7)));
        }
        left -= <i32>((x - begun) / lanes);
        if (left > 0) continue;
        addCounts(to, s0);
        addCounts(to + 2 * laneBytes, s2);
        addCounts(to + 4 * laneBytes, s4);
        addCounts(to + 6 * laneBytes, s6);
        s0 = s2 = s4 = s6 = none;
        left = room;
        if (even) continue;
        addCounts(to + laneBytes, s1);
        addCounts(to + 3 * laneBytes, s3);
        addCounts(to + 5 * laneBytes, s5);
        addCounts(to + 7 * laneBytes, s7);
        s1 = s3 = s5 = s7 = none;
      }
    }
  }
  addCounts(to, s0);
  addCounts(to + laneBytes, s1);
  addCounts(to + 2 * laneBytes, s2);
  addCounts(to + 3 * laneBytes, s3);
  addCounts(to + 4 * laneBytes, s4);
  addCounts(to + 5 * laneBytes, s5);
  addCounts(to + 6 * laneBytes, s6);
  addCounts(to + 7 * laneBytes, s7);
  for (let lane: usize = 0; lane < 16; lane++) {
    const at = to + (lane << 2);
    let rest = rows * cols;
    for (let sum: usize = 0; sum < sums - 1; sum++) rest -= load<i32>(at + sum * laneBytes);
    store<i32>(at, rest, (sums - 1) * laneBytes);
  }
}

function countAny(first: usize): void {
  count(first, false);
}

function countEven(first: usize): void {
  count(first, true);
}

/** Counts the sums of all lanes as the spins are now; lanes are lattices. */
export function countSums(): void {
  memory.fill(counts, 0, sums * laneBytes);
  const even = (wrapsRows || rows == 1) && (wrapsCols || cols == 1);
  for (let first: usize = 0; first < lanes; first += 16) {
    if (even) countEven(first);
    else countAny(first);
  }
}
