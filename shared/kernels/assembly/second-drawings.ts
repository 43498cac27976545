import { stepAt } from './sfc64';

/*
 * Random numbers of the updates that are drawn anew: a scalar sfc64, and how many updates lie before the next.
 */

/** Entries of the table of gaps. */
@inline export const longest: u32 = 1024;

/** a, b, c, counter, then the updates to be passed before the next that is drawn anew. */
let generator: usize = 0;
let gaps: usize = 0;
let guide: usize = 0;

export function setGaps(generator_: usize, gaps_: usize, guide_: usize): void {
  generator = generator_;
  gaps = gaps_;
  guide = guide_;
}

/** Where the generator lies: a loop of drawings copies its four words into locals, and stores them back. */
@inline export function state(): usize {
  return generator;
}

@inline export function gapTable(): usize {
  return gaps;
}

@inline export function guideTable(): usize {
  return guide;
}

/** Number of updates that are not drawn anew before the next that is, or `longest`: P(at least j) = gaps[j − 1] / 2³². */
@inline export function shortGap(u: u32, gaps: usize, guide: usize): u32 {
  let k: u32 = load<u16>(guide + (<usize>(u >> 22) << 1));
  // two steps without branches, which nothing could foresee, are enough for most
  k += u32(u < load<u32>(gaps + (<usize>k << 2)));
  k += u32(u < load<u32>(gaps + (<usize>k << 2)));
  while (u < load<u32>(gaps + (<usize>k << 2))) k++;
  return k;
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
    k = shortGap(u32(stepAt(generator) >> 32), gaps, guide);
    passed += k;
  } while (k == longest);
  setDue(passed);
}
