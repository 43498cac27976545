import { stepAt } from './sfc64';

/*
 * Cluster updates of one lattice: Wolff's single clusters and Swendsen–Wang. A spin is a byte, 0 down and
 * 1 up, 2 more where Swendsen–Wang has been; around the lattice lies a rim of bytes 128, which equals no
 * spin. Growing a cluster reads four neighbours, joins them without a branch and appends them to a queue;
 * on a torus a neighbour that turns out to be rim (rare) is looked up at the other side.
 *
 * A bond is active where 16 random bits lie below its threshold; those that equal it (one in 65 536) are
 * decided by 32 bits more, so that a probability is exact to 2⁻⁴⁸. One step of sfc64 serves a site.
 */

@inline const rim: u32 = 128;
@inline const visited: u32 = 2;
/** More sites than any lattice has. */
@inline const noLimit: i32 = 0xfffffff;

// shape, set once
let rows: i32 = 0;
let cols: i32 = 0;
/** Bytes from a row to the next, and of all rows. */
let stride: usize = 0;
let size: usize = 0;
let wrapsRows: bool = false;
let wrapsCols: bool = false;

// addresses
/** a, b, c, counter of sfc64. */
let generator: usize = 0;
/** exp(−2|h|·2ⁱ) for i = 0 … 27, h the field per site. */
let powers: usize = 0;
/** Addresses of a cluster's sites. */
let queue: usize = 0;
/** Unequal neighbours along rows, along columns, and up spins. */
let sums: usize = 0;

// couplings along rows and along columns: 16 bits of 1 − exp(−2|J|), 32 more, and whether J < 0
let threshold0: u32 = 0;
let threshold1: u32 = 0;
let fraction0: u32 = 0;
let fraction1: u32 = 0;
let opposite0: u32 = 0;
let opposite1: u32 = 0;
/** Both thresholds as a site's 64 bits hold them: left, right, above, below. */
let pattern: u64 = 0;
/** Sign of the field. */
let field: i32 = 0;
/** Whether a turned spin may look as if it still were to join: odd rings of couplings below 0. */
let frustrated: bool = false;

export function setShape(
  rows_: i32,
  cols_: i32,
  stride_: usize,
  wrapsRows_: bool,
  wrapsCols_: bool,
): void {
  rows = rows_;
  cols = cols_;
  stride = stride_;
  size = rows_ * stride_;
  wrapsRows = wrapsRows_;
  wrapsCols = wrapsCols_;
}

export function setAddresses(
  generator_: usize,
  powers_: usize,
  queue_: usize,
  sums_: usize,
): void {
  generator = generator_;
  powers = powers_;
  queue = queue_;
  sums = sums_;
}

export function setCouplings(
  threshold0_: u32,
  fraction0_: u32,
  opposite0_: bool,
  threshold1_: u32,
  fraction1_: u32,
  opposite1_: bool,
  field_: i32,
): void {
  threshold0 = threshold0_;
  fraction0 = fraction0_;
  opposite0 = u32(opposite0_);
  threshold1 = threshold1_;
  fraction1 = fraction1_;
  opposite1 = u32(opposite1_);
  pattern = u64(threshold0_) * 0x10001 + ((u64(threshold1_) * 0x10001) << 32);
  field = field_;
  frustrated = (opposite0_ && wrapsCols && (cols & 1)) || (opposite1_ && wrapsRows && (rows & 1));
}

/** One step of the generator in memory; hot loops take it into locals instead. */
function draw(): u64 {
  return stepAt(generator);
}

/** 53 random bits in [0, 1). */
@inline function uniform(): f64 {
  return <f64>(draw() >> 11) * (1.0 / 9007199254740992.0);
}

/**
 * Grows the cluster of the site at queue[0], whose byte already bears the mark.
 *
 * @param turned 1 where marks turn a spin over, so that a byte shows what it was
 * @param mark bits that joining a cluster changes
 * @param limit sites beyond which the cluster is of no use
 * @returns the number of its sites, or any number above the limit
 */
function grow(turned: u32, mark: u32, limit: i32): i32 {
  let a = load<u64>(generator);
  let b = load<u64>(generator, 8);
  let c = load<u64>(generator, 16);
  let counter = load<u64>(generator, 24);
  const p0 = threshold0;
  const p1 = threshold1;
  const against0 = turned ^ opposite0;
  const against1 = turned ^ opposite1;
  const down = stride;
  const wraps = wrapsRows || wrapsCols;
  const both = pattern;
  const end = queue + (<usize>limit << 2);
  let head = queue;
  let tail = queue + 4;
  while (head < tail && tail <= end) {
    const at = <usize>load<u32>(head);
    head += 4;
    const own: u32 = load<u8>(at);
    // what a neighbour must be to be joined
    const wanted0 = (own ^ against0) & 1;
    const wanted1 = (own ^ against1) & 1;
    let site0 = at - 1;
    let site1 = at + 1;
    let site2 = at - down;
    let site3 = at + down;
    let spin0: u32 = load<u8>(site0);
    let spin1: u32 = load<u8>(site1);
    let spin2: u32 = load<u8>(site2);
    let spin3: u32 = load<u8>(site3);
    if (wraps && ((spin0 | spin1 | spin2 | spin3) & rim)) {
      if (wrapsCols && spin0 == rim) spin0 = load<u8>((site0 += cols));
      if (wrapsCols && spin1 == rim) spin1 = load<u8>((site1 -= cols));
      if (wrapsRows && spin2 == rim) spin2 = load<u8>((site2 += size));
      if (wrapsRows && spin3 == rim) spin3 = load<u8>((site3 -= size));
    }
    // 16 random bits a bond
    const t = a + b + counter;
    counter += 1;
    a = b ^ (b >> 11);
    b = c + (c << 3);
    c = rotl<u64>(c, 24) + t;
    let bond0 = u32((<u32>t & 0xffff) < p0);
    let bond1 = u32(((<u32>t >> 16) & 0xffff) < p0);
    let bond2 = u32((<u32>(t >> 32) & 0xffff) < p1);
    let bond3 = u32(<u32>(t >> 48) < p1);
    // ties, where a group of 16 bits of the difference is zero
    const difference = t ^ both;
    if ((difference - 0x0001000100010001) & ~difference & 0x8000800080008000) {
      for (let bond = 0; bond < 4; bond++) {
        if ((difference >> (bond << 4)) & 0xffff) continue;
        const more = a + b + counter;
        counter += 1;
        a = b ^ (b >> 11);
        b = c + (c << 3);
        c = rotl<u64>(c, 24) + more;
        const active = u32(<u32>(more >> 32) < (bond < 2 ? fraction0 : fraction1));
        if (bond == 0) bond0 = active;
        else if (bond == 1) bond1 = active;
        else if (bond == 2) bond2 = active;
        else bond3 = active;
      }
    }
    // join without a branch: what is not joined is overwritten in the queue
    const joined0 = bond0 & u32(spin0 == wanted0);
    const joined1 = bond1 & u32(spin1 == wanted0);
    const joined2 = bond2 & u32(spin2 == wanted1);
    const joined3 = bond3 & u32(spin3 == wanted1);
    store<u8>(site0, spin0 ^ (joined0 * mark));
    store<u8>(site1, spin1 ^ (joined1 * mark));
    store<u8>(site2, spin2 ^ (joined2 * mark));
    store<u8>(site3, spin3 ^ (joined3 * mark));
    store<u32>(tail, u32(site0));
    tail += joined0 << 2;
    store<u32>(tail, u32(site1));
    tail += joined1 << 2;
    store<u32>(tail, u32(site2));
    tail += joined2 << 2;
    store<u32>(tail, u32(site3));
    tail += joined3 << 2;
  }
  store<u64>(generator, a);
  store<u64>(generator, b, 8);
  store<u64>(generator, c, 16);
  store<u64>(generator, counter, 24);
  return i32((tail - queue) >> 2);
}

/** exp(−2|h|k) from its powers. */
function weight(k: i32): f64 {
  let product: f64 = 1;
  for (let i = 0; k != 0; i++) {
    if (k & 1) product *= load<f64>(powers + (i << 3));
    k >>= 1;
  }
  return product;
}

/** Largest k with exp(−2|h|k) > u: at least k with that probability, for u uniform in [0, 1). */
function reach(u: f64): i32 {
  let product: f64 = 1;
  let k = 0;
  for (let i = 27; i >= 0; i--) {
    const next = product * load<f64>(powers + (i << 3));
    if (next > u) {
      product = next;
      k |= 1 << i;
    }
  }
  return k;
}

/** Changes some bits of a cluster's sites. */
@inline function change(count: i32, bits: u32): void {
  for (let at = queue, end = queue + (<usize>count << 2); at < end; at += 4) {
    const site = <usize>load<u32>(at);
    store<u8>(site, load<u8>(site) ^ bits);
  }
}

/** Σ s over a cluster's sites as their bytes are now. */
function total(count: i32): i32 {
  let ups: i32 = 0;
  for (let at = queue, end = queue + (<usize>count << 2); at < end; at += 4) {
    ups += load<u8>(<usize>load<u32>(at)) & 1;
  }
  return 2 * ups - count;
}

/** Grows one cluster from a site and turns it over, or not where the field forbids. Returns sites visited. */
function flip(origin: usize): i32 {
  const own: u32 = load<u8>(origin);
  const mark: u32 = frustrated ? visited | 1 : 1;
  store<u32>(queue, u32(origin));
  store<u8>(origin, own ^ mark);
  if (field == 0 && !frustrated) return grow(1, 1, noLimit);
  const most = field == 0 ? noLimit : reach(uniform());
  const alike = !(opposite0 | opposite1);
  // a cluster of equal spins along the field has met the ghost spin once it exceeds `most`
  const along = alike && (own == 1) == field > 0;
  const count = grow(1, mark, along ? most : noLimit);
  const exponent = alike ? (along ? count : 0) : -field * total(count);
  // turn back, or take away what marks beyond turning
  if (exponent > most) change(count, mark);
  else if (frustrated) change(count, visited);
  return count;
}

/** Turns over so many single clusters of the lattice at `spins`. Returns the number of sites visited. */
export function wolff(spins: usize, clusters: i32): f64 {
  let sites: f64 = 0;
  for (let k = 0; k < clusters; k++) {
    const place = u32((u64(<u32>(draw() >> 32)) * u64(rows * cols)) >> 32);
    sites += flip(spins + (place / u32(cols)) * stride + (place % u32(cols)));
  }
  return sites;
}

/** Divides the whole lattice into clusters and draws the sign of each anew. */
export function swendsenWang(spins: usize, sweeps: i32): void {
  for (let k = 0; k < sweeps; k++) {
    for (let row = 0; row < rows; row++) {
      for (let at = spins + row * stride, end = at + cols; at < end; at++) {
        const own: u32 = load<u8>(at);
        if (own & visited) continue;
        store<u32>(queue, u32(at));
        store<u8>(at, own | visited);
        const count = grow(0, visited, noLimit);
        const u = uniform();
        let turn = u < 0.5;
        if (field != 0) {
          // P(turn) = 1 / (1 + exp(2hΣ))
          const exponent = field * total(count);
          const less = weight(abs(exponent));
          turn = u * (1 + less) < (exponent > 0 ? less : 1);
        }
        if (turn) change(count, 1);
      }
    }
    const kept = i8x16.splat(<i8>(rim | 1));
    for (let at = spins, end = spins + size; at < end; at += 16) {
      v128.store(at, v128.and(v128.load(at), kept));
    }
  }
}

/** Adds the bytes' sum to a 32-bit number. */
function widen(to: usize, bytes: v128): void {
  const wide = i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(bytes));
  const sum =
    i32x4.extract_lane(wide, 0) +
    i32x4.extract_lane(wide, 1) +
    i32x4.extract_lane(wide, 2) +
    i32x4.extract_lane(wide, 3);
  store<u32>(to, load<u32>(to) + u32(sum));
}

@inline function unequal(a: v128, b: v128): v128 {
  // two spins differ by 1, a spin and the rim by more
  return i8x16.eq(v128.xor(a, b), i8x16.splat(1));
}

/** Counts unequal neighbours and up spins of the lattice at `spins`. */
export function measure(spins: usize): void {
  memory.fill(sums, 0, 12);
  const bit = i8x16.splat(1);
  let along = i8x16.splat(0);
  let across = i8x16.splat(0);
  let ups = i8x16.splat(0);
  let left = 255;
  for (let at = spins, end = spins + size; at < end; at += 16) {
    const here = v128.load(at);
    along = i8x16.sub(along, unequal(here, v128.load(at, 1)));
    across = i8x16.sub(across, unequal(here, v128.load(at + stride)));
    ups = i8x16.add(ups, v128.and(here, bit));
    left--;
    if (left == 0 || at + 16 >= end) {
      widen(sums, along);
      widen(sums + 4, across);
      widen(sums + 8, ups);
      along = i8x16.splat(0);
      across = i8x16.splat(0);
      ups = i8x16.splat(0);
      left = 255;
    }
  }
  // bonds across the edges of a torus
  if (wrapsCols) {
    let count: u32 = 0;
    for (let row = spins, end = spins + size; row < end; row += stride) {
      count += load<u8>(row) ^ load<u8>(row + cols - 1);
    }
    store<u32>(sums, load<u32>(sums) + count);
  }
  if (wrapsRows) {
    let count: u32 = 0;
    const last = size - stride;
    for (let at = spins, end = spins + cols; at < end; at++) {
      count += load<u8>(at) ^ load<u8>(at + last);
    }
    store<u32>(sums, load<u32>(sums, 4) + count, 4);
  }
}
