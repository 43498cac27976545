import { type PlainTrace, Trace } from '../../../shared/inference/trace.ts';
import type { FitFile } from '../../../shared/protocol/fit-file.ts';
import { type Members, ProjectError } from '../../../shared/protocol/project-file.ts';
import type { ReadProject } from '../../../shared/session/project/archive.ts';
import type { ReadFit } from '../../../shared/session/project/saved-files.ts';
import { jobInThread } from './job-thread.ts';

/*
 * Files that somebody else may have made are read in a thread: however long that takes, the host answers meanwhile, and
 * a file that needs too much memory ends the thread and nothing else.
 */

/** What is to be read. */
export type ReadTask =
  | { readonly kind: 'project'; readonly members: Members; readonly title: string }
  | { readonly kind: 'fit'; readonly path: string; readonly name: string };

/** A project as threads can hand it over. */
export type PlainProject = Omit<ReadProject, 'runs'> & {
  readonly runs: readonly (Omit<ReadProject['runs'][number], 'trace'> & {
    readonly trace: PlainTrace;
  })[];
};

/** A fit file likewise. */
export interface PlainFit {
  readonly file: FitFile;
  readonly trace: PlainTrace;
}

/** Of what is no array, in MiB: 128 MiB of JSON take five times as much. */
const resourceLimits = { maxOldGenerationSizeMb: 2048 };

export async function readProjectInThread(
  entry: URL,
  members: Members,
  title: string,
): Promise<ReadProject> {
  // small ones share their memory with others
  const own = new Map(Array.from(members, ([name, bytes]) => [name, ownBytes(bytes)]));
  const task: ReadTask = { kind: 'project', members: own, title };
  const transferList = Array.from(own.values(), ({ buffer }) => buffer);
  const project = await read<PlainProject>(entry, task, title, transferList);
  const runs = project.runs.map((run) => ({ ...run, trace: Trace.revive(run.trace) }));
  return { ...project, runs };
}

export async function readFitInThread(entry: URL, path: string, name: string): Promise<ReadFit> {
  const { file, trace } = await read<PlainFit>(entry, { kind: 'fit', path, name }, name, []);
  return { file, trace: Trace.revive(trace) };
}

function read<Result>(entry: URL, task: ReadTask, title: string, transferList: ArrayBuffer[]) {
  const never = new AbortController().signal;
  const options = { transferList, resourceLimits };
  return jobInThread<never, Result>(entry, task, () => {}, never, options).catch(
    (error: unknown): never => {
      const isFull = error instanceof Error && 'code' in error && error.code === outOfMemory;
      throw isFull ? new ProjectError(`${title} was not opened: it takes too much memory.`) : error;
    },
  );
}

const outOfMemory = 'ERR_WORKER_OUT_OF_MEMORY';

function ownBytes(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer, byteLength } = bytes;
  const isWhole = buffer instanceof ArrayBuffer && buffer.byteLength === byteLength;
  return isWhole ? new Uint8Array(buffer) : new Uint8Array(bytes);
}
