import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt } from './bundle.mjs';
import { check } from './check.mjs';
import { ensureChromium } from './chromium.mjs';
import { electronBinary } from './electron.mjs';
import { root } from './install.mjs';
import { ensureSevenZip } from './seven-zip.mjs';

// install, build, judge the source, run every test, and count
ensureBuilt();
ensureChromium();
ensureSevenZip();
const source = check();
const report = join(root, 'dist', 'test-report.json');
rmSync(report, { force: true });
const { status } = spawnSync(
  process.execPath,
  [
    join(root, 'node_modules/vitest/vitest.mjs'),
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    ...process.argv.slice(2),
  ],
  { cwd: root, stdio: 'inherit' },
);
const tests = JSON.parse(readFileSync(report, 'utf8'));
const passed = source.passed + tests.numPassedTests;
// a run that fails outside any test (an import that throws, a worker that dies) counts as one failure
const failed = source.failed + (tests.numFailedTests || (status === 0 ? 0 : 1));
process.stdout.write(
  electronBinary()
    ? 'The whole application was tested in Electron, on its stand-in, and on the browser host.\n'
    : 'The whole application was tested on a stand-in for Electron and on the browser host, not in Electron: its binary is not installed.\n',
);
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed > 0 ? 1 : 0;
