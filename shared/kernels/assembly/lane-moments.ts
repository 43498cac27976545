import {
  address,
  below,
  blocks,
  lanes,
  lastLane,
  lastRows,
  oddCols,
  oddRows,
  offset,
  rows,
  size,
  split,
} from './shape';

/*
 * B and m of every chain after a sweep. Of each odd site the update leaves a term: S, or its complement −S − 1
 * where the spin has risen, S the sum of its d neighbours' bytes 0 … 2. Over N sites of which u have risen,
 *
 *   Σ_k s_k Σ_j s_j = d N − Σ terms − (2d + 1) u,
 *
 * which is B where odd sites are the neighbours of even ones only. Elsewhere (odd tori) the terms are those of
 * all sites with their neighbours to the right and below.
 */

/** Sites that a byte can count; four terms, −9 … 8, fit the sum of a signed byte, and so many of them 16 bits. */
@inline const countRoom: usize = 248;
/** Bytes of sums that 32 lanes have. */
@inline export const laneBytes: usize = 128;
/** Quantities of a chain: bonds along rows (or all), bonds along columns, Σ s. */
@inline const quantities: usize = 3;

/** Terms of some rows of odd sites; those of the bonds along columns apart lie behind. */
let part: usize = 0;
/** Bytes of one kind of terms. */
export let partBytes: usize = 0;
let partRows_: i32 = 0;
/** Each lane's Σ terms, Σ terms along columns, risen sites with terms, and without: i32; 0 between measurements. */
let laneSums: usize = 0;
/** What was measured last, i32: for each quantity 32 chains. */
let values: usize = 0;
/** Sums of these over measurements, f64, then the sums of their products over chains and measurements: 3 × 3. */
let sums: usize = 0;
/** d, N and n. */
let degree: i32 = 0;
let termSites: i32 = 0;
let sites: i32 = 0;

export function setMoments(
  part_: usize,
  partBytes_: usize,
  partRows__: i32,
  laneSums_: usize,
  values_: usize,
  sums_: usize,
  degree_: i32,
  termSites_: i32,
  sites_: i32,
): void {
  part = part_;
  partBytes = partBytes_;
  partRows_ = partRows__;
  laneSums = laneSums_;
  values = values_;
  sums = sums_;
  degree = degree_;
  termSites = termSites_;
  sites = sites_;
}

/** Where an update leaves its terms. */
@inline export function terms(): usize {
  return part;
}

/** Rows whose terms there is room for. */
@inline export function partRows(): i32 {
  return partRows_;
}

/** Sets all sums over measurements to 0. */
export function clearMoments(): void {
  memory.fill(sums, 0, 8 * (quantities * lanes + quantities * quantities));
}

/** Adds 8 signed numbers of 16 bits to 8 totals of 32. */
@inline function widen(totals: usize, wide: v128): void {
  v128.store(totals, i32x4.add(v128.load(totals), i32x4.extend_low_i16x8_s(wide)));
  v128.store(totals, i32x4.add(v128.load(totals, 16), i32x4.extend_high_i16x8_s(wide)), 16);
}

/** Adds 16 numbers of a byte without sign to 16 totals of 32 bits. */
@inline export function addCounts(totals: usize, counts: v128): void {
  widen(totals, i16x8.extend_low_i8x16_u(counts));
  widen(totals + 32, i16x8.extend_high_i8x16_u(counts));
}

@inline function four(a: v128, b: v128, c: v128, d: v128): v128 {
  return i8x16.add(i8x16.add(a, b), i8x16.add(c, d));
}

/** −1 in every byte below 0. */
@inline function negative(terms: v128): v128 {
  return i8x16.gt_s(i8x16.splat(0), terms);
}

/** −1 for each byte below 0 of four. */
@inline function negatives(a: v128, b: v128, c: v128, d: v128): v128 {
  return four(negative(a), negative(b), negative(c), negative(d));
}

/**
 * Sums 16 lanes' contiguous terms and counts those below 0, which are those of risen sites. Four sites in one go:
 * the end of a shorter loop costs as much as the loop, and V8 loads all of more sites first and runs out of registers.
 */
@inline function addTerms(from: usize, bytes: usize, totals: usize, risen: usize, count: bool): void {
  const none = i8x16.splat(0);
  const end = from + bytes;
  for (let x = from; x < end; ) {
    const stop = min(end, x + countRoom * lanes);
    let wide0 = none;
    let wide1 = none;
    let below = none;
    while (x < stop) {
      let sum = none;
      if (x + 4 * lanes <= stop) {
        const a = v128.load(x);
        const b = v128.load(x, lanes);
        const c = v128.load(x, 2 * lanes);
        const d = v128.load(x, 3 * lanes);
        sum = four(a, b, c, d);
        if (count) below = i8x16.add(below, negatives(a, b, c, d));
        x += 4 * lanes;
      } else {
        sum = v128.load(x);
        if (count) below = i8x16.add(below, negative(sum));
        x += lanes;
      }
      wide0 = i16x8.add(wide0, i16x8.extend_low_i8x16_s(sum));
      wide1 = i16x8.add(wide1, i16x8.extend_high_i8x16_s(sum));
    }
    widen(totals, wide0);
    widen(totals + 32, wide1);
    if (count) addCounts(risen, i8x16.neg(below));
  }
}

/** Sums the terms that are in the buffer. */
function sumTerms(bytes: usize): void {
  for (let half: usize = 0; half < 2; half++) {
    const from = part + 16 * half;
    const totals = laneSums + 64 * half;
    addTerms(from, bytes, totals, totals + 2 * laneBytes, true);
    if (split) addTerms(from + partBytes, bytes, totals + laneBytes, 0, false);
  }
}

/** How many of two sites are up, 16 lanes at a time: the mean of two bytes 0 or 2. */
@inline function ups(a: v128, b: v128): v128 {
  return i8x16.avgr_u(a, b);
}

/** Counts the even sites of some rows that are up; no more of them than a byte can count, or one row. */
function countEven(first: i32, last: i32): void {
  const none = i8x16.splat(0);
  const totals = laneSums + 3 * laneBytes;
  let up0 = none;
  let up1 = none;
  for (let row = first; row < last; row++) {
    let x = address(row, 0);
    const end = x + size(row, 0);
    for (;;) {
      const stop = min(end, x + countRoom * lanes);
      for (; x + 4 * lanes <= stop; x += 4 * lanes) {
        const a = ups(v128.load(x), v128.load(x, lanes));
        const b = ups(v128.load(x, 2 * lanes), v128.load(x, 3 * lanes));
        up0 = i8x16.add(up0, i8x16.add(a, b));
        const c = ups(v128.load(x, 16), v128.load(x, lanes + 16));
        const d = ups(v128.load(x, 2 * lanes + 16), v128.load(x, 3 * lanes + 16));
        up1 = i8x16.add(up1, i8x16.add(c, d));
      }
      for (; x < stop; x += lanes) {
        up0 = i8x16.add(up0, ups(v128.load(x), none));
        up1 = i8x16.add(up1, ups(v128.load(x, 16), none));
      }
      if (x == end) break;
      addCounts(totals, up0);
      addCounts(totals + 64, up1);
      up0 = none;
      up1 = none;
    }
  }
  addCounts(totals, up0);
  addCounts(totals + 64, up1);
}

/** Sums the terms of some rows of odd sites, which are at hand, and counts what is up beside them. */
export function sumRows(first: i32, last: i32): void {
  // rows of two lengths take turns
  const number = last - first;
  sumTerms(((number + 1) >> 1) * size(first, 1) + (number >> 1) * size(first + 1, 1));
  countEven(first, last);
}

/** Sums of the last lane, which rows beyond the lattice must not change. */
let kept0: i32 = 0;
let kept1: i32 = 0;
let kept2: i32 = 0;
let kept3: i32 = 0;

export function keepLast(): void {
  const at = laneSums + (lastLane << 2);
  kept0 = load<i32>(at);
  kept1 = load<i32>(at, laneBytes);
  kept2 = load<i32>(at, 2 * laneBytes);
  kept3 = load<i32>(at, 3 * laneBytes);
}

export function restoreLast(): void {
  const at = laneSums + (lastLane << 2);
  store<i32>(at, kept0);
  store<i32>(at, kept1, laneBytes);
  store<i32>(at, kept2, 2 * laneBytes);
  store<i32>(at, kept3, 3 * laneBytes);
}

/** The terms of all sites with their neighbours to the right and below, a few rows at a time. */
export function sumAll(): void {
  for (let row = 0; row < rows; ) {
    let end = min(row + partRows_, rows);
    if (row < lastRows && end > lastRows) end = lastRows;
    const beyond = row >= lastRows;
    if (beyond) keepLast();
    for (let colour = 0; colour < 2; colour++) {
      const bytes = split ? makeTermsApart(colour, row, end) : makeTerms(colour, row, end);
      sumTerms(bytes);
    }
    if (beyond) restoreLast();
    row = end;
  }
}

/** Terms of one colour in some rows. Returns their bytes. */
@inline function make(colour: i32, first: i32, last: i32, apart: bool): usize {
  const two = i8x16.splat(2);
  let to = part;
  for (let row = first; row < last; row++) {
    const here = address(row, colour);
    const right = address(row, 1 - colour) + (offset(row, colour) ? lanes : 0);
    const under = below(row, colour);
    const bytes = size(row, colour);
    for (let x: usize = 0; x < bytes; x += 16) {
      const rises = i8x16.eq(v128.load(here + x), two);
      const along = v128.load(right + x);
      const across = v128.load(under + x);
      v128.store(to + x, v128.xor(apart ? along : i8x16.add(along, across), rises));
      if (apart) v128.store(to + partBytes + x, v128.xor(across, rises));
    }
    to += bytes;
  }
  return to - part;
}

function makeTerms(colour: i32, first: i32, last: i32): usize {
  return make(colour, first, last, false);
}

function makeTermsApart(colour: i32, first: i32, last: i32): usize {
  return make(colour, first, last, true);
}

/** Adds the chains' quantities and their products to the sums, four chains at a time. */
export function addChains(): void {
  if (blocks) joinLanes();
  const end = laneSums + (blocks ? 16 : laneBytes);
  // of one lattice only lane 0 counts
  const used = blocks ? i32x4(-1, 0, 0, 0) : i32x4.splat(-1);
  const none = i32x4.splat(0);
  const most = i32x4.splat(degree * termSites);
  const weight = i32x4.splat(2 * degree + 1);
  const all = i32x4.splat(sites);
  let value = values;
  let sum = sums;
  let product00 = f64x2.splat(0);
  let product01 = f64x2.splat(0);
  let product02 = f64x2.splat(0);
  let product11 = f64x2.splat(0);
  let product12 = f64x2.splat(0);
  let product22 = f64x2.splat(0);
  for (let lane = laneSums; lane < end; lane += 16) {
    const risen = v128.load(lane, 2 * laneBytes);
    const highest = i32x4.sub(most, i32x4.mul(weight, risen));
    const ups = i32x4.add(risen, v128.load(lane, 3 * laneBytes));
    const along = v128.and(used, i32x4.sub(highest, v128.load(lane)));
    const total = v128.and(used, i32x4.sub(i32x4.add(ups, ups), all));
    v128.store(lane, none);
    v128.store(lane, none, 2 * laneBytes);
    v128.store(lane, none, 3 * laneBytes);
    v128.store(value, along);
    v128.store(value, total, 2 * laneBytes);
    const x0 = f64x2.convert_low_i32x4_s(along);
    const x1 = f64x2.convert_low_i32x4_s(upper(along));
    const z0 = f64x2.convert_low_i32x4_s(total);
    const z1 = f64x2.convert_low_i32x4_s(upper(total));
    addTo(sum, x0, x1);
    addTo(sum + 4 * laneBytes, z0, z1);
    product00 = withProducts(product00, x0, x0, x1, x1);
    product02 = withProducts(product02, x0, z0, x1, z1);
    product22 = withProducts(product22, z0, z0, z1, z1);
    if (split) {
      const across = v128.and(used, i32x4.sub(highest, v128.load(lane, laneBytes)));
      v128.store(lane, none, laneBytes);
      v128.store(value, across, laneBytes);
      const y0 = f64x2.convert_low_i32x4_s(across);
      const y1 = f64x2.convert_low_i32x4_s(upper(across));
      addTo(sum + 2 * laneBytes, y0, y1);
      product01 = withProducts(product01, x0, y0, x1, y1);
      product11 = withProducts(product11, y0, y0, y1, y1);
      product12 = withProducts(product12, y0, z0, y1, z1);
    }
    value += 16;
    sum += 32;
  }
  const products = sums + 8 * quantities * lanes;
  addBoth(products, product00);
  addBoth(products + 8, product01);
  addBoth(products + 16, product02);
  addBoth(products + 32, product11);
  addBoth(products + 40, product12);
  addBoth(products + 64, product22);
}

/** The upper two of four numbers, in the lower places. */
@inline function upper(four: v128): v128 {
  return i32x4.shuffle(four, four, 2, 3, 2, 3);
}

@inline function addTo(at: usize, first: v128, second: v128): void {
  v128.store(at, f64x2.add(v128.load(at), first));
  v128.store(at, f64x2.add(v128.load(at, 16), second), 16);
}

@inline function withProducts(sum: v128, a0: v128, b0: v128, a1: v128, b1: v128): v128 {
  return f64x2.add(sum, f64x2.add(f64x2.mul(a0, b0), f64x2.mul(a1, b1)));
}

@inline function addBoth(at: usize, two: v128): void {
  store<f64>(at, load<f64>(at) + f64x2.extract_lane(two, 0) + f64x2.extract_lane(two, 1));
}

/** Of one lattice: all lanes' sums into those of lane 0, and the others 0. */
function joinLanes(): void {
  for (let kind: usize = 0; kind < 4; kind++) {
    const first = laneSums + kind * laneBytes;
    let total: i32 = 0;
    for (let lane: usize = 0; lane <= lastLane; lane++) total += load<i32>(first + (lane << 2));
    memory.fill(first, 0, laneBytes);
    store<i32>(first, total);
  }
}
