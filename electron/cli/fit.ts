import { randomInt } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { type Command, Option } from 'commander';
import { posing } from '../../shared/ising/fit/start.ts';
import { Trace } from '../../shared/ising/fit/trace.ts';
import { parametersOf } from '../../shared/ising/models/registry.ts';
import {
  defaultFitOptions,
  type FitOptions,
  fewestChains,
  type Method,
  methods,
  mostChains,
} from '../../shared/ising/options.ts';
import { inTurns } from '../../shared/ising/slices.ts';
import type { FitFile } from '../../shared/protocol/fit-file.ts';
import type { FitEvent } from '../../shared/protocol/fit-thread.ts';
import { fitFile } from '../../shared/session/fit-report.ts';
import { writeAtomically } from '../node/atomic.ts';
import {
  type Checkpoint,
  CheckpointWriter,
  checkpointPath,
  readCheckpoint,
} from '../node/checkpoint.ts';
import { startFitThread } from '../node/fit-thread.ts';
import { program } from '../node/program.ts';
import * as take from './arguments.ts';
import { checkFit } from './check.ts';
import { exitCode, UsageError } from './exit.ts';
import { onInterruption } from './interruption.ts';
import { addModelFlags, type ModelFlags, specificationOf } from './model.ts';
import { checkFile } from './output.ts';
import { addPreparationFlags, loadSpins, type PreparationFlags } from './preparation.ts';
import { ProgressLine, say } from './progress.ts';
import { summary } from './summary.ts';

interface FitFlags extends PreparationFlags, ModelFlags {
  boundary: FitOptions['boundary'];
  method: Method;
  alpha: number[];
  decay: number;
  sweepsPerStep: number;
  chains: number;
  start?: number[];
  prior?: number[];
  steps: number;
  seed?: number;
  out?: string;
  checkpointEvery: number;
  resume?: string;
  /** Undefined checks where that takes about a second. */
  check?: boolean;
  json?: boolean;
}

const defaults = defaultFitOptions;

export function addFitCommand(parent: Command, cores: number): void {
  const command = parent
    .command('fit')
    .description('find the couplings that would have drawn pictures or spin arrays')
    .argument('[path...]', 'images, folders of images, or .npy, .csv, .txt, .pbm spin arrays');
  addModelFlags(addPreparationFlags(command, cores))
    .addOption(
      new Option('--boundary <edges>', 'edges of the lattice')
        .choices(['free', 'periodic'])
        .default(defaults.boundary),
    )
    .addOption(new Option('--method <name>', 'how').choices(methods).default(defaults.method))
    .option(
      '--alpha <a>',
      'step size of eq. (4); or one a parameter: J,h',
      take.numbers('step sizes above 0, separated by commas', take.positive),
      [...defaults.gradient.alpha],
    )
    .option('--decay <steps>', 'α falls as 1/(1 + t/steps); 0 keeps it', take.notNegative, 0)
    .option('--sweeps-per-step <n>', 'sweeps between two steps', take.whole(1, 1_000_000), 1)
    .option(
      '--chains <n>',
      'independent Markov chains of mle and eq. (4)',
      take.whole(fewestChains, mostChains),
      defaults.gradient.chains,
    )
    .option(
      '--start <values>',
      'start values J,h of eq. (4) [random]',
      take.numbers('numbers, separated by commas', take.number),
    )
    .option(
      '--prior <widths>',
      'width of a Gaussian prior about 0 on J and the field per site; or one a parameter: J,h [none]',
      take.numbers('widths above 0, separated by commas', take.positive),
    )
    .option('--steps <n>', 'most steps', take.whole(1), defaults.steps)
    .option('--seed <n>', 'seed of all random numbers [drawn]', take.seed)
    .option('--out <file>', 'fit file to write [NAME.fit.json in this folder]')
    .option('--checkpoint-every <seconds>', 'between two checkpoints', take.positive, 10)
    .option('--resume <file>', 'go on with an interrupted fit from FILE.checkpoint')
    .option(
      '--check',
      'compare with what the model draws, however long it takes [if it takes about a second]',
    )
    .option('--no-check', 'leave the comparison out')
    .option('--json', 'print the fit file instead of a summary')
    .action(async (paths: string[], flags: FitFlags) => {
      const stepsGiven = command.getOptionValueSource('steps') === 'cli';
      await fitInputs(paths, flags, stepsGiven);
    });
}

async function fitInputs(paths: string[], flags: FitFlags, stepsGiven: boolean): Promise<void> {
  const noLongerReading = onInterruption(() => {
    say('Stopped before the fit had begun; nothing was written.');
    process.exit(exitCode.failed);
  });
  const { out, checkpoint } =
    flags.resume === undefined
      ? await begin(paths, flags)
      : await resume(paths, flags.resume, stepsGiven ? flags.steps : null);
  const { data, options } = checkpoint;
  const problem = await inTurns(posing(data, options));
  const begun = performance.now();
  const seconds = () => checkpoint.seconds + (performance.now() - begun) / 1000;

  const line = new ProgressLine('Fitting');
  const { trace } = checkpoint;
  const checkpoints = new CheckpointWriter(out);
  let saving: Promise<void> = Promise.resolve();
  const hear = (event: FitEvent) => {
    if (event.kind === 'report' || event.kind === 'ended') {
      const { phase, done, total } = event.report.progress;
      trace.append(event.report.rows);
      line.update(done, total, phase);
    } else if (event.kind === 'checkpoint') {
      const { snapshot, rows } = event;
      const saved = { ...checkpoint, snapshot, trace: trace.upTo(rows), seconds: seconds() };
      // one at a time; one that fails is said, and the next is tried all the same
      saving = saving
        .then(() => checkpoints.write(saved))
        .catch((error: Error) => say(error.message));
    }
  };
  const thread = startFitThread(
    new URL('./fit-worker.js', import.meta.url),
    {
      data,
      options,
      snapshot: checkpoint.snapshot,
      threads: flags.threads,
      paused: false,
      stepsPerSecond: null,
      background: false,
    },
    hear,
  );
  const timer = setInterval(
    () => thread.tell({ kind: 'checkpoint' }),
    1000 * flags.checkpointEvery,
  );
  noLongerReading();
  const noLongerFitting = onInterruption(() => {
    say('Stopping; what the fit has so far is kept.');
    thread.tell({ kind: 'stop' });
  });
  try {
    const { estimate, report, stopped, exhausted } = await thread.ended;
    line.end();
    await saving;
    const file: FitFile = fitFile(problem, estimate, trace, {
      program,
      created: new Date().toISOString(),
      seconds: seconds(),
      method: report.method,
      options,
      ...checkpoint.inputs,
    });
    noLongerFitting();
    if (!stopped) file.check = await checkFit(file, problem, flags);
    await writeAtomically(out, `${JSON.stringify(file, null, 1)}\n`);
    const goesOn = stopped || exhausted;
    if (!goesOn) await rm(checkpointPath(out), { force: true });
    process.stdout.write(flags.json ? `${JSON.stringify(file)}\n` : summary(file));
    say(`Written to ${out}${stopped ? ', as it stood when it was stopped' : ''}.`);
    if (goesOn) {
      const steps = exhausted ? ` --steps ${2 * options.steps}` : '';
      say(`Go on with: isinglass fit --resume ${out}${steps}`);
    }
    if (!file.exists) process.exitCode = exitCode.noEstimate;
    else if (!file.converged) process.exitCode = exitCode.notConverged;
  } finally {
    line.end();
    clearInterval(timer);
    noLongerFitting();
    await thread.terminate();
  }
}

/** What a fit starts from: its inputs as spins, all options, and where its file goes. */
async function begin(
  paths: string[],
  flags: FitFlags,
): Promise<{ out: string; checkpoint: Checkpoint }> {
  if (paths.length === 0)
    throw new UsageError('fit takes at least one image, folder or spin array.');
  const out = flags.out ?? `${basename(paths[0]).replace(/\.[^.]*$/, '') || 'isinglass'}.fit.json`;
  const options: FitOptions = {
    model: specificationOf(flags),
    boundary: flags.boundary,
    method: flags.method,
    seed: flags.seed ?? randomInt(2 ** 48 - 1),
    steps: flags.steps,
    gradient: {
      alpha: flags.alpha,
      decay: flags.decay,
      sweepsPerStep: flags.sweepsPerStep,
      chains: flags.chains,
      start: flags.start ?? null,
    },
    prior: flags.prior ?? null,
  };
  checkCounts(options);
  await checkFile(out);
  const { data, sources, preparation, warnings } = await loadSpins(paths, flags);
  const inputs = {
    sources: sources.map((source) => ({ ...source })),
    preparation: { ...preparation },
    dataWarnings: warnings,
  };
  const trace = new Trace(parametersOf(options.model).length);
  return { out, checkpoint: { data, options, inputs, snapshot: null, trace, seconds: 0 } };
}

async function resume(
  paths: string[],
  out: string,
  steps: number | null,
): Promise<{ out: string; checkpoint: Checkpoint }> {
  if (paths.length > 0) {
    throw new UsageError('--resume takes its data from the checkpoint: leave out the paths.');
  }
  const checkpoint = await readCheckpoint(out);
  const options = { ...checkpoint.options, steps: steps ?? checkpoint.options.steps };
  return { out, checkpoint: { ...checkpoint, options } };
}

/** Step sizes, start values and widths must be as many as the model has parameters. */
function checkCounts({ model, gradient: { alpha, start }, prior }: FitOptions): void {
  const names = parametersOf(model).map(({ name }) => name);
  for (const [option, values] of [
    ['--alpha', alpha],
    ['--prior', prior],
  ] as const) {
    if (values === null || values.length === 1 || values.length === names.length) continue;
    throw new UsageError(`${option} takes one number, or ${names.length}: ${names.join(',')}.`);
  }
  if (start !== null && start.length !== names.length) {
    throw new UsageError(`--start takes ${names.length} numbers: ${names.join(',')}.`);
  }
}
