/*
 * Loops of the transfer matrix (shared/models/lattice/exact/columns.ts is their specification; results are the
 * same, bit for bit). Two states a vector, two columns a pass: four states are in hand at a time.
 *
 * Columns are added to a block of 2^10 states of a coefficient, so that three coefficients stay in the
 * first-level cache. For high columns the states that meet lie far apart: runs of them are gathered
 * into a block, and go back from there.
 */

/** Bytes of a block of one coefficient. */
@inline const blockBytes: usize = 1 << 13;

/** Three blocks for states that are gathered; set once. */
let gathered: usize = 0;

export function setAddress(gathered_: usize): void {
  gathered = gathered_;
}

/** x + q y. */
@inline function mix(x: v128, y: v128, q: v128): v128 {
  return f64x2.add(x, f64x2.mul(q, y));
}

/** x + q (y + z). */
@inline function mix2(x: v128, y: v128, z: v128, q: v128): v128 {
  return f64x2.add(x, f64x2.mul(q, f64x2.add(y, z)));
}

@inline function swapped(x: v128): v128 {
  return v128.shuffle<f64>(x, x, 1, 0);
}

/** One column whose states lie `distance` bytes apart, within `bytes` of each of `size` coefficients. */
@inline function oneColumn(size: i32, a: usize, b: usize, c: usize, bytes: usize, distance: usize, q: v128): void {
  for (let block: usize = 0; block < bytes; block += 2 * distance) {
    for (let p = block, end = block + distance; p < end; p += 16) {
      const r = p + distance;
      const a0 = v128.load(a + p);
      const a1 = v128.load(a + r);
      v128.store(a + p, mix(a0, a1, q));
      v128.store(a + r, mix(a1, a0, q));
      if (size > 1) {
        const b0 = v128.load(b + p);
        const b1 = v128.load(b + r);
        v128.store(b + p, mix2(b0, b1, a1, q));
        v128.store(b + r, mix2(b1, b0, a0, q));
        if (size > 2) {
          const c0 = v128.load(c + p);
          const c1 = v128.load(c + r);
          v128.store(c + p, mix2(c0, c1, b1, q));
          v128.store(c + r, mix2(c1, c0, b0, q));
        }
      }
    }
  }
}

/** The column of the lowest bit: both states lie in one vector. */
@inline function lowestColumn(size: i32, a: usize, b: usize, c: usize, bytes: usize, q: v128): void {
  for (let p: usize = 0; p < bytes; p += 16) {
    const a0 = v128.load(a + p);
    const a1 = swapped(a0);
    v128.store(a + p, mix(a0, a1, q));
    if (size > 1) {
      const b0 = v128.load(b + p);
      const b1 = swapped(b0);
      v128.store(b + p, mix2(b0, b1, a1, q));
      if (size > 2) {
        const c0 = v128.load(c + p);
        v128.store(c + p, mix2(c0, swapped(c0), b1, q));
      }
    }
  }
}

/** Two neighbouring columns, the lower one's states `distance` bytes apart. */
@inline function twoColumns(size: i32, a: usize, b: usize, c: usize, bytes: usize, distance: usize, q: v128): void {
  for (let block: usize = 0; block < bytes; block += 4 * distance) {
    for (let p0 = block, end = block + distance; p0 < end; p0 += 16) {
      const p1 = p0 + distance;
      const p2 = p1 + distance;
      const p3 = p2 + distance;
      const a0 = v128.load(a + p0);
      const a1 = v128.load(a + p1);
      const a2 = v128.load(a + p2);
      const a3 = v128.load(a + p3);
      // the lower column
      const s0 = mix(a0, a1, q);
      const s1 = mix(a1, a0, q);
      const s2 = mix(a2, a3, q);
      const s3 = mix(a3, a2, q);
      // the upper one
      v128.store(a + p0, mix(s0, s2, q));
      v128.store(a + p1, mix(s1, s3, q));
      v128.store(a + p2, mix(s2, s0, q));
      v128.store(a + p3, mix(s3, s1, q));
      if (size > 1) {
        const b0 = v128.load(b + p0);
        const b1 = v128.load(b + p1);
        const b2 = v128.load(b + p2);
        const b3 = v128.load(b + p3);
        const t0 = mix2(b0, b1, a1, q);
        const t1 = mix2(b1, b0, a0, q);
        const t2 = mix2(b2, b3, a3, q);
        const t3 = mix2(b3, b2, a2, q);
        v128.store(b + p0, mix2(t0, t2, s2, q));
        v128.store(b + p1, mix2(t1, t3, s3, q));
        v128.store(b + p2, mix2(t2, t0, s0, q));
        v128.store(b + p3, mix2(t3, t1, s1, q));
        if (size > 2) {
          const c0 = v128.load(c + p0);
          const c1 = v128.load(c + p1);
          const c2 = v128.load(c + p2);
          const c3 = v128.load(c + p3);
          const u0 = mix2(c0, c1, b1, q);
          const u1 = mix2(c1, c0, b0, q);
          const u2 = mix2(c2, c3, b3, q);
          const u3 = mix2(c3, c2, b2, q);
          v128.store(c + p0, mix2(u0, u2, t2, q));
          v128.store(c + p1, mix2(u1, u3, t3, q));
          v128.store(c + p2, mix2(u2, u0, t0, q));
          v128.store(c + p3, mix2(u3, u1, t1, q));
        }
      }
    }
  }
}

/** The columns first … last − 1 of contiguous states. */
@inline function columns(size: i32, a: usize, b: usize, c: usize, bytes: usize, first: i32, last: i32, q: v128): void {
  let column = first;
  if (column == 0 && column < last) {
    lowestColumn(size, a, b, c, bytes, q);
    column++;
  }
  if ((last - column) & 1) {
    oneColumn(size, a, b, c, bytes, (<usize>8) << column, q);
    column++;
  }
  for (; column < last; column += 2) twoColumns(size, a, b, c, bytes, (<usize>8) << column, q);
}

/** Copies `runs` runs of `bytes` each, `step` apart in `from`, to one after the other in `to`. */
@inline function gather(from: usize, to: usize, runs: usize, bytes: usize, step: usize): void {
  for (let r: usize = 0; r < runs; r++, from += step) {
    for (let p: usize = 0; p < bytes; p += 16, to += 16) v128.store(to, v128.load(from + p));
  }
}

@inline function scatter(from: usize, to: usize, runs: usize, bytes: usize, step: usize): void {
  for (let r: usize = 0; r < runs; r++, to += step) {
    for (let p: usize = 0; p < bytes; p += 16, from += 16) v128.store(to + p, v128.load(from));
  }
}

@inline function bonds(size: i32, a: usize, b: usize, c: usize, bytes: usize, first: i32, last: i32, q: v128): void {
  // states that meet lie within a block
  if (((<usize>8) << last) <= blockBytes) {
    const block = bytes < blockBytes ? bytes : blockBytes;
    for (let p: usize = 0; p < bytes; p += block) {
      columns(size, a + p, b + p, c + p, block, first, last, q);
    }
    return;
  }
  // runs of states that differ in these columns only; in a block these are the highest bits
  const number = last - first;
  const runs = (<usize>1) << number;
  const step = (<usize>8) << first;
  const run = blockBytes >> number;
  const bit = ctz(<i32>run) - 3;
  const x = gathered;
  const y = x + blockBytes;
  const z = y + blockBytes;
  for (let high: usize = 0; high < bytes; high += step * runs) {
    for (let p = high, end = high + step; p < end; p += run) {
      gather(a + p, x, runs, run, step);
      if (size > 1) gather(b + p, y, runs, run, step);
      if (size > 2) gather(c + p, z, runs, run, step);
      columns(size, x, y, z, blockBytes, bit, bit + number, q);
      scatter(x, a + p, runs, run, step);
      if (size > 1) scatter(y, b + p, runs, run, step);
      if (size > 2) scatter(z, c + p, runs, run, step);
    }
  }
}

export function bonds1(a: usize, bytes: usize, first: i32, last: i32, q: f64): void {
  bonds(1, a, 0, 0, bytes, first, last, f64x2.splat(q));
}

export function bonds2(a: usize, b: usize, bytes: usize, first: i32, last: i32, q: f64): void {
  bonds(2, a, b, 0, bytes, first, last, f64x2.splat(q));
}

export function bonds3(a: usize, b: usize, c: usize, bytes: usize, first: i32, last: i32, q: f64): void {
  bonds(3, a, b, c, bytes, first, last, f64x2.splat(q));
}

/** (table[kinds[0]], table[kinds[1]]) for a table of numbers. */
@inline function lookUp(table: usize, first: usize, second: usize): v128 {
  return v128.load64_lane(table + 8 * second, v128.load64_splat(table + 8 * first), 1);
}

/** Multiplies states by (w (1 + x)^u) with u and w from tables by each state's kind, a byte. */
@inline function diagonal(size: i32, a: usize, b: usize, c: usize, kinds: usize, states: usize, numbers: usize, weights: usize): void {
  const half = f64x2.splat(0.5);
  const one = f64x2.splat(1);
  for (let s: usize = 0, p: usize = 0; s < states; s += 2, p += 16) {
    const first = <usize>load<u8>(kinds + s);
    const second = <usize>load<u8>(kinds + s, 1);
    const w = lookUp(weights, first, second);
    const a0 = v128.load(a + p);
    v128.store(a + p, f64x2.mul(a0, w));
    if (size > 1) {
      const u = lookUp(numbers, first, second);
      const b0 = v128.load(b + p);
      v128.store(b + p, f64x2.mul(w, f64x2.add(b0, f64x2.mul(u, a0))));
      if (size > 2) {
        // u (b + (u − 1)/2 a)
        const pairs = f64x2.mul(f64x2.mul(half, f64x2.sub(u, one)), a0);
        const c0 = v128.load(c + p);
        v128.store(c + p, f64x2.mul(w, f64x2.add(c0, f64x2.mul(u, f64x2.add(b0, pairs)))));
      }
    }
  }
}

export function diagonal1(a: usize, kinds: usize, states: usize, numbers: usize, weights: usize): void {
  diagonal(1, a, 0, 0, kinds, states, numbers, weights);
}

export function diagonal2(a: usize, b: usize, kinds: usize, states: usize, numbers: usize, weights: usize): void {
  diagonal(2, a, b, 0, kinds, states, numbers, weights);
}

export function diagonal3(a: usize, b: usize, c: usize, kinds: usize, states: usize, numbers: usize, weights: usize): void {
  diagonal(3, a, b, c, kinds, states, numbers, weights);
}
