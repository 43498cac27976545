import { nextA, nextB, nextC, output } from './sfc64';

/*
 * Heat-bath on byte lanes. A spin is a byte: 0 down, 2 up, 1 a ghost outside a free edge, so that the sum S
 * of four neighbours is 0 … 8 and ghosts need no case of their own. 32 lattices (or row blocks of
 * one) lie side by side in the bytes of a site; a row keeps its two colours apart, so that the sites
 * of one colour are contiguous and the neighbours of all of them are four contiguous rows of bytes.
 *
 * A random byte r (signed, −128 … 127) turns the spin up where r < threshold[S]. r = 127 never is: that
 * one value in 256 goes to a list and is decided afterwards by 32 more bits, so P is exact to 2⁻⁴⁰.
 */

/** Lattices side by side: two vectors, so that one list entry and one set of accumulators serve a site. */
@inline const lanes: usize = 32;

// shape, set once
let rows: i32 = 0;
let cols: i32 = 0;
let blockRows: i32 = 0;
/** Rows that lie above row 0 and below the last one (−1 and `rows` are the halo). */
let rowAbove: i32 = 0;
let rowBelow: i32 = 0;
let wraps: bool = false;
/** Lanes are row blocks of one lattice: row −1 and `rows` repeat the last and first row, one lane on. */
let blocks: bool = false;
/** Of one lattice: the lane that holds its last rows; lanes beyond it are idle. */
let lastLane: usize = 0;

// addresses
let spins: usize = 0;
let rowBytes: i32 = 0;
let colourBytes: i32 = 0;
let generator: usize = 0;
let threshold: usize = 0;
let fraction: usize = 0;
let pool: usize = 0;
let diagonal: usize = 0;
let nextDiagonal: usize = 0;
let list: usize = 0;
let listEnd: usize = 0;
/** Each lane's Σ S over risen sites of colour 1, Σ S over its sites, 2 × risen sites of colour 1 and of 0: 4 × lanes u32. */
let laneSums: usize = 0;

export function setShape(
  rows_: i32,
  cols_: i32,
  blockRows_: i32,
  wraps_: bool,
  blocks_: bool,
  rowAbove_: i32,
  rowBelow_: i32,
  lastLane_: usize,
): void {
  rows = rows_;
  cols = cols_;
  blockRows = blockRows_;
  wraps = wraps_;
  blocks = blocks_;
  rowAbove = rowAbove_;
  rowBelow = rowBelow_;
  lastLane = lastLane_;
}

export function setAddresses(
  spins_: usize,
  rowBytes_: i32,
  colourBytes_: i32,
  generator_: usize,
  threshold_: usize,
  fraction_: usize,
  pool_: usize,
  diagonal_: usize,
  nextDiagonal_: usize,
  list_: usize,
  laneSums_: usize,
): void {
  spins = spins_;
  rowBytes = rowBytes_;
  colourBytes = colourBytes_;
  generator = generator_;
  threshold = threshold_;
  fraction = fraction_;
  pool = pool_;
  diagonal = diagonal_;
  nextDiagonal = nextDiagonal_;
  list = list_;
  laneSums = laneSums_;
}

/** Address of the first site of a colour in a row; site i of that colour is column 2i + (row + colour) % 2. */
@inline function address(row: i32, colour: i32): usize {
  return spins + (row + 1) * rowBytes + colour * colourBytes + lanes;
}

@inline function offset(row: i32, colour: i32): i32 {
  return (row + colour) & 1;
}

@inline function count(row: i32, colour: i32): usize {
  return (cols + 1 - offset(row, colour)) >> 1;
}

/** sums[i] = a[i] + b[i] over whole vectors. */
@inline function add(sums: usize, a: usize, b: usize, bytes: usize): void {
  for (let x: usize = 0; x < bytes; x += 16) {
    v128.store(sums + x, i8x16.add(v128.load(a + x), v128.load(b + x)));
  }
}

/** Adds 16 bytes to 16 totals of 32 bits. */
function widen(totals: usize, bytes: v128): void {
  const low = i16x8.extend_low_i8x16_u(bytes);
  const high = i16x8.extend_high_i8x16_u(bytes);
  v128.store(totals, i32x4.add(v128.load(totals), i32x4.extend_low_i16x8_u(low)));
  v128.store(totals, i32x4.add(v128.load(totals, 16), i32x4.extend_high_i16x8_u(low)), 16);
  v128.store(totals, i32x4.add(v128.load(totals, 32), i32x4.extend_low_i16x8_u(high)), 32);
  v128.store(totals, i32x4.add(v128.load(totals, 48), i32x4.extend_high_i16x8_u(high)), 48);
}

/** Updates one colour in rows first … last − 1; spins with r = 127 stay down and go to the list. */
@inline function pass(colour: i32, first: i32, last: i32, measure: bool, sums: bool): void {
  const table = v128.load(threshold);
  const up = i8x16.splat(2);
  const undecided = i8x16.splat(127);
  const one = i64x2.splat(1);
  // ups of colour 1 follow the two other sums, those of colour 0 follow them
  const ups = laneSums + (sums ? 256 : 384);
  let a = v128.load(generator);
  let b = v128.load(generator, 16);
  let c = v128.load(generator, 32);
  let counter = v128.load(generator, 48);
  let end = list;
  // Σ S over risen sites, Σ S, and 2 × risen sites, in bytes
  let risen0 = i8x16.splat(0);
  let risen1 = i8x16.splat(0);
  let all0 = i8x16.splat(0);
  let all1 = i8x16.splat(0);
  let ups0 = i8x16.splat(0);
  let ups1 = i8x16.splat(0);
  // 31 sums of at most 8 fit a byte
  const room: usize = 31 * lanes;
  let left = room;
  for (let row = first; row < last; row++) {
    const shift: usize = offset(row, colour) ? lanes : 0;
    const bytes = count(row, colour) * lanes;
    const here = address(row, colour);
    const others = address(row, 1 - colour);
    const right = others + shift;
    const below = address(row + 1 == rows ? rowBelow : row + 1, 1 - colour);
    // up + left of this site is what right + down was for the site diagonally before it
    if (row == first) {
      add(diagonal, address(row == 0 ? rowAbove : row - 1, 1 - colour), right - lanes, bytes);
    } else if (shift == 0) {
      add(diagonal, address(row - 1, 1 - colour), others - lanes, lanes);
    }
    const before = diagonal;
    const after = nextDiagonal + shift;
    let x: usize = 0;
    while (x < bytes) {
      let stop = bytes;
      if (measure && x + left < bytes) stop = x + left;
      if (measure) left -= stop - x;
      for (; x < stop; x += 32) {
        // 32 random bytes
        const t0 = output(a, b, counter);
        counter = i64x2.add(counter, one);
        a = nextA(b);
        b = nextB(c);
        c = nextC(c, t0);
        const t1 = output(a, b, counter);
        counter = i64x2.add(counter, one);
        a = nextA(b);
        b = nextB(c);
        c = nextC(c, t1);
        // the neighbours' sums; right + below serves the site diagonally ahead as well
        const ahead0 = i8x16.add(v128.load(right + x), v128.load(below + x));
        const ahead1 = i8x16.add(v128.load(right + x, 16), v128.load(below + x, 16));
        const sum0 = i8x16.add(v128.load(before + x), ahead0);
        const sum1 = i8x16.add(v128.load(before + x, 16), ahead1);
        v128.store(after + x, ahead0);
        v128.store(after + x, ahead1, 16);
        // up where the random byte is below the threshold
        const rises0 = i8x16.gt_s(i8x16.swizzle(table, sum0), t0);
        const rises1 = i8x16.gt_s(i8x16.swizzle(table, sum1), t1);
        const spin0 = v128.and(rises0, up);
        const spin1 = v128.and(rises1, up);
        v128.store(here + x, spin0);
        v128.store(here + x, spin1, 16);
        // list the undecided without branching: an entry is overwritten unless it has some
        const mask =
          i8x16.bitmask(i8x16.eq(t0, undecided)) | (i8x16.bitmask(i8x16.eq(t1, undecided)) << 16);
        i64.store(end, (u64(here + x) << 32) | u64(u32(mask)));
        v128.store(end, sum0, 16);
        v128.store(end, sum1, 32);
        end += usize(mask != 0) * 48;
        if (sums) {
          risen0 = i8x16.add(risen0, v128.and(sum0, rises0));
          risen1 = i8x16.add(risen1, v128.and(sum1, rises1));
          all0 = i8x16.add(all0, sum0);
          all1 = i8x16.add(all1, sum1);
        }
        if (measure) {
          ups0 = i8x16.add(ups0, spin0);
          ups1 = i8x16.add(ups1, spin1);
        }
      }
      if (measure && left == 0) {
        if (sums) {
          widen(laneSums, risen0);
          widen(laneSums + 64, risen1);
          widen(laneSums + 128, all0);
          widen(laneSums + 192, all1);
        }
        widen(ups, ups0);
        widen(ups + 64, ups1);
        risen0 = i8x16.splat(0);
        risen1 = i8x16.splat(0);
        all0 = i8x16.splat(0);
        all1 = i8x16.splat(0);
        ups0 = i8x16.splat(0);
        ups1 = i8x16.splat(0);
        left = room;
      }
    }
    const swap = diagonal;
    diagonal = nextDiagonal;
    nextDiagonal = swap;
  }
  if (measure) {
    if (sums) {
      widen(laneSums, risen0);
      widen(laneSums + 64, risen1);
      widen(laneSums + 128, all0);
      widen(laneSums + 192, all1);
    }
    widen(ups, ups0);
    widen(ups + 64, ups1);
  }
  listEnd = end;
  v128.store(generator, a);
  v128.store(generator, b, 16);
  v128.store(generator, c, 32);
  v128.store(generator, counter, 48);
}

function update(colour: i32, first: i32, last: i32): void {
  pass(colour, first, last, false, false);
}

function updateCounting(colour: i32, first: i32, last: i32): void {
  pass(colour, first, last, true, false);
}

function updateMeasuring(colour: i32, first: i32, last: i32): void {
  pass(colour, first, last, true, true);
}

/** Decides the spins on the list with 32 bits each. */
function settle(colour: i32, measure: bool): void {
  const one = i64x2.splat(1);
  let a = v128.load(generator);
  let b = v128.load(generator, 16);
  let c = v128.load(generator, 32);
  let counter = v128.load(generator, 48);
  let drawn: usize = 16;
  for (let entry = list; entry < listEnd; entry += 48) {
    const at = <usize>i32.load(entry, 4);
    let mask = i32.load(entry);
    do {
      if (drawn == 16) {
        const t = output(a, b, counter);
        counter = i64x2.add(counter, one);
        a = nextA(b);
        b = nextB(c);
        c = nextC(c, t);
        v128.store(pool, t);
        drawn = 0;
      }
      const lane: usize = ctz(mask);
      const sum: u32 = load<u8>(entry + lane, 16);
      const rises: u32 = u32(load<u32>(pool + drawn) < load<u32>(fraction + (sum << 2)));
      drawn += 4;
      store<u8>(at + lane, rises << 1);
      if (measure) {
        const total = laneSums + (((at + lane) & (lanes - 1)) << 2);
        if (colour == 1) store<u32>(total, load<u32>(total) + rises * sum);
        const ups = total + (colour == 1 ? 256 : 384);
        store<u32>(ups, load<u32>(ups) + (rises << 1));
      }
      mask &= mask - 1;
    } while (mask);
  }
  v128.store(generator, a);
  v128.store(generator, b, 16);
  v128.store(generator, c, 32);
  v128.store(generator, counter, 48);
}

/** Repeats row `from` of one colour in halo row `to`, each lane moved by one towards `step`. */
function repeat(from: i32, to: i32, step: i32, colour: i32): void {
  const bytes = count(from, colour) * lanes;
  const source = address(from, colour);
  const target = address(to, colour);
  for (let x: usize = 0; x < bytes; x += 16) {
    v128.store(target + x, v128.load(source + x - step));
  }
  // the outermost block borders on the other end of the lattice, or on nothing
  const edge: usize = step > 0 ? 0 : lastLane;
  const origin: usize = step > 0 ? lastLane : 0;
  for (let x: usize = 0; x < bytes; x += lanes) {
    store<u8>(target + x + edge, wraps ? load<u8>(source + x + origin) : 1);
  }
}

/** Copies the sites of some rows that the torus or the next block repeats beyond an edge. */
export function refresh(colour: i32, first: i32, last: i32): void {
  if (blocks) {
    if (first == 0) repeat(0, rows, -1, colour);
    if (last == rows) repeat(rows - 1, -1, 1, colour);
  }
  if (!wraps) return;
  for (let row = first; row < last; row++) {
    const bytes = count(row, colour) * lanes;
    const here = address(row, colour);
    if (offset(row, colour)) memory.copy(here - lanes, here + bytes - lanes, lanes);
    else memory.copy(here + bytes, here, lanes);
  }
}

/** One colour in some rows, complete. */
@inline function half(colour: i32, first: i32, last: i32, measure: bool): void {
  // on a torus the sums over colour 1 hold the spins of colour 0, four times each
  const counts = measure && (colour == 1 || !wraps);
  if (!counts) update(colour, first, last);
  else if (colour == 0) updateCounting(colour, first, last);
  else updateMeasuring(colour, first, last);
  settle(colour, counts);
  refresh(colour, first, last);
}

/**
 * One sweep: colour 0, then colour 1. Odd sites follow even ones at a distance of one row, block by block,
 * so that a lattice larger than the cache passes through it once and not twice.
 */
@inline function sweep(measure: bool): void {
  if (blockRows >= rows) {
    half(0, 0, rows, measure);
    half(1, 0, rows, measure);
    return;
  }
  // row 0 comes last, because the row above it is the last
  let next = 1;
  for (let first = 0; first < rows; first += blockRows) {
    const last = min(first + blockRows, rows);
    half(0, first, last, measure);
    const end = last == rows ? rows : last - 1;
    if (next < end) half(1, next, end, measure);
    next = max(next, end);
  }
  half(1, 0, 1, measure);
}

export function sweeps(number: i32): void {
  for (let k = 0; k < number; k++) sweep(false);
}

/** A sweep that fills the lanes' sums. */
export function measuredSweep(): void {
  memory.fill(laneSums, 0, 16 * lanes);
  sweep(true);
}
