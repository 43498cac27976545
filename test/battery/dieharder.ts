import { spawn, spawnSync } from 'node:child_process';
import type { Source } from './streams.ts';

/** One of dieharder's tests, and how often it is run. */
interface Plan {
  readonly test: number;
  readonly runs: number;
  readonly ntuple?: number;
  /** Takes 250 to 620 MB of numbers. */
  readonly large?: boolean;
}

/**
 * Every test that dieharder calls good, at sizes that take about a minute of one core a stream. Each run gives
 * its own p-value: what dieharder makes of some ten of them is too near 1 (it compares their order with
 * i/(n + 1) instead of (i − 1)/n and i/n).
 */
const plans: Plan[] = [
  ...[0, 1, 3, 4, 8, 9, 10, 11, 12, 15, 16, 100, 101, 102, 204].map((test) => ({ test, runs: 8 })),
  { test: 13, runs: 4 },
  { test: 200, ntuple: 6, runs: 8 },
  { test: 201, ntuple: 3, runs: 8 },
  { test: 202, ntuple: 5, runs: 8 },
  { test: 2, runs: 8 },
  { test: 203, ntuple: 8, runs: 4 },
  ...[17, 206, 208].map((test) => ({ test, runs: 1 })),
  ...[205, 207, 209].map((test) => ({ test, runs: 1, large: true })),
];

/** A p-value of a test. */
export interface Outcome {
  readonly test: string;
  readonly p: number;
}

/** What dieharder calls itself; null where it is not installed. */
export function dieharderVersion(): string | null {
  const { status, stdout } = spawnSync('dieharder', ['-l'], { encoding: 'utf8' });
  return status === null ? null : (/dieharder version [\d.]+/.exec(stdout)?.[0] ?? 'dieharder');
}

/** Runs all tests one after the other on a stream that goes on from one to the next. */
export async function dieharder(source: Source, slow: boolean): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const plan of plans) {
    if (slow && plan.large) continue;
    for (let k = 0; k < plan.runs; k++) outcomes.push(...(await run(plan, source)));
  }
  return outcomes;
}

/** Enough of a stream that writing it to a pipe costs less than making it; a copy, since sources use theirs again. */
function portion(source: Source): Uint8Array {
  const parts: Uint8Array[] = [];
  for (let size = 0; size < 2 ** 16; size += parts[parts.length - 1].length) {
    parts.push(source().slice());
  }
  return Buffer.concat(parts);
}

function run({ test, ntuple }: Plan, source: Source): Promise<Outcome[]> {
  const args = ['-g', '200', '-d', `${test}`, '-p', '1'];
  if (ntuple !== undefined) args.push('-n', `${ntuple}`);
  return new Promise((resolve, reject) => {
    const child = spawn('dieharder', args, { stdio: ['pipe', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
    const feed = () => {
      while (child.stdin.writable && child.stdin.write(portion(source)));
    };
    // the test ends before the stream does
    child.stdin.on('drain', feed).on('error', () => {});
    child.on('error', reject);
    child.on('close', (code) => {
      const outcomes = output.split('\n').flatMap((line) => {
        const [name, tuple, , , p] = line.split('|').map((cell) => cell.trim());
        return /^\d+$/.test(tuple ?? '') ? [{ test: `${name} ${tuple}`, p: Number(p) }] : [];
      });
      if (code === 0 && outcomes.length > 0) resolve(outcomes);
      else reject(new Error(`dieharder ${args.join(' ')} gave no p-value (exit code ${code}).`));
    });
    feed();
  });
}
