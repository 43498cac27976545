import { randomInt } from 'node:crypto';
import { readFile, rm, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { FitOptions } from '../../shared/inference/options.ts';
import { Trace } from '../../shared/inference/trace.ts';
import { parametersOf } from '../../shared/models/registry.ts';
import { type FitFile, FitFileError, parseFitFile } from '../../shared/protocol/fit-file.ts';
import { type Checkpoint, checkpointPath, readCheckpoint } from '../node/projects/checkpoint.ts';
import { UsageError } from './exit.ts';
import type { FitFlags } from './fit-flags.ts';
import { specificationOf } from './model.ts';
import { loadSpins } from './preparation.ts';
import { say } from './progress.ts';

/** Where a fit's file goes. @throws UsageError where the command line says neither */
export function outOf(paths: readonly string[], { out, resume }: FitFlags): string {
  if (resume !== undefined) {
    if (paths.length === 0) return resume;
    throw new UsageError('--resume takes its data from the checkpoint: leave out the paths.');
  }
  if (paths.length === 0)
    throw new UsageError('fit takes at least one image, folder or spin array.');
  return out ?? `${basename(paths[0]).replace(/\.[^.]*$/, '') || 'isinglass'}.fit.json`;
}

/** A fit file that lies where a fit should be resumed and has no checkpoint: it is finished. Null if there is none. */
export async function finishedFit(out: string): Promise<FitFile | null> {
  if (await hasCheckpoint(out)) return null;
  const text = await readFile(out, 'utf8').catch(() => null);
  if (text === null) return null;
  try {
    return parseFitFile(text, out);
  } catch (error) {
    if (error instanceof FitFileError) return null;
    throw error;
  }
}

/**
 * What a fit starts from: its inputs as spins, and all options, from the command line or from the checkpoint beside
 * its file.
 */
export async function startOf(
  paths: string[],
  out: string,
  flags: FitFlags,
  stepsGiven: boolean,
): Promise<Checkpoint> {
  const steps = stepsGiven ? flags.steps : null;
  if (flags.resume !== undefined) return resumed(out, steps);
  const options = optionsOf(flags);
  checkCounts(options);
  if (!(await hasCheckpoint(out))) return begun(paths, options, flags);
  if (flags.resumeIfPresent) {
    const checkpoint = await resumed(out, steps);
    checkSame(options, checkpoint.options, flags, out);
    const { images, rows, cols } = checkpoint.data;
    say(
      `Going on with the fit of ${images} images of ${rows} × ${cols} in ${checkpointPath(out)}; the paths are not read again.`,
    );
    return checkpoint;
  }
  if (!flags.force) {
    throw new Error(
      `${checkpointPath(out)} holds a fit that can go on, and this one would overwrite it. Go on with: isinglass fit --resume ${out}; or give --force to lose it, or another --out.`,
    );
  }
  const checkpoint = await begun(paths, options, flags);
  await rm(checkpointPath(out), { force: true });
  return checkpoint;
}

async function hasCheckpoint(out: string): Promise<boolean> {
  return stat(checkpointPath(out)).then(
    () => true,
    () => false,
  );
}

async function resumed(out: string, steps: number | null): Promise<Checkpoint> {
  const checkpoint = await readCheckpoint(out);
  const options = { ...checkpoint.options, steps: steps ?? checkpoint.options.steps };
  return { ...checkpoint, options };
}

async function begun(paths: string[], options: FitOptions, flags: FitFlags): Promise<Checkpoint> {
  const { data, sources, preparation, warnings } = await loadSpins(paths, flags);
  const inputs = {
    sources: sources.map((source) => ({ ...source })),
    preparation: { ...preparation },
    dataWarnings: warnings,
  };
  const trace = new Trace(parametersOf(options.model).length);
  return { data, options, inputs, snapshot: null, trace, seconds: 0 };
}

function optionsOf(flags: FitFlags): FitOptions {
  return {
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
}

/** @throws Error where the checkpoint is that of another fit: going on with it would be no answer to this command */
function checkSame(asked: FitOptions, kept: FitOptions, flags: FitFlags, out: string): void {
  const { gradient: askedGradient, ...askedRest } = asked;
  const { gradient: keptGradient, ...keptRest } = kept;
  const wanted: Record<string, unknown> = { ...askedRest, ...askedGradient };
  const found: Record<string, unknown> = { ...keptRest, ...keptGradient };
  const free = new Set(['steps', ...(flags.seed === undefined ? ['seed'] : [])]);
  const other = Object.keys(wanted).filter(
    (name) => !free.has(name) && JSON.stringify(wanted[name]) !== JSON.stringify(found[name]),
  );
  if (other.length === 0) return;
  throw new Error(
    `${checkpointPath(out)} holds a fit with another ${other.join(', another ')}. Go on with it by: isinglass fit --resume ${out}; or give --force in place of --resume-if-present to lose it, or another --out.`,
  );
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
