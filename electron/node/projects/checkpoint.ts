import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { SpinData } from '../../../shared/data/dataset.ts';
import type { FitOptions } from '../../../shared/inference/options.ts';
import { Trace } from '../../../shared/inference/trace.ts';
import { parameterNames } from '../../../shared/models/contract.ts';
import { lattice } from '../../../shared/models/lattice/lattice.ts';
import { makeModel } from '../../../shared/models/registry.ts';
import {
  type Members,
  type NewMembers,
  ProjectError,
} from '../../../shared/protocol/project-file.ts';
import { preparationOptions } from '../../../shared/protocol/schemas.ts';
import { ProjectWriter, readProject } from '../../../shared/session/project/archive.ts';
import { readFitOptions } from '../../../shared/session/runs/fit-options.ts';
import type { FitRecord } from '../../../shared/session/runs/fit-report.ts';
import { writeAtomically } from '../system/atomic.ts';
import type { Identities } from '../system/write-target.ts';
import { isCheckpoint2, readCheckpoint2 } from './checkpoint-2.ts';
import { joined } from './project-manifest.ts';
import { packProject, unpackProject } from './project-zip.ts';

/** A fit under way with everything that it needs to go on: its data too, since pictures may move. */
export interface Checkpoint {
  readonly data: SpinData;
  readonly options: FitOptions;
  readonly inputs: Pick<FitRecord, 'sources' | 'preparation' | 'dataWarnings'>;
  /** The run's own snapshot; null before its first slice. */
  readonly snapshot: unknown;
  /** The steps before it. */
  readonly trace: Trace;
  /** Time spent so far. */
  readonly seconds: number;
}

/** Where the checkpoint of a fit file lies. */
export function checkpointPath(fitFile: string): string {
  return `${fitFile}.checkpoint`;
}

/** Writes checkpoints of one fit, each a project with one run; what stays the same is made once. */
export class CheckpointWriter {
  private readonly writer = new ProjectWriter();
  private readonly created = new Date().toISOString();

  /**
   * @param fitFile beside which they are written
   * @param inputs files that must not be written to
   */
  constructor(
    private readonly fitFile: string,
    private readonly inputs: Identities = new Set(),
  ) {}

  /** @throws PictureError `unwritable` */
  async write(checkpoint: Checkpoint): Promise<void> {
    // written every few seconds: not worth the time that compressing takes
    const bytes = await packProject(this.members(checkpoint), false);
    await writeAtomically(checkpointPath(this.fitFile), bytes, { inputs: this.inputs });
  }

  members(checkpoint: Checkpoint): NewMembers {
    const { data, options, inputs, snapshot, trace, seconds } = checkpoint;
    const { rows, cols, images } = data;
    const parameters = parameterNames(modelOf(checkpoint));
    const preparation = preparationOptions.parse(inputs.preparation);
    const { sources, dataWarnings: warnings } = inputs;
    const name = basename(this.fitFile).slice(0, 200);
    const created = this.created;
    return this.writer.write({
      ...{ name: null, file: null, notes: '', pictures: [] },
      preparation: { options: preparation, crops: {} },
      runs: [
        {
          summary: {
            ...{ id: 'fit', name, created, state: 'running', options, rows, cols, images },
            ...{ parameters, observed: [], steps: trace.length },
            ...{ result: null, error: null, continuable: true },
          },
          trace,
          set: { data, sources, preparation, failures: [], warnings },
          sources: [],
          crops: {},
          fit: { snapshot, rows: trace.length, seconds },
        },
      ],
    });
  }
}

/** @throws ProjectError, a sentence, if there is no checkpoint, or none that this version reads */
export async function readCheckpoint(fitFile: string): Promise<Checkpoint> {
  const path = checkpointPath(fitFile);
  const bytes = await readFile(path).catch(() => {
    throw new ProjectError(`There is nothing to resume: ${path} cannot be read.`);
  });
  const members = isCheckpoint2(bytes)
    ? membersOf2(fitFile, bytes)
    : await unpackProject(bytes, path);
  const [run] = readProject(members, path).runs;
  if (!run?.set || !run.fit) throw new ProjectError(`${path} holds no fit that could go on.`);
  const { data, sources, preparation, warnings } = run.set;
  return {
    data,
    options: run.summary.options,
    inputs: {
      sources: sources.map((source) => ({ ...source })),
      preparation: { ...preparation },
      dataWarnings: warnings,
    },
    snapshot: run.fit.snapshot,
    // older states hold their steps themselves
    trace: run.trace.upTo(run.fit.rows),
    seconds: run.fit.seconds,
  };
}

function modelOf({ data: { rows, cols }, options }: Pick<Checkpoint, 'data' | 'options'>) {
  return makeModel(options.model, lattice(rows, cols, options.boundary));
}

/** What an older checkpoint holds, as this version would have written it: whatever is no plain data is refused. */
function membersOf2(fitFile: string, bytes: Buffer): Members {
  try {
    const stored = readCheckpoint2(bytes) as Checkpoint;
    const checkpoint = { ...stored, options: readFitOptions({ ...stored.options }) };
    const p = modelOf(checkpoint).statistics.length;
    return joined(new CheckpointWriter(fitFile).members({ ...checkpoint, trace: new Trace(p) }));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ProjectError(`${checkpointPath(fitFile)} is damaged: ${reason}`, { cause: error });
  }
}
