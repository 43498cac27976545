import { randomInt } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { siteCount } from '../../shared/models/lattice/lattice.ts';
import { inTurns } from '../../shared/numerics/yielding.ts';
import { draw } from '../../shared/sampling/drawing/draw.ts';
import { type DrawMethod, drawMethods } from '../../shared/sampling/drawing/methods.ts';
import { writeSpinsNpy, writeSpinsPng } from '../node/decode/spin-files.ts';
import { program } from '../node/system/program.ts';
import { drawingSamplers } from '../node/threads/drawing-samplers.ts';
import * as take from './arguments.ts';
import { UsageError } from './exit.ts';
import { checkFile, configurations, keepResult, makeFolder } from './output.ts';
import {
  addParameterFlags,
  letters,
  modelAt,
  type ParameterFlags,
  parametersByName,
} from './parameters.ts';
import { ProgressLine, say } from './progress.ts';
import { compared, drawnMoments } from './sample-moments.ts';

interface SampleFlags extends ParameterFlags {
  count: number;
  sweeps: number;
  method: DrawMethod;
  seed?: number;
  out: string;
  json?: boolean;
}

export function addSampleCommand(parent: Command): void {
  const command = parent
    .command('sample')
    .description('draw configurations at given parameters: PNG files, or one .npy')
    .option('--rows <n>', 'rows of the lattice', take.anySide, 32)
    .option('--cols <n>', 'columns of the lattice', take.anySide, 32);
  addParameterFlags(command, 'what is drawn from')
    .option('--count <n>', 'independent configurations', take.whole(1, 1_000_000), 100)
    .addOption(
      new Option(
        '--method <name>',
        'auto draws in equilibrium or ends with code 5; the others do as they are told',
      )
        .choices(drawMethods)
        .default('auto'),
    )
    .option(
      '--sweeps <n>',
      'burn-in of a method that is asked for by name, from random starts; of wolff in clusters',
      take.whole(1),
      1000,
    )
    .option('--seed <n>', 'seed of all random numbers [drawn]', take.seed)
    .option('--out <path>', 'a folder for PNG files, or a file NAME.npy', 'samples')
    .option('--json', 'print parameters and moments as JSON')
    .action(sample);
}

async function sample(flags: SampleFlags): Promise<void> {
  const { rows, cols, boundary, count, sweeps, out, method } = flags;
  const { model, theta } = modelAt('sample', flags);
  const seed = flags.seed ?? randomInt(2 ** 48 - 1);
  const n = siteCount(model.lattice);
  if (count * n > 2 ** 30) {
    throw new UsageError(
      `${configurations(count)} of ${rows} × ${cols} need more than 1 GiB: draw fewer.`,
    );
  }
  const toArray = out.endsWith('.npy');
  await (toArray ? checkFile(out, new Set()) : makeFolder(out));

  const samplers = drawingSamplers(method, new URL('.', import.meta.url));
  const line = new ProgressLine('Sampling');
  const request = { model, theta, count, seed, method, sweeps };
  const drawn = await inTurns(
    draw(request, samplers, (done, total, what) => line.update(done, total, what)),
  );
  line.end();

  const { spins } = drawn;
  const kept = await keepResult(out, async (place) => {
    if (toArray) return writeSpinsNpy(place, { rows, cols, windows: count, spins });
    await mkdir(place, { recursive: true });
    const digits = String(count - 1).length;
    for (let c = 0; c < count; c++) {
      const name = `${String(c).padStart(Math.max(3, digits), '0')}.png`;
      await writeSpinsPng(join(place, name), rows, cols, spins.subarray(c * n, (c + 1) * n));
    }
  });
  const parameters = parametersByName(model, theta);
  const moments = drawnMoments(model, spins, count);
  const comparison = await compared(model, theta, moments);
  const warnings = [...drawn.warnings, ...comparison.warnings];
  const times = letters(model).map((letter, a): [string, number | null] => [letter, drawn.tau[a]]);
  const result = {
    format: 'isinglass-sample',
    version: 1,
    program,
    seed,
    model: model.name,
    rows,
    cols,
    boundary,
    ...parameters,
    count,
    sweeps: drawn.sweeps,
    method: drawn.method,
    moves: drawn.words,
    exactDraws: drawn.exact,
    autocorrelationTime: drawn.exact ? null : Object.fromEntries(times),
    ...moments.byName,
    exact: comparison.exact,
    warnings,
  };
  if (flags.json) process.stdout.write(`${JSON.stringify(result)}\n`);
  const at = Object.entries(parameters)
    .filter(([name]) => name !== 'hPerSite')
    .map(([name, value]) => `${name} = ${value}`);
  const what = `${configurations(count)} of ${rows} × ${cols} at ${at.join(', ')} (seed ${seed})`;
  say(kept === null ? `${what} could not be kept anywhere.` : `${what} written to ${kept}.`);
  say(`Drawn by ${drawn.words}: ${independence(drawn.exact, times)}.`);
  for (const row of comparison.rows) say(row);
  for (const warning of warnings) say(`! ${warning}`);
}

/** How independent the configurations are, and how that is known. */
function independence(
  exact: boolean,
  times: readonly (readonly [string, number | null])[],
): string {
  if (exact) return 'exact and independent';
  const measured = times.map(
    ([letter, time]) => `τ(${letter}) ${time === null ? 'not measured' : time.toPrecision(2)}`,
  );
  return `${measured.join(', ')} in sweeps`;
}
