import { type Command, Option } from 'commander';
import type { BenchFile, EngineRow, KernelRow } from '../../shared/protocol/bench-file.ts';
import { bench, benchNames } from '../bench/bench.ts';
import * as take from './arguments.ts';
import { ProgressLine, say } from './progress.ts';
import { table } from './summary.ts';

interface BenchFlags {
  only?: string;
  seconds: number;
  seed: number;
  json?: boolean;
}

export function addBenchCommand(parent: Command, cores: number): void {
  parent
    .command('bench')
    .description('measure the samplers and the engine on this machine')
    .addOption(
      new Option('--only <name>', 'one kernel, or one task of the engine').choices(benchNames),
    )
    .option('--seconds <s>', 'time for each measurement', take.positive, 0.5)
    .option('--seed <n>', 'seed of all random numbers', take.seed, 1)
    .option('--json', 'print the benchmark file instead of a table')
    .action((flags: BenchFlags) => measure(flags, cores));
}

async function measure({ only, seconds, seed, json }: BenchFlags, cores: number): Promise<void> {
  const line = new ProgressLine('Measuring');
  const file = await bench(new URL('.', import.meta.url), {
    only: only ?? null,
    seconds,
    seed,
    cores,
    onProgress: (done, total, what) => line.update(done, total, what),
  });
  line.end();
  for (const { name, reason } of file.skipped) say(`${name} was left out. ${reason}`);
  process.stdout.write(json ? `${JSON.stringify(file)}\n` : shown(file));
}

function shown({ machine, parameters, results, engine }: BenchFile): string {
  const { processor, cores, node, compiler } = machine;
  const lines = [
    `${processor}, ${cores} cores; Node ${node}; ${compiler ?? 'no C compiler'}`,
    `h/n = ${parameters.hPerSite} at J = ${parameters.J}, else 0`,
  ];
  if (results.length > 0) lines.push('', ...table([kernelHead, ...results.map(kernelCells)]));
  if (engine.length > 0) lines.push('', ...table([engineHead, ...engine.map(engineCells)]));
  return `${lines.join('\n')}\n`;
}

const kernelHead = [
  ...['kernel', 'lattice', 'edges', 'J', 'chains', 'threads', 'updates/ns', 'ns/site', 'speed-up'],
  ...['τ(B)', 'τ(m)', 'B effective/s', 'm effective/s'],
];

function kernelCells(row: KernelRow): string[] {
  const { autocorrelationTime: tau, effectivePerSecond: effective } = row;
  return [
    ...[row.kernel, `${row.rows} × ${row.cols}`, row.boundary],
    ...[row.J, row.chains, row.threads].map(String),
    ...[row.updatesPerNs, row.nsPerSite, row.speedUp ?? undefined].map(rounded),
    ...[tau?.B, tau?.m, effective?.B, effective?.m].map(rounded),
  ];
}

const engineHead = ['task', 'lattice', 'edges', 'images', 'threads', 'median', 'fastest', 'first'];

function engineCells(row: EngineRow): string[] {
  return [
    ...[row.name, `${row.rows} × ${row.cols}`, row.boundary],
    ...[row.images ?? '–', row.threads].map(String),
    ...[row.value, row.fastest, row.first].map((time) => `${rounded(time)} ${row.unit}`),
  ];
}

/** Three significant digits without an exponent; a dash where nothing could be measured. */
function rounded(value: number | undefined): string {
  return value === undefined ? '–' : String(Number(value.toPrecision(3)));
}
