import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { deserialize, serialize } from 'node:v8';
import type { SpinData } from '../../shared/ising/dataset.ts';
import { defaultFitOptions, type FitOptions } from '../../shared/ising/options.ts';
import type { FitRecord } from '../../shared/session/fit-report.ts';
import { writeAtomically } from './atomic.ts';

/** A fit under way with everything that it needs to go on: its data too, since pictures may move. */
export interface Checkpoint {
  readonly data: SpinData;
  readonly options: FitOptions;
  readonly inputs: Pick<FitRecord, 'sources' | 'preparation' | 'dataWarnings'>;
  /** The run's own snapshot; null before its first slice. */
  readonly snapshot: unknown;
  /** Time spent so far. */
  readonly seconds: number;
}

const header = 'isinglass-checkpoint 2\n';
const hashLength = 32;

/** Where the checkpoint of a fit file lies. */
export function checkpointPath(fitFile: string): string {
  return `${fitFile}.checkpoint`;
}

/** Writes a fit's checkpoint beside its output: one header line, SHA-256, the values as V8 serialises them. */
export async function writeCheckpoint(fitFile: string, checkpoint: Checkpoint): Promise<void> {
  const values = serialize(checkpoint);
  await writeAtomically(
    checkpointPath(fitFile),
    Buffer.concat([Buffer.from(header), sha256(values), values]),
  );
}

/** @throws Error, a sentence, if there is no checkpoint, or none that this version reads */
export async function readCheckpoint(fitFile: string): Promise<Checkpoint> {
  const path = checkpointPath(fitFile);
  const bytes = await readFile(path).catch(() => {
    throw new Error(`There is nothing to resume: ${path} cannot be read.`);
  });
  if (bytes.subarray(0, header.length).toString() !== header) {
    throw new Error(`${path} is no checkpoint that this version of Isinglass reads.`);
  }
  const hash = bytes.subarray(header.length, header.length + hashLength);
  const values = bytes.subarray(header.length + hashLength);
  // a single wrong bit in a number would otherwise pass as the fit's own
  if (!sha256(values).equals(hash)) throw new Error(`${path} is damaged; begin the fit again.`);
  const checkpoint: Checkpoint = deserialize(values);
  // what its version did not know yet takes its default
  return { ...checkpoint, options: { ...defaultFitOptions, ...checkpoint.options } };
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest();
