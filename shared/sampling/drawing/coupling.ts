import type { Sliced } from '../../numerics/yielding.ts';

/** Work of one slice, in nanoseconds of an ordinary core as far as they can be foreseen. */
export const sliceWork = 10_000_000;

/**
 * A random map that moves every state at once, and bounds on where all of them are: the lowest and the highest
 * state. Once these two are equal, all states have been moved to one.
 */
export interface Coupling {
  readonly name: string;
  /** Puts the bounds on all states; the state in the middle stays. */
  spread(): void;
  /** One sweep of the middle state and its bounds by the same random numbers; the work it took. */
  sweep(): number;
  /** Whether the bounds have met. */
  met(): boolean;
  /** A copy of the middle state; what is random in it beyond the map's state is drawn now. */
  configuration(): Int8Array;
}

/** Times that the bounds took to meet, in sweeps, and the work of it. */
export interface Meeting {
  readonly sweeps: number;
  readonly work: number;
}

/** Sweeps until the bounds meet; null once more work was done than is allowed. */
export function* meeting(coupling: Coupling, allowed: number): Sliced<Meeting | null> {
  coupling.spread();
  let unyielded = 0;
  let [sweeps, work] = [0, 0];
  while (work < allowed) {
    const one = coupling.sweep();
    sweeps++;
    work += one;
    unyielded += one;
    if (coupling.met()) return { sweeps, work };
    if (unyielded < sliceWork) continue;
    unyielded = 0;
    yield;
  }
  return null;
}

/**
 * Exact and independent draws by coupling from the past with random numbers that are read once.
 *
 * A block is a fixed number of sweeps. Where the bounds meet within a block, it maps every state to one. The state
 * before such a block, moved by all blocks since the one like it before, is a draw from the distribution: it is what
 * coupling from the past would have given.
 *
 * Source: D. B. Wilson, Random Struct. Algorithms 16, 85 (2000); after J. G. Propp, D. B. Wilson, ibid. 9, 223
 * (1996).
 *
 * @param block sweeps of a block, which must not depend on the coupling's random numbers
 */
export function* exactDraws(
  coupling: Coupling,
  block: number,
  count: number,
  each: (configuration: Int8Array, index: number) => void,
): Sliced<void> {
  let unyielded = 0;
  // the first block that meets only gives the state to go on from
  for (let drawn = -1; drawn < count; ) {
    const before = drawn >= 0 ? coupling.configuration() : null;
    coupling.spread();
    for (let t = 0; t < block; t++) {
      unyielded += coupling.sweep();
      if (unyielded < sliceWork) continue;
      unyielded = 0;
      yield;
    }
    if (!coupling.met()) continue;
    if (before) each(before, drawn);
    drawn++;
  }
}
