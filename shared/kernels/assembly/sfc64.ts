import { lookUp } from './vectors';

/**
 * Two sfc64 generators side by side, one in each 64-bit lane: 16 random bytes a step.
 *
 * A hot loop copies the state into locals, steps it with `output`, `nextA`, `nextB`, `nextC`, and
 * stores it back: state in memory or globals would cost a load and a store a step.
 *
 *   t = a + b + counter;  a' = b ^ (b >> 11);  b' = c + (c << 3);  c' = rotl(c, 24) + t
 *
 * Source: C. Doty-Humphrey, PractRand (2010 ff.), sfc64 with its constants 24, 11, 3.
 */

/** Bytes of the state in memory: a, b, c, counter, two lanes each. */
@inline export const stateBytes: usize = 64;

@inline export function output(a: v128, b: v128, counter: v128): v128 {
  return i64x2.add(i64x2.add(b, counter), a);
}

@inline export function nextA(b: v128): v128 {
  return v128.xor(b, i64x2.shr_u(b, 11));
}

@inline export function nextB(c: v128): v128 {
  return i64x2.add(c, i64x2.shl(c, 3));
}

/** @param turn `turn24`: a rotation by three whole bytes is one look-up */
@inline export function nextC(c: v128, t: v128, turn: v128): v128 {
  return i64x2.add(lookUp(c, turn), t);
}

/** One step of a single generator in memory: three words and a counter. */
@inline export function stepAt(generator: usize): u64 {
  const a = load<u64>(generator);
  const b = load<u64>(generator, 8);
  const c = load<u64>(generator, 16);
  const counter = load<u64>(generator, 24);
  const t = a + b + counter;
  store<u64>(generator, b ^ (b >> 11));
  store<u64>(generator, c + (c << 3), 8);
  store<u64>(generator, rotl<u64>(c, 24) + t, 16);
  store<u64>(generator, counter + 1, 24);
  return t;
}
