import { bondCount } from '../../shared/models/lattice/lattice.ts';
import type { KernelRow } from '../../shared/protocol/bench-file.ts';
import {
  type AutocorrelationTime,
  autocorrelationTime,
} from '../../shared/sampling/autocorrelation.ts';
import type { Series } from '../../shared/sampling/kernel.ts';
import type { Contestant, Entry, Timed } from './contestants.ts';
import { type SpeedUp, takeTurns } from './speed-up.ts';

/** Sweeps after which chains near J = 0.3 show nothing of their start, even in sums over 10⁶ sites. */
const warmUp = 96;
const blocks = 5;
const fewestMeasurements = 4;
const mostMeasurements = 8192;
/** Values that a recorded series may hold (chains × measurements). */
const mostValues = 2 ** 19;
/** Times as long as was asked for, which a series may take that tells nothing yet. */
const patience = 32;
/** Autocorrelation times that a series must be long to tell one. */
const timesTau = 10;
/** Relative error beyond which an autocorrelation time says nothing. */
const largestError = 1 / 3;

/** Measures one kernel: some `seconds` of bare sweeps, then as long of measured ones, or longer if they tell nothing. */
export function measureKernel(
  { kernel, lattice, parameters, threads, start, startAlone }: Entry,
  seconds: number,
): KernelRow {
  const contestant = start();
  const alone = startAlone?.() ?? null;
  try {
    const { chains } = contestant;
    const timed = timeSweeps(contestant, alone, threads, seconds);
    const sweep = timed.seconds;
    const { series, times } = recordFor(contestant, seconds, sweep);
    const [B, m] = times;
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
      speedUp: timed.speedUp?.ratio ?? null,
      speedUpTurns: timed.speedUp?.turns,
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
 * one down.
 */
function timeSweeps(
  contestant: Contestant,
  alone: Contestant | null,
  threads: number,
  seconds: number,
): Timed & { readonly speedUp: SpeedUp | null } {
  const wanted = seconds / blocks;
  for (const rival of alone ? [contestant, alone] : [contestant]) {
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
  const speedUp = alone && takeTurns(contestant, alone, threads, sweeps);
  const timed = speedUp?.timed ?? contestant.time(sweeps, blocks);
  const { seconds: fastest, sites } = timed.reduce((a, b) =>
    b.seconds / b.sites < a.seconds / a.sites ? b : a,
  );
  return { seconds: fastest / sweeps, sites: sites / sweeps, speedUp };
}

/** A series with the autocorrelation times, in sweeps, that it is long enough to tell. */
interface Recorded {
  readonly series: Series;
  readonly times: readonly (AutocorrelationTime | null)[];
}

/**
 * A series that takes about as long, of at most as many measurements as are of use; where it is too short, a
 * longer one, measured less often.
 */
function recordFor(contestant: Contestant, seconds: number, sweep: number): Recorded {
  const most = Math.min(mostMeasurements, Math.floor(mostValues / contestant.chains));
  const patient = Math.floor((patience * seconds) / sweep);
  let sweeps = Math.max(fewestMeasurements, Math.min(most, Math.floor(seconds / sweep)));
  let stride = 1;
  for (;;) {
    const measurements = Math.floor(sweeps / stride);
    const series = contestant.record(measurements, stride);
    const found = [0, 1].map((a) => autocorrelationTime(series, a));
    const told = found.map((time) => (tells(series, time) ? inSweeps(time, stride) : null));
    const taus = found.map(({ tau }) => tau * stride);
    const next = Math.ceil(Math.max(2 * sweeps, 2 * timesTau * Math.max(...taus)));
    // an eighth of a time apart, measurements tell it to some thousandths
    stride = Math.max(1, Math.floor(Math.min(...taus) / 8), Math.ceil(next / most));
    if (!told.includes(null) || next > patient) return { series, times: told };
    sweeps = next;
  }
}

/** Whether a series is long enough for the time that it gives. */
function tells({ measurements }: Series, { tau, error }: AutocorrelationTime): boolean {
  return measurements > timesTau * tau && tau > 0 && error < largestError * tau;
}

function inSweeps({ tau, error }: AutocorrelationTime, stride: number): AutocorrelationTime {
  return { tau: tau * stride, error: error * stride };
}

function mean({ statistics, values }: Series, statistic: number): number {
  let sum = 0;
  for (let k = statistic; k < values.length; k += statistics) sum += values[k];
  return sum / (values.length / statistics);
}
