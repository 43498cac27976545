import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt } from './bundle.mjs';
import { root } from './install.mjs';
import { packagingOf } from './packaging/config.mjs';
import { drawIcons } from './packaging/icons.mjs';
import { forbidden, licences, licenceText } from './packaging/licences.mjs';

/**
 * Packages the built program.
 *
 * @param {object} [options]
 * @param {'LINUX' | 'MAC' | 'WINDOWS'} [options.system] the one of the machine that this runs on; another one gets this
 * machine's native parts all the same
 * @param {string[]} [options.targets] all that this system has, where none is named
 * @param {string} [options.output] folder of the packages
 * @param {string} [options.electronDist] folder with Electron that is there already; else it is loaded
 * @param {import('electron-builder').Configuration['afterPack']} [options.afterPack] told when the folder
 * of the program is whole
 * @returns {Promise<string[]>} paths of what was made
 */
export async function dist({
  system,
  targets = [],
  output = join(root, 'dist/packages'),
  ...more
} = {}) {
  const list = licences();
  const problems = forbidden(list);
  if (problems.length > 0) throw new Error(problems.join('\n'));
  const resources = join(output, '.resources');
  rmSync(resources, { recursive: true, force: true });
  await drawIcons(resources);
  writeFileSync(join(resources, 'LICENSES.packages.txt'), licenceText(list));
  const { build, Platform } = await import('electron-builder');
  return build({
    targets: (system ? Platform[system] : Platform.current()).createTarget(targets),
    config: packagingOf({ output, resources, ...more }),
    publish: 'never',
  });
}

if (import.meta.filename === process.argv[1]) {
  // npm run dist [-- target …]
  ensureBuilt();
  const made = await dist({ targets: process.argv.slice(2) });
  process.stdout.write(`${made.join('\n')}\n`);
}
