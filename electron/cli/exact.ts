import { setImmediate } from 'node:timers/promises';
import { type Command, Option } from 'commander';
import { exactMethodFor, whyNotExact } from '../../shared/ising/exact/choose.ts';
import { type Boundary, lattice, siteCount } from '../../shared/ising/lattice.ts';
import { uniformModel } from '../../shared/ising/model.ts';
import * as take from './arguments.ts';
import { UsageError } from './exit.ts';
import { ProgressLine } from './progress.ts';
import { table } from './summary.ts';

interface ExactFlags {
  rows: number;
  cols: number;
  J: number;
  h: number;
  hPerSite?: number;
  boundary: Boundary;
  json?: boolean;
}

export function addExactCommand(parent: Command): void {
  parent
    .command('exact')
    .description('exact log Z, moments and covariance where an exact method applies')
    .requiredOption('--rows <n>', 'rows of the lattice', take.anySide)
    .requiredOption('--cols <n>', 'columns of the lattice', take.anySide)
    .requiredOption('--J <value>', 'coupling', take.number)
    .option('--h <value>', 'field of the notes: every site feels h/n', take.number, 0)
    .option('--h-per-site <value>', 'the field that every site feels, instead of --h', take.number)
    .addOption(
      new Option('--boundary <edges>', 'edges of the lattice')
        .choices(['free', 'periodic'])
        .default('free'),
    )
    .option('--json', 'print the result as JSON')
    .action(exactMoments);
}

async function exactMoments(flags: ExactFlags): Promise<void> {
  const { rows, cols, J, boundary } = flags;
  const model = uniformModel(lattice(rows, cols, boundary));
  const n = siteCount(model.lattice);
  const h = flags.hPerSite === undefined ? flags.h : flags.hPerSite * n;
  const method = exactMethodFor(model);
  if (method === null) throw new UsageError(whyNotExact(model));
  const line = new ProgressLine('Exact');
  const evaluation = method.evaluate([J, h]);
  let operations = 0;
  let next = evaluation.next();
  while (!next.done) {
    operations += next.value;
    line.update(Math.round((100 * operations) / method.cost), 100, method.name);
    // an interrupt is heard between two pieces
    await setImmediate();
    next = evaluation.next();
  }
  line.end();
  const { logZ, mean, covariance } = next.value;
  const result = {
    format: 'isinglass-exact',
    version: 1,
    method: method.name,
    rows,
    cols,
    boundary,
    J,
    h,
    hPerSite: h / n,
    logZ,
    meanB: mean[0],
    meanM: mean[1],
    varB: covariance[0],
    covBM: covariance[1],
    varM: covariance[3],
  };
  if (flags.json) process.stdout.write(`${JSON.stringify(result)}\n`);
  else {
    const shown = Object.entries(result).slice(2);
    process.stdout.write(
      `${table(shown.map(([name, value]) => [name, String(value)])).join('\n')}\n`,
    );
  }
}
