import type { Sliced } from '../../numerics/yielding.ts';
import { bondCoupling } from './bond-coupling.ts';
import { type Coupling, meeting } from './coupling.ts';
import type { Couplings } from './lattice-model.ts';
import { spinCoupling } from './spin-coupling.ts';

/** Streams of the trials and of the draws, each with a second one beside it; far from those of all kernels. */
const streams = 2 ** 33;
/** Trials that set the length of a block: the longest of four meets again in four blocks of five. */
const trials = 4;
const blocksPerDraw = 5 / 4;
/** Part of what is allowed that the trials may take in all. */
const trialPart = 1 / 4;

const makers = [spinCoupling, bondCoupling];

/** A coupling, and the sweeps of a block in which its bounds mostly meet. */
export interface Chosen {
  readonly coupling: Coupling;
  readonly block: number;
  /** Work of a draw, as foreseen. */
  readonly work: number;
}

/**
 * The coupling that gives exact draws with least work, by trials with random numbers of their own; null where
 * none gives so many draws with the work that is allowed.
 */
export function* chooseCoupling(
  couplings: Couplings,
  seed: number,
  count: number,
  allowed: number,
): Sliced<Chosen | null> {
  let best: Chosen | null = null;
  // the first coupling may never meet where the second does at once, hence short trials first
  const first = (trialPart * allowed) / 2 ** 12;
  for (let most = first; best === null && most <= (trialPart * allowed) / 2; most *= 4) {
    for (const [k, maker] of makers.entries()) {
      const trial = maker(couplings, seed, streams + 2 * k);
      if (trial === null) continue;
      const times = yield* meetings(trial, most);
      if (times === null) continue;
      const work = blocksPerDraw * times.work;
      if (best && work >= best.work) continue;
      const coupling = maker(couplings, seed, streams + 2 * (makers.length + k));
      if (coupling) best = { coupling, block: times.sweeps, work };
    }
  }
  // the first state takes as much as a draw
  return best && best.work * (count + 1) <= allowed ? best : null;
}

/** The longest of some meetings; null where not all come about with so much work. */
function* meetings(
  coupling: Coupling,
  allowed: number,
): Sliced<{ sweeps: number; work: number } | null> {
  let [sweeps, work, spent] = [0, 0, 0];
  for (let trial = 0; trial < trials; trial++) {
    const met = yield* meeting(coupling, allowed - spent);
    if (met === null) return null;
    spent += met.work;
    if (met.sweeps > sweeps) ({ sweeps, work } = met);
  }
  return { sweeps, work };
}
