import { setImmediate } from 'node:timers/promises';
import { type Command, Option } from 'commander';
import { exactMethodFor, whyNotExact } from '../../shared/ising/exact/choose.ts';
import type { ExactMethod, ExactMoments } from '../../shared/ising/exact/method.ts';
import { OutOfReachError } from '../../shared/ising/failures.ts';
import { type Boundary, lattice, siteCount } from '../../shared/ising/lattice.ts';
import { type Model, parameterNames } from '../../shared/ising/model.ts';
import { makeModel } from '../../shared/ising/models/registry.ts';
import { columnsFactory } from '../node/columns.ts';
import * as take from './arguments.ts';
import { UsageError } from './exit.ts';
import { addModelFlags, type ModelFlags, specificationOf } from './model.ts';
import { ProgressLine } from './progress.ts';
import { table } from './summary.ts';

interface ExactFlags extends ModelFlags {
  rows: number;
  cols: number;
  J?: number;
  Jx?: number;
  Jy?: number;
  h?: number;
  hPerSite?: number;
  boundary: Boundary;
  parameters?: number[];
  json?: boolean;
}

export function addExactCommand(parent: Command): void {
  const command = parent
    .command('exact')
    .description('exact log Z, moments and covariance where an exact method applies')
    .requiredOption('--rows <n>', 'rows of the lattice', take.anySide)
    .requiredOption('--cols <n>', 'columns of the lattice', take.anySide)
    .option(
      '--J <value>',
      'coupling; of the model anisotropic that of both directions',
      take.number,
    )
    .option('--Jx <value>', 'coupling along rows, of the model anisotropic', take.number)
    .option('--Jy <value>', 'coupling along columns, of the model anisotropic', take.number)
    .option('--h <value>', 'field of the notes: every site feels h/n [0]', take.number)
    .addOption(take.hPerSite())
    .addOption(
      new Option('--boundary <edges>', 'edges of the lattice')
        .choices(['free', 'periodic'])
        .default('free'),
    )
    .option(
      '--parameters <values>',
      "values of all parameters in the model's order, instead of the options above",
      take.numbers('numbers, separated by commas', take.number),
    )
    .option('--json', 'print the result as JSON')
    .action(exactMoments);
  addModelFlags(command, 'zero-field is exact on a torus of any size');
}

async function exactMoments(flags: ExactFlags): Promise<void> {
  const { rows, cols, boundary } = flags;
  const model = makeModel(specificationOf(flags), lattice(rows, cols, boundary));
  const n = siteCount(model.lattice);
  if (flags.model === 'zero-field' && (flags.h ?? flags.hPerSite) !== undefined) {
    throw new UsageError('The model zero-field has no field: leave out --h and --h-per-site.');
  }
  const names = parameterNames(model);
  const theta = flags.parameters ?? ownParameters(names, flags, n);
  if (theta.length !== names.length) {
    throw new UsageError(
      `--parameters takes ${names.length} numbers for this model: ${names.join(', ')}.`,
    );
  }
  const method = exactMethodFor(model, columnsFactory(new URL('./', import.meta.url)));
  if (method === null) throw new UsageError(refusal(model));
  const { logZ, mean, covariance } = await evaluate(method, theta).catch((error: Error) => {
    // parameters that somebody asked for
    throw error instanceof OutOfReachError ? new UsageError(error.message) : error;
  });
  const result = {
    format: 'isinglass-exact',
    version: 1,
    method: method.name,
    model: model.name,
    rows,
    cols,
    boundary,
    ...Object.fromEntries(names.map((name, a) => [name, theta[a]])),
    ...(names.includes('h') && { hPerSite: theta[names.indexOf('h')] / n }),
    logZ,
    ...moments(names, mean, covariance),
  };
  if (flags.json) process.stdout.write(`${JSON.stringify(result)}\n`);
  else {
    const shown = Object.entries(result).slice(2);
    process.stdout.write(
      `${table(shown.map(([name, value]) => [name, String(value)])).join('\n')}\n`,
    );
  }
}

/** The parameters by their own options. */
function ownParameters(names: readonly string[], flags: ExactFlags, sites: number): number[] {
  return names.map((name) =>
    name === 'h' ? (flags.h ?? (flags.hPerSite ?? 0) * sites) : coupling(flags, name),
  );
}

/** A coupling as it was given; a direction of its own where the model has two. */
function coupling({ J, Jx, Jy, model }: ExactFlags, name: string): number {
  if (name === 'J' && (Jx ?? Jy) !== undefined) {
    throw new UsageError(
      `The model ${model} has one coupling, --J; --model anisotropic takes two.`,
    );
  }
  const value = { J, Jx: Jx ?? J, Jy: Jy ?? J }[name];
  if (value !== undefined) return value;
  if (!['J', 'Jx', 'Jy'].includes(name)) {
    throw new UsageError(`exact takes the parameters of this model by --parameters.`);
  }
  throw new UsageError(
    `exact takes --${name}, the coupling${name === 'J' ? '' : ', or --J for both directions'}.`,
  );
}

/** Means, variances and covariances by name: B or Bx and By, and M for the notes' m. */
function moments(names: readonly string[], mean: Float64Array, covariance: Float64Array) {
  const letters = names.map((name) => (name === 'h' ? 'M' : name.replace('J', 'B')));
  const seconds = letters.flatMap((left, a) =>
    letters
      .slice(a)
      .map((right, k): [string, number] => [
        k === 0 ? `var${left}` : `cov${left}${right}`,
        covariance[a * names.length + a + k],
      ]),
  );
  return Object.fromEntries([
    ...letters.map((letter, a): [string, number] => [`mean${letter}`, mean[a]]),
    ...seconds,
  ]);
}

/** An evaluation with progress, in pieces, so that an interrupt is heard between two of them. */
async function evaluate(method: ExactMethod, theta: number[]): Promise<ExactMoments> {
  const line = new ProgressLine('Exact');
  const evaluation = method.evaluate(theta);
  let operations = 0;
  let next = evaluation.next();
  while (!next.done) {
    operations += next.value;
    line.update(Math.round((100 * operations) / method.operations), 100, method.name);
    await setImmediate();
    next = evaluation.next();
  }
  line.end();
  return next.value;
}

function refusal(model: Model): string {
  const { boundary } = model.lattice;
  const without = ' Without field, --model zero-field reaches a torus of any size.';
  return `${whyNotExact(model)}${boundary === 'periodic' && model.name === 'uniform' ? without : ''}`;
}
