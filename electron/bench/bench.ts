import { arch, cpus, platform } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import { type Boundary, lattice } from '../../shared/models/lattice/lattice.ts';
import type { BenchFile } from '../../shared/protocol/bench-file.ts';
import { program } from '../node/system/program.ts';
import { columnsFactory } from '../node/threads/columns.ts';
import { readKernels } from '../node/threads/kernel-files.ts';
import { samplerFactory } from '../node/threads/samplers.ts';
import { compileKernels } from '../node/threads/serve-kernels.ts';
import {
  criticalEntries,
  entries,
  kernelNames,
  parameters,
  type ScalarProgram,
  scalarNames,
} from './contestants.ts';
import { engineTaskNames, engineTasks } from './engine.ts';
import { measureKernel } from './kernels.ts';
import { compilerVersion, compileScalar } from './scalar.ts';

const sides = [8, 16, 64, 128, 1024];
/** Sides of the tori that are measured near J_c. */
const criticalSides = [32, 128];
const boundaries: Boundary[] = ['free', 'periodic'];

/** What can be measured, by the names of `--only`. */
export const benchNames: readonly string[] = [...kernelNames, ...engineTaskNames];

export interface BenchOptions {
  /** One of `benchNames`; null for all. */
  readonly only: string | null;
  /** Seconds of each measurement. */
  readonly seconds: number;
  readonly seed: number;
  readonly cores: number;
  /** Told before every measurement. */
  readonly onProgress: (done: number, total: number, what: string) => void;
}

/**
 * Measures kernels on all sizes and edges, and the engine's tasks, one after the other.
 *
 * @param built folder of the bundled entries, `dist/node/`; kernels and the C program lie beside it
 */
export async function bench(built: URL, options: BenchOptions): Promise<BenchFile> {
  const wanted = options.only === null || scalarNames.includes(options.only);
  if (!wanted) return measure(built, options, null, []);
  const scalar = compileScalar(new URL('../kernels/bench-heat-bath.c', built));
  try {
    const { reason } = scalar;
    const skipped = scalar.program ? [] : scalarNames.map((name) => ({ name, reason }));
    return await measure(built, options, scalar.program, skipped);
  } finally {
    scalar.close();
  }
}

async function measure(
  built: URL,
  { only, seconds, seed, cores, onProgress }: BenchOptions,
  scalar: ScalarProgram | null,
  skipped: BenchFile['skipped'],
): Promise<BenchFile> {
  const modules = compileKernels(readKernels(built));
  const samplers = (threads: number) => samplerFactory(built, threads);
  const equipment = { modules, scalar, samplers, cores, seed };
  const kernels = [
    ...sides
      .flatMap((side) => boundaries.map((boundary) => lattice(side, side, boundary)))
      .flatMap((l) => entries(l, equipment)),
    ...criticalSides.flatMap((side) => criticalEntries(lattice(side, side, 'periodic'), equipment)),
  ].filter(({ kernel }) => only === null || kernel === only);
  const columns = columnsFactory(built);
  const loops = (threads: number) => ({ samplers: samplers(threads), columns });
  const tasks = engineTasks(loops, cores, seed).filter(({ name, slow }) =>
    only === null ? !slow : name === only,
  );

  const result: BenchFile = {
    format: 'isinglass-bench',
    version: 1,
    program,
    created: new Date().toISOString(),
    seed,
    machine: {
      processor: cpus()[0]?.model.trim() ?? 'unknown',
      cores,
      platform: platform(),
      architecture: arch(),
      node: process.version,
      compiler: compilerVersion(),
    },
    parameters: { ...parameters },
    results: [],
    engine: [],
    skipped,
  };
  const total = kernels.length + tasks.length;
  for (const entry of kernels) {
    const { rows, cols } = entry.lattice;
    onProgress(result.results.length, total, `${entry.kernel} ${rows} × ${cols}`);
    result.results.push(measureKernel(entry, seconds));
    // an interrupt is heard between two measurements
    await setImmediate();
  }
  for (const task of tasks) {
    onProgress(kernels.length + result.engine.length, total, task.name);
    result.engine.push(task.measure(seconds));
    await setImmediate();
  }
  return result;
}
