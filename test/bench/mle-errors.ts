import { columnsFactory } from '../../electron/node/threads/columns.ts';
import { samplerFactory } from '../../electron/node/threads/samplers.ts';
import { standardErrors } from '../../shared/inference/estimate.ts';
import { exact } from '../../shared/inference/estimators/exact.ts';
import { mle } from '../../shared/inference/estimators/mle.ts';
import { existence } from '../../shared/inference/existence/existence.ts';
import { defaultFitOptions, type FitOptions } from '../../shared/inference/options.ts';
import type { Estimator, Problem } from '../../shared/inference/run.ts';
import { pose } from '../../shared/inference/start.ts';
import { type Boundary, lattice, siteCount } from '../../shared/models/lattice/lattice.ts';
import { uniformModel } from '../../shared/models/registry.ts';

/** Where data sets are drawn and fitted: side, edges, J, h per site, images. */
type Corner = readonly [number, Boundary, number, number, number];

const corners: readonly Corner[] = [
  [12, 'free', 0.3, 0.05, 20],
  [12, 'free', 0.44, 0, 20],
  [12, 'free', -0.4, 0.1, 20],
  [12, 'free', 0.55, 0, 40],
  [12, 'free', 0.3, 0.05, 1],
  [12, 'free', 0.2, 0, 400],
  [16, 'free', 0.3, 0.05, 20],
  [16, 'free', 0.42, 0, 20],
  [10, 'periodic', 0.4, 0.02, 30],
  [8, 'periodic', 0.3, 0.05, 100],
  [8, 'periodic', 0.46, 0.01, 10],
  [8, 'periodic', -0.2, 0.6, 30],
];

/** Sweeps between two data sets, each of whose images comes from a chain of its own. */
const sweepsBetween = 2000;

const entries = new URL('./', import.meta.url);
const [samplers, columns] = [samplerFactory(entries, 1), columnsFactory(entries)];

function fitted(estimator: Estimator, problem: Problem, options: FitOptions) {
  const run = estimator.start(problem, options, samplers);
  while (!run.advance());
  const estimate = run.estimate();
  run.close();
  return estimate;
}

/** One row of the table: (mle − exact)/(stated Monte-Carlo error) over so many runs of every data set. */
function study([side, boundary, J, hPerSite, images]: Corner, sets: number, runs: number): string {
  const l = lattice(side, side, boundary);
  const model = uniformModel(l);
  const n = siteCount(l);
  const sampler = samplers(model, images, 17);
  sampler.setParameters([J, hPerSite * n]);
  const square = [0, 0];
  const largest = [0, 0];
  const stated = [0, 0];
  let beyond = 0;
  let count = 0;
  for (let set = 0; set < sets; set++) {
    sampler.run(sweepsBetween, sweepsBetween);
    const spins = new Int8Array(images * n);
    for (let i = 0; i < images; i++) {
      // without a field both signs are alike, and a chain above J_c keeps its own
      const turned = hPerSite === 0 && i % 2 === 1;
      spins.set(turned ? sampler.spins(i).map((spin) => -spin) : sampler.spins(i), i * n);
    }
    const data = { rows: side, cols: side, images, spins };
    const options = { ...defaultFitOptions, boundary, seed: 0 };
    const problem = pose(data, options, columns);
    if (existence(model, problem.observed).exists === false) continue;
    const truth = fitted(exact, problem, options);
    const standard = standardErrors(truth.covariance ?? new Float64Array(4));
    for (let seed = 0; seed < runs; seed++) {
      const { parameters, monteCarloError } = fitted(mle, problem, {
        ...options,
        seed: 1000 * set + seed,
      });
      count++;
      for (let a = 0; a < 2; a++) {
        const ratio = (parameters[a] - truth.parameters[a]) / monteCarloError[a];
        square[a] += ratio ** 2;
        stated[a] += monteCarloError[a] / standard[a];
        largest[a] = Math.max(largest[a], Math.abs(ratio));
        if (Math.abs(ratio) > 3) beyond++;
      }
    }
  }
  sampler.close();
  const rms = square.map((sum) => Math.sqrt(sum / count).toFixed(2));
  return `| ${[
    `${side} × ${side} ${boundary}`,
    `${J}, ${hPerSite}`,
    images,
    count,
    ...rms,
    beyond,
    largest.map((value) => value.toFixed(1)).join(', '),
    stated.map((sum) => (sum / count).toFixed(3)).join(', '),
  ].join(' | ')} |`;
}

const [sets, runs] = [Number(process.argv[2] ?? 20), Number(process.argv[3] ?? 20)];
const only = process.argv[4];
process.stdout.write(
  '| lattice | J, h/n | M | runs | rms for J | rms for h | beyond 3 | largest | stated, standard errors |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n',
);
for (const [number, corner] of corners.entries()) {
  if (only === undefined || only.split(',').map(Number).includes(number))
    process.stdout.write(`${study(corner, sets, runs)}\n`);
}
