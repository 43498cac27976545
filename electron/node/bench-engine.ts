import type { SpinData } from '../../shared/ising/dataset.ts';
import { exactMethodFor } from '../../shared/ising/exact/choose.ts';
import { finish } from '../../shared/ising/exact/method.ts';
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
  measure(seconds: number): EngineRow;
}

const images = 100;
const torus = lattice(32, 32, 'periodic');

/** Names of the engine's tasks. */
export const engineTaskNames = ['exact', 'pseudolikelihood', 'mle'] as const;

/** Exact log Z and two fits, as the window and the command line run them. */
export function engineTasks(samplers: SamplerFactory, threads: number, seed: number): EngineTask[] {
  const open = lattice(16, 16, 'free');
  const row = (name: string, l: Lattice, pictures: number | null, used: number) => ({
    name,
    rows: l.rows,
    cols: l.cols,
    boundary: l.boundary,
    images: pictures,
    threads: used,
  });
  return [
    {
      name: 'exact',
      measure(seconds) {
        const value = fastestTime(seconds, () => exactMoments(open)) * 1000;
        return { ...row('exact', open, null, 1), value, unit: 'ms' };
      },
    },
    {
      name: 'pseudolikelihood',
      measure(seconds) {
        const data = draw(samplers, seed);
        const value =
          fastestTime(seconds, () => estimate('pseudolikelihood', data, samplers, seed)) * 1000;
        return { ...row('pseudolikelihood', torus, images, 1), value, unit: 'ms' };
      },
    },
    {
      name: 'mle',
      measure(seconds) {
        const data = draw(samplers, seed);
        const value = fastestTime(seconds, () => estimate('mle', data, samplers, seed));
        return { ...row('mle', torus, images, threads), value, unit: 's' };
      },
    },
  ];
}

/** log Z with first and second derivatives. */
function exactMoments(l: Lattice): void {
  const { J, hPerSite } = parameters;
  const method = exactMethodFor(uniformModel(l));
  if (!method) throw new Error(`No exact method takes ${l.rows} × ${l.cols}.`);
  const { logZ, covariance } = finish(method.evaluate([J, hPerSite * siteCount(l)]));
  if (!(logZ > 0 && covariance[0] > 0)) throw new Error(`log Z came out as ${logZ}.`);
}

/** Images of the torus, each from a chain of its own. */
function draw(samplers: SamplerFactory, seed: number): SpinData {
  const { J, hPerSite } = parameters;
  const n = siteCount(torus);
  const sampler = samplers(uniformModel(torus), images, seed);
  sampler.setParameters([J, hPerSite * n]);
  sampler.run(200, 200);
  const spins = new Int8Array(images * n);
  for (let i = 0; i < images; i++) spins.set(sampler.spins(i), i * n);
  sampler.close();
  return { rows: torus.rows, cols: torus.cols, images, spins };
}

/** A fit from spins to estimate. */
function estimate(method: Method, data: SpinData, samplers: SamplerFactory, seed: number): void {
  const options = { ...defaultFitOptions, boundary: torus.boundary, method, seed };
  const run = startFit(data, options, samplers);
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
