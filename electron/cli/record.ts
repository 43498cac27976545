import { homedir } from 'node:os';
import { type ErrorData, isForeseen } from '../../shared/protocol/errors.ts';
import { journal } from '../node/system/journal.ts';
import { Log } from '../node/system/log.ts';
import { logFolder } from '../node/system/system-folders.ts';
import { say } from './progress.ts';

/** The log of the command line and of the browser host. */
export function commandLog(): Log {
  return new Log(logFolder(homedir()), 'isinglass', (error) => {
    say(`The log cannot be written: ${error instanceof Error ? error.message : error}`);
  });
}

/**
 * Records an error that is a fault of the program, and gives what to say about it; null where its message says it
 * all. Nothing is written of those: here a plain Error, too, is one where it is a sentence.
 */
export function recordFault(error: ErrorData): ErrorData | null {
  const sentence = error.name === 'Error' && error.message.endsWith('.');
  if (sentence || isForeseen(error)) return null;
  return journal(commandLog(), 'command line').explain(error);
}
