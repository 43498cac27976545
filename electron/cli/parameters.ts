import { type Command, Option } from 'commander';
import { type Model, parameterNames } from '../../shared/models/contract.ts';
import { type Boundary, lattice, siteCount } from '../../shared/models/lattice/lattice.ts';
import { makeModel } from '../../shared/models/registry.ts';
import * as take from './arguments.ts';
import { UsageError } from './exit.ts';
import { addModelFlags, type ModelFlags, specificationOf } from './model.ts';

/** A lattice's model at given parameters, as options say it. */
export interface ParameterFlags extends ModelFlags {
  rows: number;
  cols: number;
  J?: number;
  Jx?: number;
  Jy?: number;
  h?: number;
  hPerSite?: number;
  parameters?: number[];
  boundary: Boundary;
}

/** Adds the options of a model's parameters, edges and kind. */
export function addParameterFlags(command: Command, aboutModel: string): Command {
  command
    .option(
      '--J <value>',
      'coupling; of the model anisotropic that of both directions',
      take.number,
    )
    .option('--Jx <value>', 'coupling along rows, of the model anisotropic', take.number)
    .option('--Jy <value>', 'coupling along columns, of the model anisotropic', take.number)
    .option('--h <value>', 'field of the notes: every site feels h/n [0]', take.number)
    .addOption(take.hPerSite())
    .option(
      '--parameters <values>',
      "values of all parameters in the model's order, instead of the options above",
      take.numbers('numbers, separated by commas', take.number),
    )
    .addOption(
      new Option('--boundary <edges>', 'edges of the lattice')
        .choices(['free', 'periodic'])
        .default('free'),
    );
  return addModelFlags(command, aboutModel);
}

/** @throws UsageError if parameters are missing, or are another model's */
export function modelAt(command: string, flags: ParameterFlags): { model: Model; theta: number[] } {
  const { rows, cols, boundary, h, hPerSite } = flags;
  const model = makeModel(specificationOf(flags), lattice(rows, cols, boundary));
  if (flags.model === 'zero-field' && (h ?? hPerSite) !== undefined) {
    throw new UsageError('The model zero-field has no field: leave out --h and --h-per-site.');
  }
  const names = parameterNames(model);
  const theta =
    flags.parameters ??
    names.map((name) =>
      name === 'h'
        ? (h ?? (hPerSite ?? 0) * siteCount(model.lattice))
        : coupling(command, flags, name),
    );
  if (theta.length !== names.length) {
    throw new UsageError(
      `--parameters takes ${names.length} numbers for this model: ${names.join(', ')}.`,
    );
  }
  return { model, theta };
}

/** A coupling as it was given; a direction of its own where the model has two. */
function coupling(command: string, { J, Jx, Jy, model }: ParameterFlags, name: string): number {
  if (name === 'J' && (Jx ?? Jy) !== undefined) {
    throw new UsageError(
      `The model ${model} has one coupling, --J; --model anisotropic takes two.`,
    );
  }
  const value = { J, Jx: Jx ?? J, Jy: Jy ?? J }[name];
  if (value !== undefined) return value;
  if (!['J', 'Jx', 'Jy'].includes(name)) {
    throw new UsageError(`${command} takes the parameters of this model by --parameters.`);
  }
  throw new UsageError(
    `${command} takes --${name}, the coupling${name === 'J' ? '' : ', or --J for both directions'}.`,
  );
}

/** Parameters by name, with the field per site beside the notes' h. */
export function parametersByName(model: Model, theta: readonly number[]): Record<string, number> {
  const names = parameterNames(model);
  const entries = names.map((name, a): [string, number] => [name, theta[a]]);
  const field = names.indexOf('h');
  if (field >= 0) entries.push(['hPerSite', theta[field] / siteCount(model.lattice)]);
  return Object.fromEntries(entries);
}

/** Letters of the statistics: B or Bx and By, and M for the notes' m. */
export function letters(model: Model): string[] {
  return parameterNames(model).map((name) => (name === 'h' ? 'M' : name.replace('J', 'B')));
}

/** Means, variances and covariances by name. */
export function momentsByName(
  model: Model,
  mean: ArrayLike<number>,
  covariance: ArrayLike<number>,
): Record<string, number> {
  const names = letters(model);
  const seconds = names.flatMap((left, a) =>
    names
      .slice(a)
      .map((right, k): [string, number] => [
        k === 0 ? `var${left}` : `cov${left}${right}`,
        covariance[a * names.length + a + k],
      ]),
  );
  return Object.fromEntries([
    ...names.map((letter, a): [string, number] => [`mean${letter}`, mean[a]]),
    ...seconds,
  ]);
}
