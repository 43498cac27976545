import { parseArgs } from 'node:util';
import { dieharder, dieharderVersion, type Outcome } from './dieharder.ts';
import type { DrawingKernels } from './kernels.mjs';
import { linearComplexity } from './linear-complexity.ts';
import { type Source, type Stream, streams } from './streams.ts';

/** p-values this near 0 or 1 are chance no more: one in 10⁴ sound streams has one of its some 400 there. */
const failure = 1e-7;
/** Tests with p-values this near 0 or 1 are repeated on another stream: one in ten sound streams has one. */
const doubt = 1e-4;

const complexityBits = 2000;
/** Deviation of a linear complexity from n/2 that some 4⁻¹⁶ of random sequences exceed. */
const mostDeviation = 16;

/** npm run battery -- [--only STREAM] [--seed S]: what docs/random-numbers.md has in its table. */
export async function battery(kernels: DrawingKernels): Promise<void> {
  const { values } = parseArgs({
    options: { only: { type: 'string' }, seed: { type: 'string', default: '1' } },
  });
  const all = streams(kernels);
  const names = values.only === undefined ? Object.keys(all) : [values.only];
  const version = dieharderVersion();
  if (version === null) {
    process.stderr.write(
      'dieharder is not installed (Debian: apt-get install dieharder), so that only linear complexities are looked at.\n',
    );
  }
  process.stdout.write(`${version ?? 'without dieharder'}, seed ${values.seed}\n`);
  for (const name of names) {
    const stream = all[name];
    if (!stream) throw new Error(`There is no stream ${name}: ${Object.keys(all).join(', ')}.`);
    process.stdout.write(`${name}: ${stream.what}\n`);
    const sound = await judge(stream, Number(values.seed), version !== null);
    if (sound === (stream.control === true)) process.exitCode = 1;
  }
}

/** Prints what is found; returns whether the stream passes. */
async function judge(stream: Stream, seed: number, installed: boolean): Promise<boolean> {
  const { least, most } = complexities(stream.open(seed));
  const linear = Math.max(complexityBits / 2 - least, most - complexityBits / 2) > mostDeviation;
  process.stdout.write(
    `  linear complexity of ${complexityBits} bits in 8 bit lanes: ${least} … ${most}${linear ? '  FAILED' : ''}\n`,
  );
  if (!installed) return !linear;
  const slow = stream.slow === true;
  const counted = count(stream.open(seed));
  const outcomes = await dieharder(counted.source, slow);
  const failed = outcomes.filter(({ p }) => beyond(p, failure));
  const doubtful = outcomes.filter(({ p }) => beyond(p, doubt) && !beyond(p, failure));
  const values = outcomes.map(({ p }) => p);
  process.stdout.write(
    `  dieharder: ${values.length} p-values, ${Math.min(...values)} … ${Math.max(...values)}, from ${(counted.bytes() / 1e9).toFixed(2)} GB: ${failed.length} failed, ${doubtful.length} repeated\n`,
  );
  print(failed, 'FAILED');
  print(doubtful, 'repeated');
  let confirmed = 0;
  if (failed.length === 0 && doubtful.length > 0) {
    const again = await dieharder(stream.open(seed + 1), slow);
    for (const test of new Set(doubtful.map((outcome) => outcome.test))) {
      const same = again.filter((other) => other.test === test);
      print(same, 'on another stream');
      confirmed += Number(same.some(({ p }) => beyond(p, doubt)));
    }
  }
  return !linear && failed.length === 0 && confirmed === 0;
}

function beyond(p: number, tail: number): boolean {
  return p < tail || p > 1 - tail;
}

/** A line a test: how often, and its outermost p-values. */
function print(outcomes: Outcome[], what: string): void {
  for (const name of new Set(outcomes.map(({ test }) => test))) {
    const values = outcomes.flatMap(({ test, p }) => (test === name ? [p] : []));
    const range = `${Math.min(...values).toFixed(8)} … ${Math.max(...values).toFixed(8)}`;
    process.stdout.write(`    ${name.padEnd(26)} ${values.length} × ${range}  ${what}\n`);
  }
}

/** Smallest and largest linear complexity of the 8 bit lanes of a stream's bytes. */
function complexities(source: Source): { least: number; most: number } {
  let bytes = new Uint8Array();
  while (bytes.length < complexityBits) bytes = Uint8Array.from([...bytes, ...source()]);
  const found = Array.from({ length: 8 }, (_, bit) =>
    linearComplexity(bytes.subarray(0, complexityBits).map((byte) => (byte >> bit) & 1)),
  );
  return { least: Math.min(...found), most: Math.max(...found) };
}

/** A source that counts its bytes. */
function count(source: Source): { source: Source; bytes(): number } {
  let total = 0;
  return {
    source: () => {
      const bytes = source();
      total += bytes.length;
      return bytes;
    },
    bytes: () => total,
  };
}
