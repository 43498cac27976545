import { readFile, stat } from 'node:fs/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { toErrorData } from '../../shared/protocol/errors.ts';
import { FitFileError, parseFitFile } from '../../shared/protocol/fit-file.ts';
import { mostJsonBytes } from '../../shared/protocol/limits.ts';
import { readProject } from '../../shared/session/project/archive.ts';
import { readTrace } from '../../shared/session/runs/fit-report.ts';
import { readError } from '../node/system/system-error.ts';
import type { JobEvent } from '../node/threads/job-thread.ts';
import type { PlainFit, PlainProject, ReadTask } from '../node/threads/read-in-thread.ts';

if (!parentPort) throw new Error('This file runs as a worker thread only.');
const port = parentPort;
const tell = (event: JobEvent<never, PlainFit | PlainProject>) => port.postMessage(event);

try {
  const task = workerData as ReadTask;
  tell({ kind: 'done', result: task.kind === 'fit' ? await readFit(task) : project(task) });
} catch (error) {
  tell({ kind: 'failed', error: toErrorData(error) });
}

function project({ members, title }: Extract<ReadTask, { kind: 'project' }>): PlainProject {
  const { runs, ...others } = readProject(members, title);
  return { ...others, runs: runs.map((run) => ({ ...run, trace: run.trace.plain() })) };
}

async function readFit({ path, name }: Extract<ReadTask, { kind: 'fit' }>): Promise<PlainFit> {
  const text = await readText(path, name);
  const file = parseFitFile(text, name);
  return { file: { ...file, trace: [] }, trace: readTrace(file).plain() };
}

async function readText(path: string, name: string): Promise<string> {
  try {
    const { size } = await stat(path);
    if (size <= mostJsonBytes) return await readFile(path, 'utf8');
  } catch (error) {
    throw readError(path, error);
  }
  throw new FitFileError(
    `${name} was not opened: it has more than ${mostJsonBytes / 2 ** 20} MiB.`,
  );
}
