import type { SpinData } from '../../shared/data/dataset.ts';
import { defaultFitOptions, type Method } from '../../shared/inference/options.ts';
import type { Loops } from '../../shared/inference/run.ts';
import { startFit } from '../../shared/inference/start.ts';
import { exactMethodFor } from '../../shared/models/lattice/exact/choose.ts';
import { type ColumnsFactory, plainColumns } from '../../shared/models/lattice/exact/columns.ts';
import { type Lattice, lattice, siteCount } from '../../shared/models/lattice/lattice.ts';
import { uniformModel } from '../../shared/models/registry.ts';
import { finish } from '../../shared/numerics/yielding.ts';
import type { EngineRow } from '../../shared/protocol/bench-file.ts';
import type { SamplerFactory } from '../../shared/sampling/sampler.ts';
import { parameters } from './contestants.ts';

/** A task of the engine, timed when its turn comes. */
export interface EngineTask {
  readonly name: (typeof engineTaskNames)[number];
  /** Measured only where it is asked for by name. */
  readonly slow?: boolean;
  measure(seconds: number): EngineRow;
}

/** Pictures that are fitted, drawn at known parameters after so many sweeps from random spins. */
interface Pictures {
  readonly lattice: Lattice;
  readonly images: number;
  readonly J: number;
  readonly hPerSite: number;
  readonly sweeps: number;
}

const open = lattice(16, 16, 'free');
const hundred = (l: Lattice): Pictures => ({
  lattice: l,
  images: 100,
  ...parameters,
  sweeps: 200,
});
const torus = hundred(lattice(32, 32, 'periodic'));
/** Towards the critical coupling. */
const larger: Pictures = {
  ...hundred(lattice(64, 64, 'periodic')),
  J: 0.4,
  hPerSite: 0,
  sweeps: 2000,
};
const largest: Pictures = {
  lattice: lattice(256, 256, 'periodic'),
  images: 20,
  J: 0.43,
  hPerSite: 0,
  sweeps: 8000,
};

/** Seconds from which on a task is measured once. */
const longTask = 3;

/** Names of the engine's tasks. */
export const engineTaskNames = [
  'exact',
  'exact-typescript',
  'exact-fit',
  'exact-fit-20',
  'pseudolikelihood',
  'mle',
  'mle-64',
  'mle-256',
] as const;

/**
 * Exact log Z and fits, as the window and the command line run them.
 *
 * @param loops makes the loops for so many threads
 */
export function engineTasks(
  loops: (threads: number) => Loops,
  cores: number,
  seed: number,
): EngineTask[] {
  const row = (name: string, l: Lattice, pictures: number | null, used: number) => ({
    name,
    rows: l.rows,
    cols: l.cols,
    boundary: l.boundary,
    images: pictures,
    threads: used,
  });
  const timed = ({ first, fastest, median }: Times, unit: 'ms' | 's') => {
    const scale = unit === 'ms' ? 1000 : 1;
    return { value: scale * median, fastest: scale * fastest, first: scale * first, unit };
  };
  const moments = (name: EngineTask['name'], columns: ColumnsFactory): EngineTask => ({
    name,
    measure(seconds) {
      const times = timesOf(seconds, () => exactMoments(open, columns));
      return { ...row(name, open, null, 1), ...timed(times, 'ms') };
    },
  });
  const fitting = (
    name: EngineTask['name'],
    method: Method,
    pictures: Pictures,
    unit: 'ms' | 's',
    used = 1,
  ): EngineTask => ({
    name,
    measure(seconds) {
      const { lattice: l, images } = pictures;
      const data = draw(pictures, loops(cores).samplers, seed);
      const times = timesOf(seconds, () => estimate(method, l, data, loops(used), seed));
      return { ...row(name, l, images, used), ...timed(times, unit) };
    },
  });
  return [
    moments('exact', loops(1).columns),
    moments('exact-typescript', plainColumns),
    fitting('exact-fit', 'exact', hundred(open), 'ms'),
    { ...fitting('exact-fit-20', 'exact', hundred(lattice(20, 20, 'free')), 's'), slow: true },
    fitting('pseudolikelihood', 'pseudolikelihood', torus, 'ms'),
    fitting('mle', 'mle', torus, 's'),
    fitting('mle-64', 'mle', larger, 's'),
    { ...fitting('mle-256', 'mle', largest, 's', cores), slow: true },
  ];
}

/** log Z with first and second derivatives. */
function exactMoments(l: Lattice, columns: ColumnsFactory): void {
  const { J, hPerSite } = parameters;
  const method = exactMethodFor(uniformModel(l), columns);
  if (!method) throw new Error(`No exact method takes ${l.rows} × ${l.cols}.`);
  const { logZ, covariance } = finish(method.evaluate([J, hPerSite * siteCount(l)]));
  if (!(logZ > 0 && covariance[0] > 0)) throw new Error(`log Z came out as ${logZ}.`);
}

/** Images of a lattice, each from a chain of its own. */
function draw(
  { lattice: l, images, J, hPerSite, sweeps }: Pictures,
  samplers: SamplerFactory,
  seed: number,
): SpinData {
  const n = siteCount(l);
  const sampler = samplers(uniformModel(l), images, seed);
  sampler.setParameters([J, hPerSite * n]);
  sampler.run(sweeps, sweeps);
  const spins = sampler.spins(0, images);
  sampler.close();
  return { rows: l.rows, cols: l.cols, images, spins };
}

/** A fit from spins to estimate. */
function estimate(method: Method, l: Lattice, data: SpinData, loops: Loops, seed: number): void {
  const options = { ...defaultFitOptions, boundary: l.boundary, method, seed };
  const run = startFit(data, options, loops);
  while (!run.advance());
  const { converged, parameters: found } = run.estimate();
  run.close();
  if (!converged) throw new Error(`The ${method} fit ended at ${found.join(', ')}, not converged.`);
}

/** Seconds that a task takes. */
interface Times {
  /** The first time in this process, with compiling. */
  readonly first: number;
  readonly fastest: number;
  /** Of all but the first: what somebody sees who has the program open. */
  readonly median: number;
}

/** Times a task again and again, three times at least if it is short, after a first time that stands apart. */
function timesOf(seconds: number, task: () => void): Times {
  const time = () => {
    const start = performance.now();
    task();
    return (performance.now() - start) / 1000;
  };
  const first = time();
  const times: number[] = [];
  const begun = performance.now();
  while (
    times.length < (times[0] > longTask ? 1 : 3) ||
    performance.now() - begun < 1000 * seconds
  ) {
    times.push(time());
  }
  times.sort((a, b) => a - b);
  return { first, fastest: times[0], median: times[Math.floor(times.length / 2)] };
}
