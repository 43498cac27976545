import { copySite, repeatEdges, wrapRow } from './edges';
import {
  addChains,
  keepLast,
  partBytes,
  partRows,
  restoreLast,
  sumAll,
  sumRows,
  terms,
} from './lane-moments';
import { due, gapTable, longest, setDue, shortGap, state } from './second-drawings';
import { nextA, nextB, nextC, output } from './sfc64';
import {
  above,
  address,
  below,
  blockRows,
  blocks,
  cols,
  lanes,
  lastRows,
  oddCols,
  oddRows,
  offset,
  rowStep,
  rows,
  size,
  split,
  wrapsCols,
} from './shape';
import { lookUp, ones, turn24, twos } from './vectors';

export { refresh } from './edges';
export { setMoments, clearMoments } from './lane-moments';
export { countSums, setCounts } from './neighbour-sums';
export { redraw, setGaps } from './second-drawings';
export { setShape, setSpins } from './shape';
export { heapBase } from './vectors';

/*
 * Heat-bath on byte lanes. A spin is a byte: 0 down, 2 up, 1 a ghost outside a free edge, so that the sum S
 * of four neighbours is 0 … 8 and ghosts need no case of their own.
 *
 * A random byte r (signed, −128 … 127) turns the spin up where r < threshold[S]. That leaves probabilities
 * a grid of 1/256; what is between two of its points is made up for by drawing one update in 256 anew, with
 * 32 bits. Which ones is drawn beforehand, as the number of updates until the next: the hot loop neither
 * looks for them nor keeps them.
 *
 * With two couplings the sums along the row and along the column are apart, and the table has an entry for
 * each pair of them: 25, in two vectors.
 */

/** Entries from a sum along the column to the next, where there are two couplings. */
@inline const radix: u32 = 5;

/** Updates of whole rows whose second drawings are made together: some dozens of these, in the cache. */
@inline const settleBytes: usize = 16384;

let generator: usize = 0;
let threshold: usize = 0;
let fraction: usize = 0;

/** Some probability is near 1: the byte 127 counts as 126, so that a threshold may lie above all. */
let strong: bool = false;

export function setTables(generator_: usize, threshold_: usize, fraction_: usize): void {
  generator = generator_;
  threshold = threshold_;
  fraction = fraction_;
}

export function setStrong(strong_: bool): void {
  strong = strong_;
}

/**
 * Draws those of `bytes` updates of one colour anew whose turn it is. They begin at `here` and fill rows of `width`
 * bytes; `up`, `down`, `side` lead to a site's neighbours, in every second row `side` by `further` more; `part`
 * holds the terms.
 */
@inline function settle(
  here: usize,
  width: usize,
  bytes: usize,
  up: usize,
  down: usize,
  side: usize,
  further: usize,
  part: usize,
  measure: bool,
  apart: bool,
): void {
  let skip = due();
  if (skip < bytes) {
    const beyond = rowStep() - width;
    const fractions = fraction;
    const gaps = gapTable();
    // so that the rows before an update are a product and not a quotient, exactly for the few rows that there may be
    const inverse: u64 = bytes == width ? 0 : <u64>0xffffffff / width + 1;
    let a = load<u64>(state());
    let b = load<u64>(state(), 8);
    let c = load<u64>(state(), 16);
    let counter = load<u64>(state(), 24);
    do {
      const passed = <usize>((<u64>skip * inverse) >> 32);
      const at = here + skip + passed * beyond;
      const beside = at + side + (passed & 1 ? further : 0);
      const across = u32(load<u8>(at + up)) + load<u8>(at + down);
      const along = u32(load<u8>(beside)) + load<u8>(beside, lanes);
      const entry = apart ? along + radix * across : along + across;
      let word = a + b + counter++;
      a = b ^ (b >> 11);
      b = c + (c << 3);
      c = rotl<u64>(c, 24) + word;
      const rises = u32(word) < load<u32>(fractions + (<usize>entry << 2));
      const spin: u32 = u32(rises) << 1;
      if (measure) {
        const mask: u32 = rises ? 255 : 0;
        store<u8>(part + skip, (apart ? along : along + across) ^ mask);
        if (apart) store<u8>(part + partBytes + skip, across ^ mask);
      }
      store<u8>(at, spin);
      skip++;
      let k = shortGap(u32(word >> 32), gaps);
      skip += k;
      // the step once more: one loop with a flag made bare sweeps up to 8 % slower
      while (k == longest) {
        word = a + b + counter++;
        a = b ^ (b >> 11);
        b = c + (c << 3);
        c = rotl<u64>(c, 24) + word;
        k = shortGap(u32(word >> 32), gaps);
        skip += k;
      }
    } while (skip < bytes);
    store<u64>(state(), a);
    store<u64>(state(), b, 8);
    store<u64>(state(), c, 16);
    store<u64>(state(), counter, 24);
  }
  setDue(skip - bytes);
}

/**
 * Where the rows from `start` end whose second drawings are made together. The first row and the last have their
 * neighbours elsewhere than others, and an odd number of columns makes rows of two lengths.
 */
@inline function settledTo(start: i32, last: i32): i32 {
  if ((cols & 1) != 0 || start == 0 || start == rows - 1) return start + 1;
  const number = max(1, i32(settleBytes / size(start, 0)));
  return min(min(start + number, last), rows - 1);
}

/**
 * Updates one colour in rows first … last − 1.
 *
 * @param measure leave S, or its complement where the spin rises, of every site
 * @param nearOne see `strong`
 * @param apart see `split`
 */
@inline function pass(
  colour: i32,
  first: i32,
  last: i32,
  measure: bool,
  nearOne: bool,
  apart: bool,
): void {
  const table = v128.load(threshold);
  const table1 = v128.load(threshold, 16);
  const two = twos();
  const most = i8x16.splat(126);
  const one = ones();
  const turn = turn24();
  let a = v128.load(generator);
  let b = v128.load(generator, 16);
  let c = v128.load(generator, 32);
  let counter = v128.load(generator, 48);
  let part = terms();
  // rows whose second drawings are yet to be made
  let start = first;
  let startPart = part;
  let stop = settledTo(first, last);
  for (let row = first; row < last; row++) {
    const shifted = offset(row, colour) != 0;
    const bytes = size(row, colour);
    const here = address(row, colour);
    const others = address(row, 1 - colour);
    const beside = shifted ? others : others - lanes;
    const over = above(row, colour);
    const under = below(row, colour);
    // first and last column are neighbours of one colour where an odd number of them goes round
    const seam = oddCols && !shifted;
    let x: usize = 0;
    let end = seam ? bytes - lanes : bytes;
    while (true) {
      const begin = x;
      while (x < end) {
        // the right neighbours of a site are the left ones of the next
        let left0 = v128.load(beside + x);
        let left1 = v128.load(beside + x, 16);
        // an innermost loop at this depth is unrolled once by V8, which gives 5 to 7 %
        for (; x < end; x += 32) {
          // 16 random bytes; the second vector's loads come after the first one's store, or V8 runs out of registers
          let t0 = output(a, b, counter);
          counter = i64x2.add(counter, one);
          a = nextA(b);
          b = nextB(c);
          c = nextC(c, t0, turn);
          if (nearOne) t0 = i8x16.min_s(t0, most);
          // the neighbours' sums
          const across0 = i8x16.add(v128.load(over + x), v128.load(under + x));
          const right0 = v128.load(beside + x, 32);
          const along0 = i8x16.add(left0, right0);
          left0 = right0;
          const sum0 = apart ? fivefold(across0, along0) : i8x16.add(across0, along0);
          // up where the random byte is below the threshold
          const below0 = apart ? lookUp25(table, table1, sum0) : lookUp(table, sum0);
          const rises0 = i8x16.gt_s(below0, t0);
          v128.store(here + x, v128.and(rises0, two));
          if (measure) {
            v128.store(part + x, v128.xor(apart ? along0 : sum0, rises0));
            if (apart) v128.store(part + partBytes + x, v128.xor(across0, rises0));
          }
          // 16 random bytes
          let t1 = output(a, b, counter);
          counter = i64x2.add(counter, one);
          a = nextA(b);
          b = nextB(c);
          c = nextC(c, t1, turn);
          if (nearOne) t1 = i8x16.min_s(t1, most);
          // the neighbours' sums
          const across1 = i8x16.add(v128.load(over + x, 16), v128.load(under + x, 16));
          const right1 = v128.load(beside + x, 48);
          const along1 = i8x16.add(left1, right1);
          left1 = right1;
          const sum1 = apart ? fivefold(across1, along1) : i8x16.add(across1, along1);
          // up where the random byte is below the threshold
          const below1 = apart ? lookUp25(table, table1, sum1) : lookUp(table, sum1);
          const rises1 = i8x16.gt_s(below1, t1);
          v128.store(here + x, v128.and(rises1, two), 16);
          if (measure) {
            v128.store(part + x, v128.xor(apart ? along1 : sum1, rises1), 16);
            if (apart) v128.store(part + partBytes + x, v128.xor(across1, rises1), 16);
          }
        }
      }
      if (row + 1 == stop) {
        const from = address(start, colour);
        const inset = offset(start, colour) != 0;
        settle(
          from + begin,
          bytes,
          <usize>(row - start) * bytes + end - begin,
          over - here,
          under - here,
          address(start, 1 - colour) - from - (inset ? 0 : lanes),
          inset ? -lanes : lanes,
          startPart + begin,
          measure,
          apart,
        );
      }
      if (end == bytes) break;
      // the last column sees the first one as it is now
      copySite(others + size(row, 1 - colour), here);
      end = bytes;
    }
    if (measure) part += bytes;
    if (row + 1 == stop) {
      if (wrapsCols) {
        for (; start < stop; start++) wrapRow(start, colour, address(start, colour), bytes);
      }
      start = stop;
      stop = settledTo(start, last);
      startPart = part;
    }
  }
  v128.store(generator, a);
  v128.store(generator, b, 16);
  v128.store(generator, c, 32);
  v128.store(generator, counter, 48);
}

/** The entries of a table of 25 in two vectors: beyond its 16 each of them gives 0. */
@inline function lookUp25(table: v128, table1: v128, places: v128): v128 {
  const beyond = i8x16.sub(places, i8x16.splat(16));
  return v128.or(i8x16.swizzle(table, places), i8x16.swizzle(table1, beyond));
}

/** along + 5 across. */
@inline function fivefold(across: v128, along: v128): v128 {
  const twice = i8x16.add(across, across);
  return i8x16.add(i8x16.add(along, across), i8x16.add(twice, twice));
}

function update(colour: i32, first: i32, last: i32): void {
  pass(colour, first, last, false, false, false);
}

function updateStrong(colour: i32, first: i32, last: i32): void {
  pass(colour, first, last, false, true, false);
}

function updateApart(colour: i32, first: i32, last: i32): void {
  pass(colour, first, last, false, false, true);
}

function updateStrongApart(colour: i32, first: i32, last: i32): void {
  pass(colour, first, last, false, true, true);
}

function measure(colour: i32, first: i32, last: i32): void {
  pass(colour, first, last, true, false, false);
}

function measureStrong(colour: i32, first: i32, last: i32): void {
  pass(colour, first, last, true, true, false);
}

function measureApart(colour: i32, first: i32, last: i32): void {
  pass(colour, first, last, true, false, true);
}

function measureStrongApart(colour: i32, first: i32, last: i32): void {
  pass(colour, first, last, true, true, true);
}

@inline function updateRows(colour: i32, first: i32, last: i32): void {
  if (split) {
    if (strong) updateStrongApart(colour, first, last);
    else updateApart(colour, first, last);
  } else if (strong) updateStrong(colour, first, last);
  else update(colour, first, last);
}

@inline function measureRows(colour: i32, first: i32, last: i32): void {
  if (split) {
    if (strong) measureStrongApart(colour, first, last);
    else measureApart(colour, first, last);
  } else if (strong) measureStrong(colour, first, last);
  else measure(colour, first, last);
}

/** Odd sites of some rows, measured while they are in the cache. */
@inline function measuredRows(first: i32, last: i32): void {
  for (let row = first; row < last; ) {
    let end = min(row + partRows(), last);
    // what lies beyond the lattice's last row counts nowhere
    if (row < lastRows && end > lastRows) end = lastRows;
    const beyond = row >= lastRows;
    measureRows(1, row, end);
    if (beyond) keepLast();
    sumRows(row, end);
    if (beyond) restoreLast();
    row = end;
  }
}

/** One colour in some rows, complete. */
@inline function half(colour: i32, first: i32, last: i32, measure: bool): void {
  let row = first;
  // where two rows of one colour meet, the lattice's last one sees its first as it is now
  if (blocks && oddRows && first == 0 && last > 1) {
    updateRows(colour, 0, 1);
    repeatEdges(colour, 0, 1);
    row = 1;
  }
  if (measure) measuredRows(row, last);
  else updateRows(colour, row, last);
  repeatEdges(colour, row, last);
}

/**
 * One sweep: colour 0, then colour 1. Odd sites follow even ones at a distance of one row, block by block,
 * so that a lattice larger than the cache passes through it once and not twice.
 */
@inline function sweep(measure: bool): void {
  if (blockRows >= rows) {
    half(0, 0, rows, false);
    half(1, 0, rows, measure);
    return;
  }
  // row 0 comes last, because the row above it is the last
  let next = 1;
  for (let first = 0; first < rows; first += blockRows) {
    const last = min(first + blockRows, rows);
    half(0, first, last, false);
    const end = last == rows ? rows : last - 1;
    if (next < end) half(1, next, end, measure);
    next = max(next, end);
  }
  half(1, 0, 1, measure);
}

export function sweeps(number: i32): void {
  for (let k = 0; k < number; k++) sweep(false);
}

/** Sweeps, B and m after every `stride`-th of them, and their sums. */
export function run(measurements: i32, stride: i32): void {
  for (let k = 0; k < measurements; k++) {
    if (oddCols || oddRows) {
      sweeps(stride);
      sumAll();
    } else {
      sweeps(stride - 1);
      sweep(true);
    }
    addChains();
  }
}
