import { samplerFactory } from '../../electron/node/threads/samplers.ts';
import { standardErrors } from '../../shared/inference/estimate.ts';
import { mle } from '../../shared/inference/estimators/mle.ts';
import { defaultFitOptions } from '../../shared/inference/options.ts';
import { pose } from '../../shared/inference/start.ts';
import { type ModelSpecification, parameterNames } from '../../shared/models/contract.ts';
import { type Boundary, lattice, siteCount } from '../../shared/models/lattice/lattice.ts';
import { parseOffsets } from '../../shared/models/lattice/offsets.ts';
import { makeModel } from '../../shared/models/registry.ts';

/** A model and its true parameters, from which data sets are drawn and fitted. */
interface Truth {
  readonly model: ModelSpecification;
  readonly boundary: Boundary;
  /** By parameter, as fit files spell them; h is the field of a site times n. */
  readonly parameters: Readonly<Record<string, number>>;
}

const side = 24;
const images = 20;
/** Sweeps between two data sets: many autocorrelation times of these models. */
const sweepsBetween = 300;

const truths: readonly Truth[] = [
  {
    model: { name: 'neighbourhood', offsets: parseOffsets('(0,1)(1,0);(1,1)(1,-1)') ?? [] },
    boundary: 'free',
    parameters: { J1: 0.2, J2: 0.1, h: 0.05 * side ** 2 },
  },
  {
    model: { name: 'uniform', trend: 2 },
    boundary: 'free',
    parameters: {
      J: 0.3,
      eta00: 0.05,
      eta10: 0.1,
      eta01: -0.15,
      eta20: 0.1,
      eta11: 0.05,
      eta02: -0.05,
    },
  },
];

/**
 * Rows of the table, one a parameter: parts of the sets whose interval, estimate ± 1.96 errors, holds the truth; and the
 * mean deviation from it, in errors of that mean.
 */
function study({ model: specification, boundary, parameters }: Truth, sets: number): string[] {
  const samplers = samplerFactory(new URL('./', import.meta.url), 1);
  const model = makeModel(specification, lattice(side, side, boundary));
  const n = siteCount(model.lattice);
  const names = parameterNames(model);
  const truth = names.map((name) => parameters[name]);
  const sampler = samplers(model, images, 11);
  sampler.setParameters(truth);
  sampler.run(2000, 2000);
  const deviations: number[][] = names.map(() => []);
  const errors: number[][] = names.map(() => []);
  const sandwiches: number[][] = names.map(() => []);
  let unconverged = 0;
  for (let set = 0; set < sets; set++) {
    sampler.run(sweepsBetween, sweepsBetween);
    const data = { rows: side, cols: side, images, spins: sampler.spins(0, images) };
    const options = {
      ...defaultFitOptions,
      ...{ model: specification, boundary, method: 'mle' as const, seed: set },
    };
    const run = mle.start(pose(data, options), options, samplers);
    while (!run.advance());
    const { parameters: found, covariance, sandwich, converged } = run.estimate();
    run.close();
    if (!converged || !covariance || !sandwich) {
      unconverged++;
      continue;
    }
    const standard = standardErrors(covariance);
    const robust = standardErrors(sandwich);
    names.forEach((_, a) => {
      deviations[a].push(found[a] - truth[a]);
      errors[a].push(standard[a]);
      sandwiches[a].push(robust[a]);
    });
  }
  sampler.close();
  return names.map((name, a) => {
    const count = deviations[a].length;
    const holds = (each: readonly number[]) =>
      (
        (100 * deviations[a].filter((off, k) => Math.abs(off) < 1.95996 * each[k]).length) /
        count
      ).toFixed(1);
    const mean = deviations[a].reduce((sum, off) => sum + off, 0) / count;
    const spread = Math.sqrt(
      deviations[a].reduce((sum, off) => sum + (off - mean) ** 2, 0) / (count - 1),
    );
    const stated = errors[a].reduce((sum, error) => sum + error, 0) / count;
    const unit = name === 'h' ? n : 1;
    return `| ${[
      name === 'h' ? 'h/n' : name,
      truth[a] / unit,
      ((truth[a] + mean) / unit).toFixed(5),
      ((mean / spread) * Math.sqrt(count)).toFixed(2),
      (spread / unit).toFixed(5),
      (stated / unit).toFixed(5),
      holds(errors[a]),
      holds(sandwiches[a]),
      unconverged,
    ].join(' | ')} |`;
  });
}

const sets = Number(process.argv[2] ?? 500);
const only = process.argv[3];
for (const [number, truth] of truths.entries()) {
  if (only !== undefined && Number(only) !== number) continue;
  const { name, offsets, trend } = truth.model;
  process.stdout.write(
    `${JSON.stringify({ name, offsets, trend })}, ${side} × ${side} ${truth.boundary}, M = ${images}, ${sets} sets\n\n` +
      '| parameter | truth | mean estimate | off by, in errors of the mean | spread | stated error | held, % | held by the sandwich, % | without an end |\n' +
      `|${' --- |'.repeat(9)}\n`,
  );
  process.stdout.write(`${study(truth, sets).join('\n')}\n\n`);
}
