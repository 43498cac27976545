import { setImmediate } from 'node:timers/promises';
import type { Command } from 'commander';
import type { Model } from '../../shared/models/contract.ts';
import { OutOfReachError } from '../../shared/models/failures.ts';
import { exactMethodFor, whyNotExact } from '../../shared/models/lattice/exact/choose.ts';
import type { ExactMethod, ExactMoments } from '../../shared/models/lattice/exact/method.ts';
import { columnsFactory } from '../node/threads/columns.ts';
import * as take from './arguments.ts';
import { UsageError } from './exit.ts';
import {
  addParameterFlags,
  modelAt,
  momentsByName,
  type ParameterFlags,
  parametersByName,
} from './parameters.ts';
import { ProgressLine } from './progress.ts';
import { table } from './summary.ts';

interface ExactFlags extends ParameterFlags {
  json?: boolean;
}

export function addExactCommand(parent: Command): void {
  const command = parent
    .command('exact')
    .description('exact log Z, moments and covariance where an exact method applies')
    .requiredOption('--rows <n>', 'rows of the lattice', take.anySide)
    .requiredOption('--cols <n>', 'columns of the lattice', take.anySide);
  addParameterFlags(command, 'zero-field is exact on a torus of any size')
    .option('--json', 'print the result as JSON')
    .action(exactMoments);
}

async function exactMoments(flags: ExactFlags): Promise<void> {
  const { rows, cols, boundary } = flags;
  const { model, theta } = modelAt('exact', flags);
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
    ...parametersByName(model, theta),
    logZ,
    ...momentsByName(model, mean, covariance),
  };
  if (flags.json) process.stdout.write(`${JSON.stringify(result)}\n`);
  else {
    const shown = Object.entries(result).slice(2);
    process.stdout.write(
      `${table(shown.map(([name, value]) => [name, String(value)])).join('\n')}\n`,
    );
  }
}

/** An evaluation with progress, in pieces, so that an interrupt is heard between two of them. */
export async function evaluate(method: ExactMethod, theta: number[]): Promise<ExactMoments> {
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
