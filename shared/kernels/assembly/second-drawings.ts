import { stepAt } from './sfc64';

/*
 * Random numbers of the updates that are drawn anew: a scalar sfc64, and how many updates lie before the next.
 */

/** The last entry of the table of gaps, which stands for itself and longer ones. */
@inline export const longest: u32 = 1023;

/** a, b, c, counter, then the updates to be passed before the next that is drawn anew. */
let generator: usize = 0;
let gaps: usize = 0;

export function setGaps(generator_: usize, gaps_: usize): void {
  generator = generator_;
  gaps = gaps_;
}

/** Where the generator lies: a loop of drawings copies its four words into locals, and stores them back. */
@inline export function state(): usize {
  return generator;
}

@inline export function gapTable(): usize {
  return gaps;
}

/** Number of updates that are not drawn anew before the next that is, or `longest`: see `gapTable`. */
@inline export function shortGap(u: u32, gaps: usize): u32 {
  const cell = u >> 22;
  const entry = load<u32>(gaps + (<usize>cell << 2));
  const other = entry & longest;
  // the lower bits, and below them what the entry holds besides its bound
  const own = u32(((u << 10) | longest) < entry);
  // without branches, which nothing could foresee
  return other ^ ((cell ^ other) & (0 - own));
}

/** Updates to be passed before the next that is drawn anew. */
@inline export function due(): usize {
  return <usize>load<u32>(generator, 32);
}

@inline export function setDue(updates: usize): void {
  store<u32>(generator, u32(updates), 32);
}

/** Draws the next update that is drawn anew, counted from the present; without memory, so that it changes nothing. */
export function redraw(): void {
  let passed: u32 = 0;
  let k: u32;
  do {
    k = shortGap(u32(stepAt(generator) >> 32), gaps);
    passed += k;
  } while (k == longest);
  setDue(passed);
}
