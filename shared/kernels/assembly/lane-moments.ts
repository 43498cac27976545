import { address, below, blocks, lanes, lastLane, lastRows, offset, rows, size, split } from './shape';

/*
 * B and m of every chain after a sweep. Of each odd site the update leaves a term: S, or its complement −S − 1
 * where the spin has risen, S the sum of its d neighbours' bytes 0 … 2. Over N sites of which u have risen,
 *
 *   Σ_k s_k Σ_j s_j = d N − Σ terms − (2d + 1) u,
 *
 * which is B where odd sites are the neighbours of even ones only. Elsewhere (odd tori) the terms are those of
 * all sites with their neighbours to the right and below.
 */

/** Sites whose terms, −9 … 8, fit the sum of a signed byte, and whose spins do. */
@inline const termRoom: usize = 14;
@inline const spinRoom: usize = 63;
/** Sites whose terms fit 16 bits, and whose spins do. */
@inline const wideRoom: usize = 3500;
/** Bytes of sums that 32 lanes have. */
@inline const laneBytes: usize = 128;
/** Quantities of a chain: bonds along rows (or all), bonds along columns, Σ s. */
@inline const quantities: usize = 3;

/** Terms of some rows of odd sites; those of the bonds along columns apart lie behind. */
let part: usize = 0;
/** Bytes of one kind of terms. */
export let partBytes: usize = 0;
let partRows_: i32 = 0;
/** Each lane's Σ terms, Σ terms along columns, 2 × risen sites with terms, and without: i32. */
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

@inline export function clearLanes(): void {
  memory.fill(laneSums, 0, 4 * laneBytes);
}

/** Sets all sums over measurements to 0. */
export function clearMoments(): void {
  memory.fill(sums, 0, 8 * (quantities * lanes + quantities * quantities));
}

/** Adds 8 signed numbers of 16 bits to 8 totals of 32. */
function widen(totals: usize, wide: v128): void {
  v128.store(totals, i32x4.add(v128.load(totals), i32x4.extend_low_i16x8_s(wide)));
  v128.store(totals, i32x4.add(v128.load(totals, 16), i32x4.extend_high_i16x8_s(wide)), 16);
}

/** Sums contiguous terms. */
function sumTerms(from: usize, bytes: usize, totals: usize): void {
  for (let x: usize = 0; x < bytes; ) {
    const whole = min(bytes, x + wideRoom * lanes);
    let wide0 = i16x8.splat(0);
    let wide1 = i16x8.splat(0);
    let wide2 = i16x8.splat(0);
    let wide3 = i16x8.splat(0);
    while (x < whole) {
      const stop = min(whole, x + termRoom * lanes);
      let sum0 = i8x16.splat(0);
      let sum1 = i8x16.splat(0);
      for (; x < stop; x += lanes) {
        sum0 = i8x16.add(sum0, v128.load(from + x));
        sum1 = i8x16.add(sum1, v128.load(from + x, 16));
      }
      wide0 = i16x8.add(wide0, i16x8.extend_low_i8x16_s(sum0));
      wide1 = i16x8.add(wide1, i16x8.extend_high_i8x16_s(sum0));
      wide2 = i16x8.add(wide2, i16x8.extend_low_i8x16_s(sum1));
      wide3 = i16x8.add(wide3, i16x8.extend_high_i8x16_s(sum1));
    }
    widen(totals, wide0);
    widen(totals + 32, wide1);
    widen(totals + 64, wide2);
    widen(totals + 96, wide3);
  }
}

/** Sums the spins of one colour in some rows. */
function sumSpins(colour: i32, first: i32, last: i32, totals: usize): void {
  let wide0 = i16x8.splat(0);
  let wide1 = i16x8.splat(0);
  let wide2 = i16x8.splat(0);
  let wide3 = i16x8.splat(0);
  let left: isize = wideRoom * lanes;
  for (let row = first; row < last; row++) {
    const from = address(row, colour);
    const bytes = size(row, colour);
    for (let x: usize = 0; x < bytes; ) {
      const stop = min(bytes, x + spinRoom * lanes);
      left -= stop - x;
      let sum0 = i8x16.splat(0);
      let sum1 = i8x16.splat(0);
      for (; x < stop; x += lanes) {
        sum0 = i8x16.add(sum0, v128.load(from + x));
        sum1 = i8x16.add(sum1, v128.load(from + x, 16));
      }
      wide0 = i16x8.add(wide0, i16x8.extend_low_i8x16_s(sum0));
      wide1 = i16x8.add(wide1, i16x8.extend_high_i8x16_s(sum0));
      wide2 = i16x8.add(wide2, i16x8.extend_low_i8x16_s(sum1));
      wide3 = i16x8.add(wide3, i16x8.extend_high_i8x16_s(sum1));
      if (left < <isize>(spinRoom * lanes)) {
        widen(totals, wide0);
        widen(totals + 32, wide1);
        widen(totals + 64, wide2);
        widen(totals + 96, wide3);
        wide0 = i16x8.splat(0);
        wide1 = i16x8.splat(0);
        wide2 = i16x8.splat(0);
        wide3 = i16x8.splat(0);
        left = wideRoom * lanes;
      }
    }
  }
  widen(totals, wide0);
  widen(totals + 32, wide1);
  widen(totals + 64, wide2);
  widen(totals + 96, wide3);
}

/** Sums of rows of odd sites whose terms are at hand, and of the even sites' spins in these rows. */
export function sumOdd(first: i32, last: i32): void {
  const beyond = first >= lastRows;
  if (beyond) keepLast();
  let bytes: usize = 0;
  for (let row = first; row < last; row++) bytes += size(row, 1);
  sumTerms(part, bytes, laneSums);
  if (split) sumTerms(part + partBytes, bytes, laneSums + laneBytes);
  sumSpins(1, first, last, laneSums + 2 * laneBytes);
  sumSpins(0, first, last, laneSums + 3 * laneBytes);
  if (beyond) restoreLast();
}

/** Sums of the last lane, which rows beyond the lattice must not change. */
let kept0: i32 = 0;
let kept1: i32 = 0;
let kept2: i32 = 0;
let kept3: i32 = 0;

function keepLast(): void {
  const at = laneSums + (lastLane << 2);
  kept0 = load<i32>(at);
  kept1 = load<i32>(at, laneBytes);
  kept2 = load<i32>(at, 2 * laneBytes);
  kept3 = load<i32>(at, 3 * laneBytes);
}

function restoreLast(): void {
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
      sumTerms(part, bytes, laneSums);
      if (split) sumTerms(part + partBytes, bytes, laneSums + laneBytes);
      sumSpins(colour, row, end, laneSums + 2 * laneBytes);
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

/** Adds the chains' quantities and their products to the sums. */
export function addChains(): void {
  if (blocks) joinLanes();
  const chains: usize = blocks ? 1 : lanes;
  const weight = 2 * degree + 1;
  const products = sums + 8 * quantities * lanes;
  let product00 = load<f64>(products);
  let product01 = load<f64>(products, 8);
  let product02 = load<f64>(products, 16);
  let product11 = load<f64>(products, 32);
  let product12 = load<f64>(products, 40);
  let product22 = load<f64>(products, 64);
  for (let chain: usize = 0; chain < chains; chain++) {
    const lane = laneSums + (chain << 2);
    const risen = load<i32>(lane, 2 * laneBytes);
    const most = degree * termSites - weight * (risen >> 1);
    const along = most - load<i32>(lane);
    const across = split ? most - load<i32>(lane, laneBytes) : 0;
    const total = risen + load<i32>(lane, 3 * laneBytes) - sites;
    const value = values + (chain << 2);
    store<i32>(value, along);
    store<i32>(value, across, laneBytes);
    store<i32>(value, total, 2 * laneBytes);
    const x = <f64>along;
    const y = <f64>across;
    const z = <f64>total;
    const sum = sums + (chain << 3);
    store<f64>(sum, load<f64>(sum) + x);
    store<f64>(sum, load<f64>(sum, 2 * laneBytes) + y, 2 * laneBytes);
    store<f64>(sum, load<f64>(sum, 4 * laneBytes) + z, 4 * laneBytes);
    product00 += x * x;
    product01 += x * y;
    product02 += x * z;
    product11 += y * y;
    product12 += y * z;
    product22 += z * z;
  }
  store<f64>(products, product00);
  store<f64>(products, product01, 8);
  store<f64>(products, product02, 16);
  store<f64>(products, product11, 32);
  store<f64>(products, product12, 40);
  store<f64>(products, product22, 64);
}

/** Of one lattice: all lanes' sums into those of lane 0. */
function joinLanes(): void {
  for (let kind: usize = 0; kind < 4; kind++) {
    const first = laneSums + kind * laneBytes;
    let total: i32 = 0;
    for (let lane: usize = 0; lane <= lastLane; lane++) total += load<i32>(first + (lane << 2));
    store<i32>(first, total);
  }
}
