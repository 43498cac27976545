import { stepAt } from './sfc64';

/*
 * Random numbers of the updates that are drawn anew: a scalar sfc64, and how many updates lie before the next.
 */

/** Entries of the table of gaps. */
@inline const longest: u32 = 1024;

/** a, b, c, counter, then the updates to be passed before the next that is drawn anew. */
let generator: usize = 0;
let gaps: usize = 0;
let guide: usize = 0;

export function setGaps(generator_: usize, gaps_: usize, guide_: usize): void {
  generator = generator_;
  gaps = gaps_;
  guide = guide_;
}

/** One step of the generator. */
@inline export function draw(): u64 {
  return stepAt(generator);
}

/** Number of updates that are not drawn anew before the next that is: P(at least j) = gaps[j − 1] / 2³². */
@inline export function gap(word: u32): u32 {
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

/** Updates to be passed before the next that is drawn anew. */
@inline export function due(): usize {
  return <usize>load<u32>(generator, 32);
}

@inline export function setDue(updates: usize): void {
  store<u32>(generator, u32(updates), 32);
}

/** Draws the next update that is drawn anew, counted from the present; without memory, so that it changes nothing. */
export function redraw(): void {
  setDue(gap(u32(draw() >> 32)));
}
