import type { Contestant, Timed } from './contestants.ts';

/** Turns that are wanted, that are tried, and without which nothing is told. */
const wantedTurns = 10;
const mostTurns = 30;
const fewestTurns = 3;
/** Share of its cores that a block must have had. */
const wantedShare = 0.95;

/** How much faster several threads are than one. */
export interface SpeedUp {
  /** Median over turns of the ratio of both times; null where too few turns count. */
  readonly ratio: number | null;
  /** Turns that count. */
  readonly turns: number;
  /** Every block of several threads. */
  readonly timed: Timed[];
}

/**
 * Has one thread and several do the same work by turns, block by block, since a machine's speed changes.
 * A turn counts where both blocks had a core a thread, by this process's own processor time: elsewhere
 * another program's work would be taken for this one's. What threads wait for each other lowers that time too, so
 * that a ratio may come out too high by as much as the missing share, and no more.
 *
 * @param threads of the contestant; the other has one
 */
export function takeTurns(
  contestant: Contestant,
  alone: Contestant,
  threads: number,
  sweeps: number,
): SpeedUp {
  const timed: Timed[] = [];
  const ratios: number[] = [];
  for (let turn = 0; turn < mostTurns && ratios.length < wantedTurns; turn++) {
    const one = block(alone, sweeps);
    const several = block(contestant, sweeps);
    timed.push(several);
    if (one.cores >= wantedShare && several.cores >= wantedShare * threads) {
      ratios.push(one.seconds / several.seconds);
    }
  }
  ratios.sort((a, b) => a - b);
  const ratio = ratios.length < fewestTurns ? null : ratios[Math.floor(ratios.length / 2)];
  return { ratio, turns: ratios.length, timed };
}

/** A run, and how many cores it had on average. */
function block(contestant: Contestant, sweeps: number): Timed & { readonly cores: number } {
  const before = process.cpuUsage();
  const [timed] = contestant.time(sweeps, 1);
  const { user, system } = process.cpuUsage(before);
  return { ...timed, cores: (user + system) / 1e6 / timed.seconds };
}
