import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ensureBuilt } from './bundle.mjs';
import { electronBinary, installElectron } from './electron.mjs';
import { root } from './install.mjs';

// npm start: the bundled textures from pictures to couplings, as a table
// npm run start:electron, start:browser [files and folders to open]: the window as far as it has come
const [host, ...paths] = process.argv.slice(2);

ensureBuilt();
if (host === 'electron' && !(await electronIsThere())) process.exit(1);
const [program, ...args] = commandLine();
const child = spawn(program, args, { stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => {
  process.exitCode = signal ? 1 : (code ?? 1);
});

/** What is started, and with which arguments. */
function commandLine() {
  const cli = join(root, 'dist/node/cli.js');
  if (host === 'electron') return [electronBinary(), ...rootOptions(), root, ...paths];
  if (host === 'browser') return [process.execPath, cli, 'serve', '--open', ...paths];
  process.stderr.write('Fitting the three bundled textures (brick, grass, gravel) …\n\n');
  const out = join(root, 'dist', 'samples.fit.json');
  const samples = join(root, 'electron/samples');
  return [process.execPath, cli, 'fit', samples, '--size', '64', '--seed', '1', '--out', out];
}

async function electronIsThere() {
  if (electronBinary()) return true;
  const failure = await installElectron();
  if (failure !== null) process.stderr.write(`Electron cannot be installed: ${failure}.\n`);
  return failure === null;
}

/** Chromium's sandbox does not run as root. */
function rootOptions() {
  return process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : [];
}
