import { type Command, Option } from 'commander';
import {
  defaultFitOptions,
  type FitOptions,
  fewestChains,
  type Method,
  methods,
  mostChains,
} from '../../shared/inference/options.ts';
import * as take from './arguments.ts';
import { addModelFlags, type ModelFlags } from './model.ts';
import { addPreparationFlags, type PreparationFlags } from './preparation.ts';

/** The options of `fit`. */
export interface FitFlags extends PreparationFlags, ModelFlags {
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
  resumeIfPresent?: boolean;
  force?: boolean;
  /** Undefined checks where that takes about a second. */
  check?: boolean;
  json?: boolean;
}

const defaults = defaultFitOptions;

/** Adds the options of `fit`. */
export function addFitFlags(command: Command, cores: number): Command {
  return addModelFlags(addPreparationFlags(command, cores))
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
    .addOption(
      new Option('--resume-if-present', 'go on where there is a checkpoint, else begin').conflicts([
        'resume',
        'force',
      ]),
    )
    .option('--force', 'begin anew where there is a checkpoint, which is lost')
    .option(
      '--check',
      'compare with what the model draws, however long it takes [if it takes about a second]',
    )
    .option('--no-check', 'leave the comparison out')
    .option('--json', 'print the fit file instead of a summary');
}
