import { availableParallelism } from 'node:os';
import { Command, CommanderError } from 'commander';
import { PictureError } from '../../shared/data/image/picture-error.ts';
import { toErrorData } from '../../shared/protocol/errors.ts';
import { printable } from '../node/system/printable.ts';
import { program } from '../node/system/program.ts';
import { addBenchCommand } from './bench.ts';
import { addExactCommand } from './exact.ts';
import { exitCode, UsageError } from './exit.ts';
import { addFitCommand } from './fit.ts';
import { addPrepareCommand } from './prepare.ts';
import { say } from './progress.ts';
import { recordFault } from './record.ts';
import { addSampleCommand } from './sample.ts';
import { addServeCommand } from './serve.ts';

const cores = availableParallelism();
const isinglass = new Command('isinglass')
  .description('Pictures in, couplings out: inverse statistical mechanics of Ising models.')
  .version(program.version)
  .exitOverride()
  .configureOutput({ writeErr: (text) => process.stderr.write(printable(text)) });

addFitCommand(isinglass, cores);
addSampleCommand(isinglass);
addExactCommand(isinglass);
addPrepareCommand(isinglass, cores);
addBenchCommand(isinglass, cores);
addServeCommand(isinglass);

/**
 * Does what the command line asks for.
 *
 * @param beforehand called before it is done
 */
export async function run(beforehand: () => void): Promise<void> {
  process.on('uncaughtException', (error) => process.exit(explain(error)));
  isinglass.hook('preAction', beforehand);
  try {
    await isinglass.parseAsync();
  } catch (error) {
    process.exitCode = explain(error);
  }
}

/** Says what went wrong in a sentence, and gives the exit code for it. */
function explain(error: unknown): number {
  // commander has already said its own sentence, or printed the help that was asked for
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.done : exitCode.usage;
  const thrown = error instanceof Error ? error : new Error(String(error));
  const told = recordFault(toErrorData(thrown));
  const sentence = told?.message ?? thrown.message;
  say(process.env.ISINGLASS_DEBUG === '1' ? (thrown.stack ?? sentence) : sentence);
  if (told?.advice) say(told.advice);
  // by its name: from another thread an error comes as a copy
  const isUsage = error instanceof UsageError || thrown.name === 'UnsuitableError';
  if (isUsage) return exitCode.usage;
  if (thrown.name === 'UnsettledError') return exitCode.notConverged;
  if (error instanceof PictureError && error.kind !== 'unwritable') return exitCode.unreadable;
  return exitCode.failed;
}
