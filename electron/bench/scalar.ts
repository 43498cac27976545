import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Lattice, siteCount } from '../../shared/models/lattice/lattice.ts';
import { parameters, type ScalarProgram, type ScalarStyle } from './contestants.ts';

/** Sweeps before the first one that counts, in every run of the program. */
const warmUp = 96;

/** -O3, and for the plain program -march=native, make a branch of the comparison, which halves the speed (GCC 12). */
const flags = ['-O2'];

/** What the compiler calls itself; null where there is none. */
export function compilerVersion(): string | null {
  const { status, stdout } = spawnSync(compiler(), ['--version'], { encoding: 'utf8' });
  return status === 0 ? stdout.split('\n')[0] : null;
}

function compiler(): string {
  return process.env.CC ?? 'cc';
}

/** The compiled program, or why there is none. */
export interface CompiledScalar {
  readonly program: ScalarProgram | null;
  readonly reason: string;
  /** Removes it from the disk. */
  close(): void;
}

/**
 * Compiles the scalar C heat-baths into a folder of its own.
 *
 * @param source `bench-heat-bath.c`
 */
export function compileScalar(source: URL): CompiledScalar {
  const folder = mkdtempSync(join(tmpdir(), 'isinglass-bench-'));
  const executable = join(folder, 'heat-bath');
  const input = readFileSync(source, 'utf8');
  const close = () => rmSync(folder, { recursive: true, force: true });
  const { status, stderr, error } = spawnSync(
    compiler(),
    [...flags, '-o', executable, '-x', 'c', '-', '-lm'],
    { input, encoding: 'utf8' },
  );
  if (status === 0) {
    return {
      program: (style, l, seed) => scalar(executable, style, l, seed),
      reason: '',
      close,
    };
  }
  const reason = `The C compiler ${compiler()} cannot be used: ${(error?.message ?? stderr).trim()}`;
  return { program: null, reason, close };
}

function scalar(
  executable: string,
  style: ScalarStyle,
  l: Lattice,
  seed: number,
): ReturnType<ScalarProgram> {
  const { J, hPerSite } = parameters;
  const run = (sweeps: number, blocks: number, measurements: number, stride: number) => {
    const { status, stdout, stderr, error } = spawnSync(
      executable,
      [
        ...[style, l.rows, l.cols, l.boundary === 'periodic' ? 1 : 0, J, hPerSite, seed],
        ...[warmUp, sweeps, blocks, measurements, stride],
      ].map(String),
      { encoding: 'utf8', maxBuffer: 2 ** 28 },
    );
    if (status !== 0) {
      throw new Error(`The scalar C program failed: ${error?.message ?? (stderr || status)}.`);
    }
    return stdout.split('\n');
  };
  return {
    chains: 1,
    time: (sweeps, blocks) =>
      run(sweeps, blocks, 0, 1)
        .slice(0, blocks)
        .map((line) => ({ seconds: Number(line), sites: sweeps * siteCount(l) })),
    record(measurements, stride) {
      const values = run(0, 0, measurements, stride)
        .slice(0, measurements)
        .flatMap((line) => line.split(' ').map(Number));
      return { statistics: 2, chains: 1, measurements, values: Float64Array.from(values) };
    },
    close: () => {},
  };
}
