import type { SpinData } from '../../shared/ising/dataset.ts';
import { exactMethodFor } from '../../shared/ising/exact/choose.ts';
import { type ColumnsFactory, plainColumns } from '../../shared/ising/exact/columns.ts';
import { finish } from '../../shared/ising/exact/method.ts';
import type { Loops } from '../../shared/ising/fit/run.ts';
import { startFit } from '../../shared/ising/fit/start.ts';
import { type Lattice, lattice, siteCount } from '../../shared/ising/lattice.ts';
import { uniformModel } from '../../shared/ising/model.ts';
import { defaultFitOptions, type Method } from '../../shared/ising/options.ts';
import type { SamplerFactory } from '../../shared/ising/sampler.ts';
import type { EngineRow } from '../../shared/protocol/bench-file.ts';
import { parameters } from './bench-contestants.ts';

/** A task of the engine, timed when its turn comes. */
export interface EngineTask {
  readonly name: (typeof engineTaskNames)[number];
  /** Measured only where it is asked for by name. */
  readonly slow?: boolean;
  measure(seconds: number): EngineRow;
}

const images = 100;
const torus = lattice(32, 32, 'periodic');
const open = lattice(16, 16, 'free');
const wide = lattice(20, 20, 'free');

/** Names of the engine's tasks. */
export const engineTaskNames = [
  'exact',
  'exact-typescript',
  'exact-fit',
  'exact-fit-20',
  'pseudolikelihood',
  'mle',
] as const;

/** Exact log Z and fits, as the window and the command line run them. */
export function engineTasks(loops: Loops, threads: number, seed: number): EngineTask[] {
  const row = (name: string, l: Lattice, pictures: number | null, used: number) => ({
    name,
    rows: l.rows,
    cols: l.cols,
    boundary: l.boundary,
    images: pictures,
    threads: used,
  });
  const moments = (name: EngineTask['name'], columns: ColumnsFactory): EngineTask => ({
    name,
    measure(seconds) {
      const value = fastestTime(seconds, () => exactMoments(open, columns)) * 1000;
      return { ...row(name, open, null, 1), value, unit: 'ms' };
    },
  });
  const fitting = (
    name: EngineTask['name'],
    method: Method,
    l: Lattice,
    unit: 'ms' | 's',
    used = 1,
  ): EngineTask => ({
    name,
    measure(seconds) {
      const data = draw(l, loops.samplers, seed);
      const taken = fastestTime(seconds, () => estimate(method, l, data, loops, seed));
      return { ...row(name, l, images, used), value: unit === 'ms' ? taken * 1000 : taken, unit };
    },
  });
  return [
    moments('exact', loops.columns),
    moments('exact-typescript', plainColumns),
    fitting('exact-fit', 'exact', open, 'ms'),
    { ...fitting('exact-fit-20', 'exact', wide, 's'), slow: true },
    fitting('pseudolikelihood', 'pseudolikelihood', torus, 'ms'),
    fitting('mle', 'mle', torus, 's', threads),
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
function draw(l: Lattice, samplers: SamplerFactory, seed: number): SpinData {
  const { J, hPerSite } = parameters;
  const n = siteCount(l);
  const sampler = samplers(uniformModel(l), images, seed);
  sampler.setParameters([J, hPerSite * n]);
  sampler.run(200, 200);
  const spins = new Int8Array(images * n);
  for (let i = 0; i < images; i++) spins.set(sampler.spins(i), i * n);
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

/** Fastest time of a task, in seconds, after one run that warms it up; at least three runs. */
function fastestTime(seconds: number, task: () => void): number {
  task();
  const times: number[] = [];
  const begun = performance.now();
  while (times.length < 3 || performance.now() - begun < 1000 * seconds) {
    const start = performance.now();
    task();
    times.push((performance.now() - start) / 1000);
  }
  return Math.min(...times);
}
