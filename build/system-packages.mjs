import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/**
 * Installs packages of Debian or its relatives, where the system lets us.
 *
 * @param {string[]} names
 */
export function installSystemPackages(...names) {
  if (process.platform !== 'linux' || !existsSync('/usr/bin/apt-get')) return;
  const install = ['apt-get', 'install', '-y', '--no-install-recommends', ...names];
  const [command, ...args] = process.getuid?.() === 0 ? install : ['sudo', '-n', ...install];
  process.stderr.write(`Installing ${names.join(' and ')} for the tests …\n`);
  spawnSync(command, args, { stdio: ['ignore', 'ignore', 2] });
}
