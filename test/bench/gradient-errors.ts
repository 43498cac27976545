import { columnsFactory } from '../../electron/node/threads/columns.ts';
import { samplerFactory } from '../../electron/node/threads/samplers.ts';
import { standardErrors } from '../../shared/inference/estimate.ts';
import { exact } from '../../shared/inference/estimators/exact.ts';
import { gradient } from '../../shared/inference/estimators/gradient.ts';
import { defaultFitOptions, type FitOptions } from '../../shared/inference/options.ts';
import type { Estimator, Problem } from '../../shared/inference/run.ts';
import { pose } from '../../shared/inference/start.ts';
import { type Boundary, lattice } from '../../shared/models/lattice/lattice.ts';
import { uniformModel } from '../../shared/models/registry.ts';

/** Where data sets are drawn and fitted: side, edges, J, h per site, images. */
type Corner = readonly [number, Boundary, number, number, number];

const corners: readonly Corner[] = [
  [10, 'free', 0.3, 0.05, 20],
  [10, 'free', 0.4, 0, 20],
  [10, 'periodic', 0.3, 0.05, 1],
  [8, 'periodic', -0.3, 0.1, 50],
];
const alphas = [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5];

const entries = new URL('./', import.meta.url);
const [samplers, columns] = [samplerFactory(entries, 1), columnsFactory(entries)];

function fitted(estimator: Estimator, problem: Problem, options: FitOptions) {
  const run = estimator.start(problem, options, samplers);
  while (!run.advance());
  const estimate = run.estimate();
  const { length } = run.trace;
  run.close();
  return { ...estimate, steps: length };
}

/** One row a step size: (eq. (4) − exact)/(stated Monte-Carlo error) over so many runs of every data set. */
function* study([side, boundary, J, hPerSite, images]: Corner, sets: number, runs: number) {
  const n = side * side;
  const sampler = samplers(uniformModel(lattice(side, side, boundary)), images, 29);
  sampler.setParameters([J, hPerSite * n]);
  const problems = Array.from({ length: sets }, () => {
    sampler.run(1000, 1000);
    const data = { rows: side, cols: side, images, spins: sampler.spins(0, images).slice() };
    const problem = pose(data, { ...defaultFitOptions, boundary, seed: 0 }, columns);
    return { problem, truth: fitted(exact, problem, { ...defaultFitOptions, boundary, seed: 0 }) };
  });
  sampler.close();
  for (const alpha of alphas) {
    const ratios: number[][] = [[], []];
    let [steps, converged, stated] = [0, 0, 0];
    problems.forEach(({ problem, truth }, set) => {
      const standard = standardErrors(truth.covariance ?? new Float64Array(4));
      for (let run = 0; run < runs; run++) {
        const options: FitOptions = {
          ...{ ...defaultFitOptions, boundary, seed: 1000 * set + run, steps: 40_000 },
          gradient: { ...defaultFitOptions.gradient, alpha: [alpha] },
        };
        const estimate = fitted(gradient, problem, options);
        steps += estimate.steps / sets / runs;
        if (!estimate.converged) continue;
        converged++;
        stated += estimate.monteCarloError[0] / standard[0];
        ratios.forEach((list, a) => {
          list.push((estimate.parameters[a] - truth.parameters[a]) / estimate.monteCarloError[a]);
        });
      }
    });
    const rms = ratios.map((list) =>
      Math.sqrt(list.reduce((sum, z) => sum + z * z, 0) / list.length),
    );
    const largest = ratios.map((list) => Math.max(...list.map(Math.abs)).toFixed(1));
    yield `| ${[
      `${side} × ${side} ${boundary}`,
      `${J}, ${hPerSite}`,
      images,
      alpha,
      `${converged} of ${sets * runs}`,
      steps.toFixed(0),
      ...rms.map((value) => value.toFixed(2)),
      largest.join(', '),
      (stated / converged).toFixed(3),
    ].join(' | ')} |`;
  }
}

const [sets, runs] = [Number(process.argv[2] ?? 10), Number(process.argv[3] ?? 20)];
process.stdout.write(
  '| lattice | J, h/n | M | α | converged | steps | rms for J | rms for h | largest | stated for J, standard errors |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n',
);
const only = process.argv[4]?.split(',').map(Number);
for (const [number, corner] of corners.entries()) {
  if (only?.includes(number) === false) continue;
  for (const row of study(corner, sets, runs)) process.stdout.write(`${row}\n`);
}
