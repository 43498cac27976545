import {
  type AutocorrelationTime,
  autocorrelationTime,
} from '../../shared/ising/autocorrelation.ts';
import type { Series } from '../../shared/ising/kernel.ts';
import { bondCount } from '../../shared/ising/lattice.ts';
import type { KernelRow } from '../../shared/protocol/bench-file.ts';
import type { Contestant, Entry, Timed } from './bench-contestants.ts';

/** Sweeps after which chains near J = 0.3 show nothing of their start, even in sums over 10⁶ sites. */
const warmUp = 96;
const blocks = 5;
const fewestMeasurements = 4;
const mostMeasurements = 8192;
/** Values that a recorded series may hold (chains × measurements). */
const mostValues = 2 ** 19;
/** Relative error beyond which an autocorrelation time says nothing. */
const largestError = 1 / 3;

/** Measures one kernel: some `seconds` of bare sweeps, then at most as long of measured ones. */
export function measureKernel(
  { kernel, lattice, parameters, threads, start, startAlone }: Entry,
  seconds: number,
): KernelRow {
  const contestant = start();
  const alone = startAlone?.() ?? null;
  try {
    const { chains } = contestant;
    const timed = timeSweeps(contestant, alone, seconds);
    const sweep = timed.seconds;
    const series = recordFor(contestant, seconds, sweep);
    const [B, m] = [0, 1].map((a) => knownTime(series, a));
    const both = (value: (time: AutocorrelationTime) => number) =>
      B && m ? { B: value(B), m: value(m) } : null;
    return {
      kernel,
      rows: lattice.rows,
      cols: lattice.cols,
      boundary: lattice.boundary,
      chains,
      threads,
      ...parameters,
      updatesPerNs: timed.sites / (sweep * 1e9),
      nsPerSite: (sweep * 1e9) / timed.sites,
      speedUp: timed.speedUp,
      autocorrelationTime: both(({ tau }) => tau),
      autocorrelationTimeError: both(({ error }) => error),
      effectivePerSecond: both(({ tau }) => chains / (2 * tau * sweep)),
      bondMean: mean(series, 0) / bondCount(lattice),
      magnetization: mean(series, 1),
    };
  } finally {
    contestant.close();
    alone?.close();
  }
}

/**
 * One sweep of all chains, from the fastest of several blocks: what else runs on a machine only ever slows
 * one down. One thread takes turns with several, block by block, since a machine's speed changes.
 */
function timeSweeps(
  contestant: Contestant,
  alone: Contestant | null,
  seconds: number,
): Timed & { readonly speedUp: number | null } {
  const wanted = seconds / blocks;
  const rivals = alone ? [contestant, alone] : [contestant];
  for (const rival of rivals) {
    const [once] = rival.time(1, 1);
    rival.time(Math.max(1, Math.min(warmUp, Math.floor(seconds / once.seconds))), 1);
  }
  // more and more sweeps, until code is compiled and a block is long enough to be timed
  let sweeps = 1;
  for (;;) {
    const [{ seconds: taken }] = contestant.time(sweeps, 1);
    if (taken > wanted / 2) break;
    sweeps *= taken < wanted / 16 ? 8 : 2;
  }
  const timed = rivals.map((): Timed[] => []);
  for (let turn = 0; turn < (alone ? 2 * blocks : 1); turn++) {
    rivals.forEach((rival, k) => {
      timed[k].push(...rival.time(sweeps, alone ? 1 : blocks));
    });
  }
  const [own, other] = timed.map((runs) =>
    runs.reduce((a, b) => (b.seconds / b.sites < a.seconds / a.sites ? b : a)),
  );
  return {
    seconds: own.seconds / sweeps,
    sites: own.sites / sweeps,
    speedUp: alone ? other.seconds / own.seconds : null,
  };
}

/** A series that takes about as long, of at most as many measurements as are of use. */
function recordFor(contestant: Contestant, seconds: number, sweep: number): Series {
  const most = Math.min(mostMeasurements, Math.floor(mostValues / contestant.chains));
  return contestant.record(
    Math.max(fewestMeasurements, Math.min(most, Math.floor(seconds / sweep))),
  );
}

/** The time where the series is long enough to tell it: some ten times as long, and a small error. */
function knownTime(series: Series, statistic: number): AutocorrelationTime | null {
  const time = autocorrelationTime(series, statistic);
  const long = series.measurements > 10 * time.tau;
  return long && time.tau > 0 && time.error < largestError * time.tau ? time : null;
}

function mean({ statistics, values }: Series, statistic: number): number {
  let sum = 0;
  for (let k = statistic; k < values.length; k += statistics) sum += values[k];
  return sum / (values.length / statistics);
}
