import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ensureBuilt } from './bundle.mjs';
import { electronBinary, installElectron } from './electron.mjs';
import { root } from './install.mjs';
import { steadyMalloc } from './steady-malloc.mjs';

// npm start [electron|browser] [files and folders to open]
const [first, ...rest] = process.argv.slice(2);
const forced = first === 'electron' || first === 'browser' ? first : null;
const paths = forced ? rest : process.argv.slice(2);
const parent = process.ppid;

ensureBuilt();
const host = forced ?? ((await electronIsThere()) ? 'electron' : 'browser');
if (host === 'electron' && !(await electronIsThere())) process.exit(1);
const [program, ...args] =
  host === 'electron'
    ? [electronBinary(), ...rootOptions(), root, ...paths]
    : [process.execPath, join(root, 'dist/node/cli.js'), 'serve', '--open', ...paths];
const child = spawn(program, args, { stdio: 'inherit', env: { ...steadyMalloc, ...process.env } });
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
// npm tells a signal to the shell between itself and this process, and the shell ends without passing it on
if (process.env.npm_lifecycle_event) {
  setInterval(() => process.ppid === parent || child.kill(), 500).unref();
}
child.on('exit', (code, signal) => {
  process.exitCode = signal ? 1 : (code ?? 1);
});

async function electronIsThere() {
  if (electronBinary()) return true;
  const failure = await installElectron();
  if (failure === null) return true;
  process.stderr.write(
    forced
      ? `Electron cannot be installed: ${failure}.\n`
      : `Electron cannot be installed (${failure}), so Isinglass opens in a browser.\n`,
  );
  return false;
}

/** Chromium's sandbox does not run as root. */
function rootOptions() {
  return process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : [];
}
