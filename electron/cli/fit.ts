import { rm } from 'node:fs/promises';
import type { Command } from 'commander';
import { posing } from '../../shared/inference/start.ts';
import { inTurns } from '../../shared/numerics/yielding.ts';
import type { FitFile } from '../../shared/protocol/fit-file.ts';
import type { FitEvent } from '../../shared/protocol/fit-thread.ts';
import { fitFile } from '../../shared/session/runs/fit-report.ts';
import { findSources } from '../node/decode/sources.ts';
import { type Checkpoint, CheckpointWriter, checkpointPath } from '../node/projects/checkpoint.ts';
import { Newest } from '../node/projects/newest.ts';
import { writeAtomically } from '../node/system/atomic.ts';
import { program } from '../node/system/program.ts';
import { systemReason } from '../node/system/system-error.ts';
import { identitiesOf } from '../node/system/write-target.ts';
import { startFitThread } from '../node/threads/fit-thread.ts';
import { checkFit } from './check.ts';
import { exitCode } from './exit.ts';
import { addFitFlags, type FitFlags } from './fit-flags.ts';
import { finishedFit, outOf, startOf } from './fit-start.ts';
import { holdOutput } from './hold.ts';
import { onInterruption } from './interruption.ts';
import { checkFile, keepResult } from './output.ts';
import { ProgressLine, say } from './progress.ts';
import { stopOnInterruption } from './stopping.ts';
import { print } from './streams.ts';
import { summary } from './summary.ts';

/** Longest time that the system's timers know, in milliseconds: 24 days. */
const longestInterval = 2 ** 31 - 1;

export function addFitCommand(parent: Command, cores: number): void {
  const command = parent
    .command('fit')
    .description('find the couplings that would have drawn pictures or spin arrays')
    .argument('[path...]', 'images, folders of images, or .npy, .csv, .txt, .pbm spin arrays');
  addFitFlags(command, cores).action(async (paths: string[], flags: FitFlags) => {
    const stepsGiven = command.getOptionValueSource('steps') === 'cli';
    await fitInputs(paths, flags, stepsGiven);
  });
}

async function fitInputs(paths: string[], flags: FitFlags, stepsGiven: boolean): Promise<void> {
  const noLongerReading = onInterruption(() => {
    say('Stopped before the fit had begun; nothing was written.');
    process.exit(exitCode.failed);
  });
  const out = outOf(paths, flags);
  const finished = flags.resume === undefined ? null : await finishedFit(out);
  if (finished) {
    await show(finished, flags);
    const settled = finished.converged || !finished.exists;
    say(
      settled
        ? `${out} is finished: there is nothing to go on with.`
        : `${out} has not converged, and there is no checkpoint beside it that could go on.`,
    );
    process.exitCode = codeOf(finished);
    return;
  }
  const asked = paths.length > 0 ? (await findSources(paths)).files : [];
  const place = await checkFile(out, await identitiesOf(asked));
  const hold = await holdOutput(out, place);
  try {
    const checkpoint = await startOf(paths, out, flags, stepsGiven);
    await runFit(out, checkpoint, flags, noLongerReading);
  } finally {
    await hold.release();
  }
}

/** @param beforehand called when the fit begins */
async function runFit(
  out: string,
  checkpoint: Checkpoint,
  flags: FitFlags,
  beforehand: () => void,
): Promise<void> {
  const { data, options, inputs, trace } = checkpoint;
  const sources = await identitiesOf(inputs.sources.map(({ path }) => path));
  await checkFile(out, sources);
  const problem = await inTurns(posing(data, options));
  const begun = performance.now();
  const seconds = () => checkpoint.seconds + (performance.now() - begun) / 1000;

  const line = new ProgressLine('Fitting');
  const writer = new CheckpointWriter(out, sources);
  const checkpoints = new Newest<Checkpoint>(
    (saved) => writer.write(saved),
    (error) => say(error.message),
  );
  /** Whether the thread has been asked for a state that it has not given yet. */
  let asked = false;
  const hear = (event: FitEvent) => {
    if (event.kind === 'report' || event.kind === 'ended') {
      const { phase, done, total } = event.report.progress;
      trace.append(event.report.rows);
      line.update(done, total, phase);
    } else if (event.kind === 'checkpoint') {
      const { snapshot, rows } = event;
      asked = false;
      checkpoints.offer({ ...checkpoint, snapshot, trace: trace.upTo(rows), seconds: seconds() });
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
    () => {
      // a slow disk or a long step must not pile them up
      if (asked || checkpoints.busy) return;
      asked = true;
      thread.tell({ kind: 'checkpoint' });
    },
    Math.min(longestInterval, 1000 * flags.checkpointEvery),
  );
  beforehand();
  const stopping = stopOnInterruption(thread, out);
  try {
    const { estimate, report, stopped, exhausted } = await thread.ended;
    stopping.done();
    line.end();
    await checkpoints.settled();
    const file: FitFile = fitFile(problem, estimate, trace, {
      program,
      created: new Date().toISOString(),
      seconds: seconds(),
      method: report.method,
      options,
      ...inputs,
    });
    if (!stopped) file.check = await checkFit(file, problem, flags);
    const text = `${JSON.stringify(file, null, 1)}\n`;
    const kept = await keepResult(out, (place) =>
      writeAtomically(place, text, { inputs: sources }),
    );
    const goesOn = stopped || exhausted;
    if (!goesOn && kept === out) await removeCheckpoint(out);
    // nowhere else: then it must be seen
    await show(file, { json: flags.json || kept === null });
    if (kept === out) {
      say(`Written to ${out}${stopped ? ', as it stood when it was stopped' : ''}.`);
    }
    if (goesOn) {
      const steps = exhausted ? ` --steps ${2 * options.steps}` : '';
      say(`Go on with: isinglass fit --resume ${out}${steps}`);
    }
    process.exitCode = codeOf(file) || process.exitCode;
  } finally {
    line.end();
    clearInterval(timer);
    stopping.done();
    await thread.terminate();
  }
}

async function removeCheckpoint(out: string): Promise<void> {
  await rm(checkpointPath(out), { force: true }).catch((error: unknown) => {
    say(
      `${checkpointPath(out)} is of no more use, and could not be removed: ${systemReason(error)}.`,
    );
  });
}

async function show(file: FitFile, { json }: { json?: boolean }): Promise<void> {
  await print(json ? `${JSON.stringify(file)}\n` : summary(file));
}

function codeOf(file: FitFile): number {
  if (!file.exists) return exitCode.noEstimate;
  return file.converged ? exitCode.done : exitCode.notConverged;
}
