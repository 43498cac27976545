import { randomInt } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { type Command, Option } from 'commander';
import { type Boundary, lattice, siteCount } from '../../shared/ising/lattice.ts';
import { evaluate } from '../../shared/ising/model.ts';
import { uniformModel } from '../../shared/ising/models/registry.ts';
import { addMeasured, covariance, emptyMoments, mean } from '../../shared/ising/moments.ts';
import { localSampler, type SamplerFactory } from '../../shared/ising/sampler.ts';
import { referenceMetropolis } from '../../shared/kernels/reference.ts';
import { program } from '../node/program.ts';
import { samplerFactory } from '../node/samplers.ts';
import { writeSpinsNpy, writeSpinsPng } from '../node/spin-files.ts';
import * as take from './arguments.ts';
import { UsageError } from './exit.ts';
import { checkFile, configurations, keepResult, makeFolder } from './output.ts';
import { ProgressLine, say } from './progress.ts';

interface SampleFlags {
  rows: number;
  cols: number;
  J: number;
  h: number;
  hPerSite?: number;
  boundary: Boundary;
  count: number;
  sweeps: number;
  method: keyof typeof samplers;
  seed?: number;
  out: string;
  json?: boolean;
}

const samplers = {
  /** The fastest kernel for the lattice. */
  'heat-bath': (model, count, seed) =>
    samplerFactory(new URL('.', import.meta.url), 1)(model, count, seed),
  metropolis: (model, count, seed) => localSampler(referenceMetropolis, model, count, seed),
} satisfies Record<string, SamplerFactory>;

export function addSampleCommand(parent: Command): void {
  parent
    .command('sample')
    .description('draw configurations at given parameters: PNG files, or one .npy')
    .option('--rows <n>', 'rows of the lattice', take.anySide, 32)
    .option('--cols <n>', 'columns of the lattice', take.anySide, 32)
    .requiredOption('--J <value>', 'coupling', take.number)
    .option('--h <value>', 'field of the notes: every site feels h/n', take.number, 0)
    .addOption(take.hPerSite())
    .addOption(
      new Option('--boundary <edges>', 'edges of the lattice')
        .choices(['free', 'periodic'])
        .default('free'),
    )
    .option(
      '--count <n>',
      'configurations, each from a chain of its own',
      take.whole(1, 1_000_000),
      100,
    )
    .option('--sweeps <n>', 'sweeps of each chain from a random start', take.whole(1), 1000)
    .addOption(
      new Option('--method <name>', 'how').choices(Object.keys(samplers)).default('heat-bath'),
    )
    .option('--seed <n>', 'seed of all random numbers [drawn]', take.seed)
    .option('--out <path>', 'a folder for PNG files, or a file NAME.npy', 'samples')
    .option('--json', 'print parameters and moments as JSON')
    .action(sample);
}

async function sample(flags: SampleFlags): Promise<void> {
  const { rows, cols, J, boundary, count, sweeps, out } = flags;
  const shape = lattice(rows, cols, boundary);
  const seed = flags.seed ?? randomInt(2 ** 48 - 1);
  const n = siteCount(shape);
  const h = flags.hPerSite === undefined ? flags.h : flags.hPerSite * n;
  const model = uniformModel(shape);
  if (count * n > 2 ** 30) {
    throw new UsageError(
      `${configurations(count)} of ${rows} × ${cols} need more than 1 GiB: draw fewer.`,
    );
  }
  const toArray = out.endsWith('.npy');
  await (toArray ? checkFile(out, new Set()) : makeFolder(out));

  const sampler = samplers[flags.method](model, count, seed);
  sampler.setParameters([J, h]);
  const line = new ProgressLine('Sampling');
  // in pieces, so that an interrupt is heard
  const piece = Math.max(1, Math.floor(4e6 / (count * n)));
  for (let done = 0; done < sweeps; ) {
    const next = Math.min(piece, sweeps - done);
    sampler.run(next, next);
    done += next;
    line.update(done, sweeps);
    await setImmediate();
  }
  line.end();

  // a sampler may have more chains than were asked for
  const spins = sampler.spins(0, count);
  const moments = { ...emptyMoments(2, count), measurements: 1 };
  for (let c = 0; c < count; c++) {
    addMeasured(moments, c, evaluate(model, spins.subarray(c * n, (c + 1) * n)));
  }
  sampler.close();
  const kept = await keepResult(out, async (place) => {
    if (toArray) return writeSpinsNpy(place, { rows, cols, windows: count, spins });
    await mkdir(place, { recursive: true });
    const digits = String(count - 1).length;
    for (let c = 0; c < count; c++) {
      const name = `${String(c).padStart(Math.max(3, digits), '0')}.png`;
      await writeSpinsPng(join(place, name), rows, cols, spins.subarray(c * n, (c + 1) * n));
    }
  });
  const [meanB, meanM] = mean(moments);
  const spread = covariance(moments);
  const result = {
    format: 'isinglass-sample',
    version: 1,
    program,
    seed,
    rows,
    cols,
    boundary,
    J,
    h,
    hPerSite: h / n,
    count,
    sweeps,
    method: flags.method,
    meanB,
    meanM,
    varB: spread[0],
    covBM: spread[1],
    varM: spread[3],
  };
  if (flags.json) process.stdout.write(`${JSON.stringify(result)}\n`);
  const drawn = `${configurations(count)} of ${rows} × ${cols} at J = ${J}, h = ${h} (seed ${seed})`;
  say(kept === null ? `${drawn} could not be kept anywhere.` : `${drawn} written to ${kept}.`);
}
