import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../install.mjs';

/** @typedef {{name: string, version: string, identifier: string, text: string}} Licence */

/** Licences under which foreign code may travel with this program, none of which asks anything of it but to be named. */
const allowed = [
  'MIT',
  'ISC',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'OFL-1.1',
  'Zlib',
  'CC0-1.0',
  // libvips: a separate library, linked when the program starts, which anybody may replace
  'LGPL-3.0-or-later',
];

/** Packages that a bundler finds without a text, though their README has it. */
const inReadme = ['lerc', 'omggif'];

/** Packages whose manifest names no licence, and what their licence file is. */
const unnamed = new Map([['exif-parser 0.1.12', 'MIT']]);

/** What is in the bundles without being a module of them: fonts, and the kernels' compiler's runtime. */
const embedded = ['@fontsource-variable/inter', 'assemblyscript'];

/** @param {string} folder @returns {any} */
const manifestIn = (folder) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));

/** The packages that are installed beside the bundles, found from their manifests. */
function installed() {
  const found = new Map();
  const visit = (/** @type {string} */ name, /** @type {string[]} */ places) => {
    const folder = places
      .map((place) => join(place, 'node_modules', name))
      .find((place) => existsSync(place));
    if (!folder || found.has(folder)) return;
    const { dependencies = {}, optionalDependencies = {} } = manifestIn(folder);
    found.set(folder, null);
    for (const next of Object.keys({ ...dependencies, ...optionalDependencies })) {
      visit(next, [folder, ...places]);
    }
  };
  for (const name of Object.keys(manifestIn(root).dependencies)) visit(name, [root]);
  return [...found.keys()].map(licenceIn);
}

/** @param {string} folder @returns {Licence} */
function licenceIn(folder) {
  const { name, version, license } = manifestIn(folder);
  const file = ['licen[cs]e', 'readme']
    .flatMap((word) =>
      readdirSync(folder).filter((entry) => new RegExp(`^${word}`, 'i').test(entry)),
    )
    .at(0);
  const text = file ? readFileSync(join(folder, file), 'utf8').trim() : '';
  return { name, version, identifier: license, text };
}

/**
 * The licence of every foreign package of which anything is in `dist/` or is packaged with it.
 *
 * @returns {Licence[]} sorted by name
 */
export function licences() {
  const all = ['node', 'preload', 'renderer']
    .flatMap((part) => JSON.parse(readFileSync(join(root, 'dist', part, 'licences.json'), 'utf8')))
    .concat(
      installed(),
      [...embedded, ...inReadme].map((name) => licenceIn(join(root, 'node_modules', name))),
    );
  const byName = new Map(
    all.map(({ name, version, identifier, text = '' }) => {
      const key = `${name} ${version}`;
      return [key, { name, version, text, identifier: identifier ?? unnamed.get(key) ?? '' }];
    }),
  );
  return [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * Those of them that may not be shipped: with another licence, or without its text.
 *
 * @param {Licence[]} list
 * @returns {string[]} sentences
 */
export function forbidden(list) {
  return list.flatMap(({ name, version, identifier, text }) => {
    const choices = identifier.replace(/[()]/g, '').split(/\s+OR\s+/);
    const fine = choices.some((choice) =>
      choice.split(/\s+AND\s+/).every((part) => allowed.includes(part)),
    );
    if (!fine) return [`${name} ${version} is under “${identifier}”, which is not allowed.`];
    return text ? [] : [`${name} ${version} comes without the text of its licence.`];
  });
}

/** @param {Licence[]} list @returns {string} the file that travels with the program */
export function licenceText(list) {
  const parts = list.map(
    ({ name, version, identifier, text }) => `${name} ${version} (${identifier})\n\n${text}\n`,
  );
  return `Isinglass contains these packages, each under its own licence. Electron's and Chromium's own
licences are in LICENSE.electron.txt and LICENSES.chromium.html.\n\n${parts.join(`\n${'-'.repeat(80)}\n\n`)}`;
}
