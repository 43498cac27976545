import { setImmediate } from 'node:timers/promises';
import { type Command, Option } from 'commander';
import { exactMethodFor, whyNotExact } from '../../shared/ising/exact/choose.ts';
import type { ExactMethod, ExactMoments } from '../../shared/ising/exact/method.ts';
import { type Boundary, lattice, siteCount } from '../../shared/ising/lattice.ts';
import { type Model, models } from '../../shared/ising/model.ts';
import { columnsFactory } from '../node/columns.ts';
import * as take from './arguments.ts';
import { UsageError } from './exit.ts';
import { ProgressLine } from './progress.ts';
import { table } from './summary.ts';

interface ExactFlags {
  rows: number;
  cols: number;
  J: number;
  h?: number;
  hPerSite?: number;
  boundary: Boundary;
  model: 'uniform' | 'zero-field';
  json?: boolean;
}

export function addExactCommand(parent: Command): void {
  parent
    .command('exact')
    .description('exact log Z, moments and covariance where an exact method applies')
    .requiredOption('--rows <n>', 'rows of the lattice', take.anySide)
    .requiredOption('--cols <n>', 'columns of the lattice', take.anySide)
    .requiredOption('--J <value>', 'coupling', take.number)
    .option('--h <value>', 'field of the notes: every site feels h/n [0]', take.number)
    .addOption(take.hPerSite())
    .addOption(
      new Option('--boundary <edges>', 'edges of the lattice')
        .choices(['free', 'periodic'])
        .default('free'),
    )
    .addOption(
      new Option('--model <name>', 'zero-field is exact on a torus of any size')
        .choices(['uniform', 'zero-field'])
        .default('uniform'),
    )
    .option('--json', 'print the result as JSON')
    .action(exactMoments);
}

async function exactMoments(flags: ExactFlags): Promise<void> {
  const { rows, cols, J, boundary } = flags;
  const model = models[flags.model](lattice(rows, cols, boundary));
  const n = siteCount(model.lattice);
  if (flags.model === 'zero-field' && (flags.h ?? flags.hPerSite) !== undefined) {
    throw new UsageError('The model zero-field has no field: leave out --h and --h-per-site.');
  }
  const h = flags.h ?? (flags.hPerSite ?? 0) * n;
  const method = exactMethodFor(model, columnsFactory(new URL('./', import.meta.url)));
  if (method === null) throw new UsageError(refusal(model));
  const { logZ, mean, covariance } = await evaluate(
    method,
    model.statistics.length === 1 ? [J] : [J, h],
  );
  const result = {
    format: 'isinglass-exact',
    version: 1,
    method: method.name,
    model: model.name,
    rows,
    cols,
    boundary,
    J,
    ...(mean.length > 1 && { h, hPerSite: h / n }),
    logZ,
    meanB: mean[0],
    ...(mean.length > 1 && { meanM: mean[1] }),
    varB: covariance[0],
    ...(mean.length > 1 && { covBM: covariance[1], varM: covariance[3] }),
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
