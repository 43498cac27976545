import { systemReason } from '../node/system/system-error.ts';
import { exitCode } from './exit.ts';
import { say } from './progress.ts';

/** A result on standard output; resolves when it is there, or cannot be. */
export function print(text: string): Promise<void> {
  return new Promise((resolve) => {
    process.stdout.write(text, () => resolve());
  });
}

/**
 * Lets the program outlive its streams. Progress and messages decorate a run, so that one that nobody hears goes on. A
 * result that cannot be printed is said; a reader that has had enough, as `head` has, is no failure.
 */
export function guardStreams(): void {
  process.stderr.on('error', () => {});
  let told = false;
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE' || told) return;
    told = true;
    say(`The result cannot be printed: ${systemReason(error)}.`);
    process.exitCode = exitCode.failed;
  });
}
