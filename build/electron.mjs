import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './install.mjs';

const folder = join(root, 'node_modules/electron');
/** Milliseconds within which Electron's source must answer before the installer is given up. */
const patience = 10_000;

/** The Electron binary's path, told by its files alone; null where it is not installed. */
export function electronBinary() {
  const note = join(folder, 'path.txt');
  if (!existsSync(note)) return null;
  const binary = join(
    process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(folder, 'dist'),
    readFileSync(note, 'utf8'),
  );
  return existsSync(binary) ? binary : null;
}

/**
 * Runs Electron's own installer and shows how much it has loaded.
 *
 * @returns {Promise<string | null>} null where it is installed now, else why it is not
 */
export async function installElectron() {
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const own = mkdtempSync(join(tmpdir(), 'isinglass-electron-'));
  const terminal = process.stderr.isTTY;
  const show = () => {
    const megabytes = (folderSize(own) / 1e6).toFixed(0);
    if (terminal) process.stderr.write(`\rLoading Electron ${version} (once): ${megabytes} MB `);
  };
  if (!terminal) process.stderr.write(`Loading Electron ${version} (once) …\n`);
  const progress = setInterval(show, 300);
  const installer = spawn(process.execPath, [join(folder, 'install.js')], {
    cwd: root,
    env: { ...process.env, TMPDIR: own, TEMP: own, TMP: own },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  installer.stderr.setEncoding('utf8').on('data', (text) => {
    said += text;
  });
  // nothing at all after this time: the source does not answer
  const guard = setTimeout(() => {
    if (folderSize(own) === 0) installer.kill();
  }, patience);
  const code = await new Promise((resolve) => {
    installer.on('exit', resolve);
    installer.on('error', () => resolve(1));
  });
  clearInterval(progress);
  clearTimeout(guard);
  rmSync(own, { recursive: true, force: true });
  if (terminal) process.stderr.write('\r\x1b[2K');
  if (code === 0 && electronBinary()) return null;
  const cause = /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|fetch failed)\b/.exec(said);
  if (code === null || cause) return 'its source cannot be reached from here';
  return (
    said
      .split('\n')
      .find((line) => line.trim() !== '')
      ?.trim() ?? `it ended with code ${code}`
  );
}

/** @param {string} path @returns {number} bytes of all files below */
function folderSize(path) {
  let size = 0;
  for (const entry of readdirSync(path, { recursive: true })) {
    const stat = statSync(join(path, String(entry)), { throwIfNoEntry: false });
    if (stat?.isFile()) size += stat.size;
  }
  return size;
}
