import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';

// npm run faults [kills a case]: fits of the command line are killed at random moments, of starting, fitting
// and saving alike, and go on from their checkpoints; each must end with the bits of one that was left alone
const kills = Number(process.argv[2] ?? 70);
const cli = join(import.meta.dirname, '../../dist/node/cli.js');
const folder = mkdtempSync(join(tmpdir(), 'isinglass-faults-'));

/** One case for each kernel of the heat-bath, by the lattice that chooses it. */
const cases = [
  { kernel: 'many chains', rows: 16, chains: 64, steps: 30_000 },
  { kernel: 'one lattice', rows: 64, chains: 2, steps: 40_000 },
  { kernel: 'reference', rows: 15, chains: 8, steps: 20_000 },
];

const run = (...args) => spawnSync(process.execPath, [cli, ...args], { cwd: folder });
const readFit = (name) => JSON.parse(readFileSync(join(folder, name), 'utf8'));

/** Kills a fit until it has been killed so often, or has ended; gives the number of kills. */
async function killed(args, out) {
  let count = 0;
  while (count < kills) {
    const resumes = existsSync(join(folder, `${out}.checkpoint`));
    const child = spawn(
      process.execPath,
      [cli, 'fit', ...(resumes ? ['--resume', out] : args), '--checkpoint-every', '0.02'],
      { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] },
    );
    let said = '';
    child.stderr.on('data', (text) => {
      said += text;
    });
    const ended = once(child, 'exit');
    await Promise.race([setTimeout(300 + 1500 * Math.random()), ended]);
    child.kill('SIGKILL');
    const [code, signal] = await ended;
    if (signal !== 'SIGKILL' && code !== 0 && code !== 5) {
      throw new Error(`It did not go on after ${count} kills: ${said}`);
    }
    if (signal !== 'SIGKILL') return count;
    count++;
  }
  const last = existsSync(join(folder, `${out}.checkpoint`)) ? ['--resume', out] : args;
  run('fit', ...last);
  return count;
}

let failed = 0;
try {
  for (const { kernel, rows, chains, steps } of cases) {
    const data = `${rows}.npy`;
    run(
      ...`sample --rows ${rows} --cols ${rows} --boundary periodic --J 0.3 --count 20`.split(' '),
      ...['--seed', '2', '--out', data],
    );
    const args = [
      ...[data, '--boundary', 'periodic', '--method', 'gradient', '--seed', '8'],
      ...['--alpha', '0.0002', '--steps', String(steps), '--chains', String(chains)],
    ];
    const begun = performance.now();
    const count = await killed([...args, '--out', 'killed.fit.json'], 'killed.fit.json');
    run('fit', ...args, '--out', 'whole.fit.json');
    const [a, b] = [readFit('killed.fit.json'), readFit('whole.fit.json')];
    const same = isDeepStrictEqual(
      [a.estimate, a.covariance, a.trace],
      [b.estimate, b.covariance, b.trace],
    );
    if (!same || count === 0) failed++;
    const seconds = Math.round((performance.now() - begun) / 1000);
    process.stdout.write(
      `${kernel}: ${count} kills in ${seconds} s, ${b.trace.length} steps, ${same ? 'the same bits' : 'OTHER BITS'}\n`,
    );
    for (const name of ['killed', 'whole']) rmSync(join(folder, `${name}.fit.json`));
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = failed > 0 ? 1 : 0;
