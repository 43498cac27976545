import type { FitThread } from '../node/threads/fit-thread.ts';
import { exitCode } from './exit.ts';
import { onInterruption } from './interruption.ts';
import { say } from './progress.ts';

/** How long a fit may take to stop: a slice is some hundredths of a second. */
const stoppingPatience = 20_000;

/** The first interrupt stops a fit; the second, or a thread that does not answer, ends the program. */
export function stopOnInterruption(thread: Pick<FitThread, 'tell'>, out: string): { done(): void } {
  let deadline: NodeJS.Timeout | undefined;
  let noLongerStopping = () => {};
  const giveUp = (reason: string) => {
    say(`${reason} What was kept last goes on with: isinglass fit --resume ${out}`);
    process.exit(exitCode.failed);
  };
  const noLongerFitting = onInterruption(() => {
    say('Stopping; what the fit has so far is kept.');
    thread.tell({ kind: 'stop' });
    deadline = setTimeout(() => giveUp('The fit does not answer; it was ended.'), stoppingPatience);
    noLongerFitting();
    noLongerStopping = onInterruption(() => giveUp('Ended before the fit had stopped.'));
  });
  return {
    done() {
      clearTimeout(deadline);
      noLongerFitting();
      noLongerStopping();
    },
  };
}
