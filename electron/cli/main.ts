import { exitCode } from './exit.ts';
import { onInterruption } from './interruption.ts';
import { say } from './progress.ts';
import { guardStreams } from './streams.ts';

guardStreams();

// before the program itself, which takes a while to load
const noLongerLoading = onInterruption(() => {
  say('Stopped before anything had begun.');
  process.exit(exitCode.failed);
});
const { run } = await import('./commands.ts');
await run(noLongerLoading);
