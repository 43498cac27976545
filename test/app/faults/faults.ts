import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as scenario from './scenarios.ts';

const scenarios: Record<string, (folder: string, times: number) => Promise<string>> = {
  host: scenario.killHosts,
  saves: scenario.killSavers,
  page: scenario.killPages,
  throws: (folder) => scenario.breakWorker(folder, 'throws'),
  exits: (folder) => scenario.breakWorker(folder, 'exits'),
  threads: scenario.endThreads,
  hangs: (folder) => scenario.breakWorker(folder, 'hangs'),
  memory: (folder) => scenario.breakWorker(folder, 'takes all memory'),
  pictures: scenario.removePictures,
  clock: scenario.setClockBack,
  suspend: (folder) => scenario.suspend(folder, 3, 2),
  // longer than a thread that samples may be silent
  sleep: (folder) => scenario.suspend(folder, 1, 25),
  two: scenario.twoHosts,
};

/** `npm run faults -- [NAME…] [--times N]`: a line for each scenario. */
export async function tryFaults(given: readonly string[]): Promise<boolean> {
  const at = given.indexOf('--times');
  const times = at < 0 ? 70 : Number(given[at + 1]);
  const names = given.filter((name) => name in scenarios);
  let whole = true;
  for (const name of names.length > 0 ? names : Object.keys(scenarios)) {
    const folder = mkdtempSync(join(tmpdir(), 'isinglass-faults-'));
    mkdirSync(folder, { recursive: true });
    const begun = performance.now();
    let seen: string;
    try {
      seen = await scenarios[name](folder, times);
    } catch (error) {
      whole = false;
      seen = `LOST: ${error instanceof Error ? error.stack : error}`;
    }
    const seconds = ((performance.now() - begun) / 1000).toFixed(0);
    process.stdout.write(`${name} (${seconds} s): ${seen}\n`);
    rmSync(folder, { recursive: true, force: true });
  }
  return whole;
}
