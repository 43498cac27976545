import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { install, root, run } from './install.mjs';

const sources = ['shared', 'electron', 'renderer', 'build', 'package-lock.json'];

/** Newest modification time under a path. @param {string} path @returns {number} */
function newest(path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) return 0;
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

/** Installs what is missing and builds `dist/` if any source is newer than it. */
export function ensureBuilt() {
  install();
  const stamp = join(root, 'dist', '.built');
  const changed = Math.max(...sources.map((name) => newest(join(root, name))));
  if (existsSync(stamp) && newest(stamp) >= changed) return;
  process.stderr.write('Building …\n');
  run(process.execPath, ['build/build.mjs']);
}
