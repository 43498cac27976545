import { nextA, nextB, nextC, output } from './sfc64';

/*
 * Heat-bath on byte lanes. A spin is a byte: 0 down, 2 up, 1 a ghost outside a free edge, so that the sum S
 * of four neighbours is 0 … 8 and ghosts need no case of their own. 32 lattices (or row blocks of
 * one) lie side by side in the bytes of a site; a row keeps its two colours apart, so that the sites
 * of one colour are contiguous and the neighbours of all of them are four contiguous rows of bytes.
 *
 * A random byte r (signed, −128 … 127) turns the spin up where r < threshold[S]. That leaves probabilities
 * a grid of 1/256; what is between two of its points is made up for by drawing one update in 256 anew, with
 * 32 bits. Which ones is drawn beforehand, as the number of updates until the next: the hot loop neither
 * looks for them nor keeps them.
 */

/** Lattices side by side: two vectors. */
@inline const lanes: usize = 32;
/** Entries of the table of gaps. */
@inline const longest: u32 = 1024;

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
/** Columns, or rows, go round in an odd number: the two at the seam have the same colour. */
let oddCols: bool = false;
let oddRows: bool = false;

// addresses
let spins: usize = 0;
let rowBytes: i32 = 0;
let colourBytes: i32 = 0;
let generator: usize = 0;
let threshold: usize = 0;
let fraction: usize = 0;
let gaps: usize = 0;
let guide: usize = 0;
/** Each lane's Σ S over risen sites of colour 1, Σ S over its sites, 2 × risen sites of colour 1 and of 0: 4 × lanes u32. */
let laneSums: usize = 0;

/** Some probability is near 1: the byte 127 counts as 126, so that a threshold may lie above all. */
let strong: bool = false;

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
  oddCols = wraps_ && (cols_ & 1) != 0;
  oddRows = rowBelow_ == 0 && (rows_ & 1) != 0;
}

export function setAddresses(
  spins_: usize,
  rowBytes_: i32,
  colourBytes_: i32,
  generator_: usize,
  threshold_: usize,
  fraction_: usize,
  gaps_: usize,
  guide_: usize,
  laneSums_: usize,
): void {
  spins = spins_;
  rowBytes = rowBytes_;
  colourBytes = colourBytes_;
  generator = generator_;
  threshold = threshold_;
  fraction = fraction_;
  gaps = gaps_;
  guide = guide_;
  laneSums = laneSums_;
}

export function setStrong(strong_: bool): void {
  strong = strong_;
}

/** One step of the scalar sfc64 that the second drawings use. */
@inline function draw(): u64 {
  const a = load<u64>(generator, 64);
  const b = load<u64>(generator, 72);
  const c = load<u64>(generator, 80);
  const counter = load<u64>(generator, 88);
  const t = a + b + counter;
  store<u64>(generator, b ^ (b >> 11), 64);
  store<u64>(generator, c + (c << 3), 72);
  store<u64>(generator, rotl<u64>(c, 24) + t, 80);
  store<u64>(generator, counter + 1, 88);
  return t;
}

/** Number of updates that are not drawn anew before the next that is: P(at least j) = gaps[j − 1] / 2³². */
@inline function gap(word: u32): u32 {
  let passed: u32 = 0;
  let u = word;
  let k = shortGap(u);
  while (k == longest) {
    passed += longest;
    u = u32(draw() >> 32);
    k = shortGap(u);
  }
  return passed + k;
}

/** A gap, or `longest` where it is at least as long. */
@inline function shortGap(u: u32): u32 {
  let k: u32 = load<u16>(guide + (<usize>(u >> 22) << 1));
  while (u < load<u32>(gaps + (<usize>k << 2))) k++;
  return k;
}

/** Draws the next update that is drawn anew, counted from the present; without memory, so that it changes nothing. */
export function redraw(): void {
  store<u32>(generator, gap(u32(draw() >> 32)), 96);
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

@inline function above(row: i32, colour: i32): usize {
  if (row > 0) return address(row - 1, 1 - colour);
  return address(rowAbove, oddRows ? colour : 1 - colour);
}

@inline function below(row: i32, colour: i32): usize {
  if (row + 1 < rows) return address(row + 1, 1 - colour);
  return address(rowBelow, oddRows ? colour : 1 - colour);
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

/** Copies one site's lanes. */
@inline function copySite(to: usize, from: usize): void {
  v128.store(to, v128.load(from));
  v128.store(to, v128.load(from, 16), 16);
}

/** Draws the updates of a segment anew whose turn it is; `up`, `down`, `side` lead to a site's neighbours. */
@inline function settle(
  here: usize,
  bytes: usize,
  up: usize,
  down: usize,
  side: usize,
  colour: i32,
  measure: bool,
): void {
  let skip = <usize>load<u32>(generator, 96);
  while (skip < bytes) {
    const at = here + skip;
    const sum: u32 =
      u32(load<u8>(at + up)) + load<u8>(at + down) + load<u8>(at + side) + load<u8>(at + side, lanes);
    const word = draw();
    const spin: u32 = u32(u32(word) < load<u32>(fraction + (<usize>sum << 2))) << 1;
    if (measure) {
      const change = spin - load<u8>(at);
      const total = laneSums + (((at - spins) & (lanes - 1)) << 2);
      if (colour == 1) store<u32>(total, load<u32>(total) + (i32(change) >> 1) * sum);
      const ups = total + (colour == 1 ? 256 : 384);
      store<u32>(ups, load<u32>(ups) + change);
    }
    store<u8>(at, spin);
    skip += 1 + gap(u32(word >> 32));
  }
  store<u32>(generator, u32(skip - bytes), 96);
}

/** Updates one colour in rows first … last − 1. */
@inline function pass(
  colour: i32,
  first: i32,
  last: i32,
  measure: bool,
  sums: bool,
  nearOne: bool,
): void {
  const table = v128.load(threshold);
  const two = i8x16.splat(2);
  const most = i8x16.splat(126);
  const one = i64x2.splat(1);
  // ups of colour 1 follow the two other sums, those of colour 0 follow them
  const ups = laneSums + (sums ? 256 : 384);
  let a = v128.load(generator);
  let b = v128.load(generator, 16);
  let c = v128.load(generator, 32);
  let counter = v128.load(generator, 48);
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
    const shifted = offset(row, colour) != 0;
    const bytes = count(row, colour) * lanes;
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
        let stop = end;
        if (measure && x + left < end) stop = x + left;
        if (measure) left -= stop - x;
        for (; x < stop; x += 32) {
          // 32 random bytes
          let t0 = output(a, b, counter);
          counter = i64x2.add(counter, one);
          a = nextA(b);
          b = nextB(c);
          c = nextC(c, t0);
          let t1 = output(a, b, counter);
          counter = i64x2.add(counter, one);
          a = nextA(b);
          b = nextB(c);
          c = nextC(c, t1);
          if (nearOne) {
            t0 = i8x16.min_s(t0, most);
            t1 = i8x16.min_s(t1, most);
          }
          // the neighbours' sums
          const sum0 = i8x16.add(
            i8x16.add(v128.load(over + x), v128.load(under + x)),
            i8x16.add(v128.load(beside + x), v128.load(beside + x, 32)),
          );
          const sum1 = i8x16.add(
            i8x16.add(v128.load(over + x, 16), v128.load(under + x, 16)),
            i8x16.add(v128.load(beside + x, 16), v128.load(beside + x, 48)),
          );
          // up where the random byte is below the threshold
          const rises0 = i8x16.gt_s(i8x16.swizzle(table, sum0), t0);
          const rises1 = i8x16.gt_s(i8x16.swizzle(table, sum1), t1);
          const spin0 = v128.and(rises0, two);
          const spin1 = v128.and(rises1, two);
          v128.store(here + x, spin0);
          v128.store(here + x, spin1, 16);
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
      settle(
        here + begin,
        end - begin,
        over - here,
        under - here,
        beside - here,
        colour,
        measure,
      );
      if (end == bytes) break;
      // the last column sees the first one as it is now
      copySite(others + count(row, 1 - colour) * lanes, here);
      end = bytes;
    }
    if (wraps) wrapRow(row, colour, here, bytes);
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
  v128.store(generator, a);
  v128.store(generator, b, 16);
  v128.store(generator, c, 32);
  v128.store(generator, counter, 48);
}

/** Copies the ends of a row to where the torus repeats them: in the other colour's row if cols is odd. */
@inline function wrapRow(row: i32, colour: i32, here: usize, bytes: usize): void {
  const shifted = offset(row, colour) != 0;
  if (!oddCols) {
    if (shifted) copySite(here - lanes, here + bytes - lanes);
    else copySite(here + bytes, here);
  } else if (!shifted) {
    const others = address(row, 1 - colour);
    copySite(others + count(row, 1 - colour) * lanes, here);
    copySite(others - lanes, here + bytes - lanes);
  }
}

function update(colour: i32, first: i32, last: i32): void {
  pass(colour, first, last, false, false, false);
}

function updateCounting(colour: i32, first: i32, last: i32): void {
  pass(colour, first, last, true, false, false);
}

function updateMeasuring(colour: i32, first: i32, last: i32): void {
  pass(colour, first, last, true, true, false);
}

function updateStrong(colour: i32, first: i32, last: i32): void {
  pass(colour, first, last, false, false, true);
}

function updateStrongCounting(colour: i32, first: i32, last: i32): void {
  pass(colour, first, last, true, false, true);
}

function updateStrongMeasuring(colour: i32, first: i32, last: i32): void {
  pass(colour, first, last, true, true, true);
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

/** Copies what the torus or the next block repeats of some rows. */
export function refresh(colour: i32, first: i32, last: i32): void {
  repeatEdges(colour, first, last);
  if (!wraps) return;
  for (let row = first; row < last; row++) {
    wrapRow(row, colour, address(row, colour), count(row, colour) * lanes);
  }
}

@inline function repeatEdges(colour: i32, first: i32, last: i32): void {
  if (!blocks) return;
  if (first == 0) repeat(0, rows, -1, colour);
  if (last == rows) repeat(rows - 1, -1, 1, colour);
}

/** One colour in some rows, complete. */
@inline function half(colour: i32, first: i32, last: i32, measure: bool): void {
  // on a torus the sums over colour 1 hold the spins of colour 0, four times each
  if (!(measure && (colour == 1 || !wraps))) {
    if (strong) updateStrong(colour, first, last);
    else update(colour, first, last);
  } else if (colour == 0) {
    if (strong) updateStrongCounting(colour, first, last);
    else updateCounting(colour, first, last);
  } else if (strong) updateStrongMeasuring(colour, first, last);
  else updateMeasuring(colour, first, last);
  repeatEdges(colour, first, last);
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
  if (oddCols || oddRows) {
    sweep(false);
    tally();
  } else sweep(true);
}

/**
 * The lanes' sums where bonds join equal colours: over all sites, with S of the neighbours to the right and
 * below alone; all risen sites are counted in the place of those of colour 1.
 */
function tally(): void {
  const two = i8x16.splat(2);
  for (let row = 0; row < rows; row++) {
    for (let colour = 0; colour < 2; colour++) {
      const here = address(row, colour);
      const right = address(row, 1 - colour) + (offset(row, colour) ? lanes : 0);
      const under = below(row, colour);
      for (let site: usize = 0, sites = count(row, colour); site < sites; site++) {
        for (let part: usize = 0; part < lanes; part += 16) {
          const x = site * lanes + part;
          const spin = v128.load(here + x);
          const sum = i8x16.add(v128.load(right + x), v128.load(under + x));
          const totals = laneSums + 4 * part;
          widen(totals, v128.and(sum, i8x16.eq(spin, two)));
          widen(totals + 128, sum);
          widen(totals + 256, spin);
        }
      }
    }
  }
}
