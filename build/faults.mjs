import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ensureBuilt } from './bundle.mjs';
import { root } from './install.mjs';

// npm run faults -- [SCENARIO…] [--times N]: `fits` kills the command line, the others are in test/app/faults
ensureBuilt();
const given = process.argv.slice(2);
const fits = given.includes('fits');
const times = given.at(given.indexOf('--times') + 1);
let whole = true;
if (fits || given.length === 0) {
  const kills = join(root, 'test/faults/kills.mjs');
  const { status } = spawnSync(
    process.execPath,
    [kills, ...(given.includes('--times') ? [times] : [])],
    { stdio: 'inherit' },
  );
  whole = status === 0;
}
if (!fits || given.some((name) => !['fits', '--times', times].includes(name))) {
  const { runnerImport } = await import('vite');
  const { module } = await runnerImport('./test/app/faults/faults.ts', { root, configFile: false });
  whole = (await module.tryFaults(given)) && whole;
}
process.exitCode = whole ? 0 : 1;
