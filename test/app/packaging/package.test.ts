import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { extractAll, extractFile, listPackage, statFile } from '@electron/asar';
import type { LinuxPackager } from 'app-builder-lib';
import { LinuxTargetHelper } from 'app-builder-lib/out/targets/LinuxTargetHelper.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dist } from '../../../build/dist.mjs';
import { forbidden, licences } from '../../../build/packaging/licences.mjs';
import { findSevenZip } from '../../../build/seven-zip.mjs';
import { defaultFitOptions } from '../../../shared/inference/options.ts';
import type { Bridge, Reply } from '../../../shared/protocol/bridge.ts';
import { bmp } from '../../node/picture-bytes.ts';
import { type Application, launchStandIn } from '../application.ts';
import { fusesOf, fusesSet } from './fuses.ts';
import { makeStandIn } from './stand-in.ts';

/** The page's bridge; only a type, the object lives in the page. */
declare const isinglass: Bridge<File>;

const root = fileURLToPath(new URL('../../..', import.meta.url));
const home = mkdtempSync(join(tmpdir(), 'isinglass-package-'));
const unpacked = join(home, 'first/linux-unpacked');
const archive = join(unpacked, 'resources/app.asar');
let desktop: string;
let mimeTypes: string;
let made: string[];

beforeAll(async () => {
  const sevenZip = findSevenZip();
  if (!sevenZip) throw new Error('7-Zip is missing: install it (Debian: apt install p7zip-full).');
  process.env.ELECTRON_BUILDER_7ZIP_PATH = sevenZip;
  const electronDist = join(home, 'electron');
  await makeStandIn(electronDist);
  made = await dist({
    targets: ['dir', 'tar.gz'],
    output: join(home, 'first'),
    electronDist,
    async afterPack({ packager }) {
      const helper = new LinuxTargetHelper(packager as LinuxPackager);
      desktop = await helper.computeDesktopEntry(packager.config.linux ?? {});
      mimeTypes = readFileSync((await helper.mimeTypeFiles) ?? '', 'utf8');
    },
  });
}, 120_000);
afterAll(() => rmSync(home, { recursive: true, force: true }));

const hash = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex');
const files = () => listPackage(archive, { isPack: false }).map((path) => path.slice(1));
const inFolder = (folder: string) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(root, folder, name)).isFile())
    .map((name) => join(folder, name));

describe('the package', () => {
  it('holds the bundles whole, and no other code of this repository', () => {
    const bundled = ['dist/node', 'dist/preload', 'dist/renderer', 'dist/kernels']
      .flatMap(inFolder)
      .filter((path) => !/licences\.json$|\.c$|(cli|bench-pictures|fuzz)\.js$/.test(path));
    for (const path of bundled) {
      expect(extractFile(archive, path).equals(readFileSync(join(root, path))), path).toBe(true);
    }
    const own = files().filter((path) => /^dist\/.*\./.test(path));
    expect(own.sort()).toEqual(bundled.sort());
    expect(new Set(files().map((path) => path.split('/')[0]))).toEqual(
      new Set(['dist', 'node_modules', 'package.json']),
    );
  });

  it('holds sharp and what that needs, and no other package, no types and no sources', () => {
    const packages = files()
      .filter((path) => /^node_modules\/(@[^/]+\/)?[^/@]+$/.test(path))
      .map((path) => path.replace('node_modules/', ''));
    expect(packages.sort()).toEqual(
      [
        '@img/colour',
        `@img/sharp-libvips-linux-${process.arch}`,
        `@img/sharp-linux-${process.arch}`,
        'detect-libc',
        'semver',
        'sharp',
      ].sort(),
    );
    expect(files().filter((path) => /\.(ts|mts|cts|map|cc|h)$/.test(path))).toEqual([]);
    const manifest = JSON.parse(extractFile(archive, 'package.json').toString());
    expect(Object.keys(manifest.dependencies)).toEqual(['sharp']);
    expect(manifest.devDependencies).toBeUndefined();
    expect(existsSync(join(unpacked, 'locales/en-US.pak'))).toBe(true);
    expect(existsSync(join(unpacked, 'locales/de.pak'))).toBe(false);
  });

  it('keeps native parts outside of the archive, and nothing else', () => {
    const outside = files().filter((path) => {
      const entry = statFile(archive, path, false);
      return 'unpacked' in entry && entry.unpacked && !('files' in entry);
    });
    const native = outside.filter((path) => /\.(node|so[.\d]*)$/.test(path));
    expect(native).toHaveLength(2);
    for (const path of outside) {
      expect(path).toMatch(/^node_modules\/@img\/sharp-/);
      const beside = join(`${archive}.unpacked`, path);
      expect(hash(beside), path).toBe(hash(join(root, path)));
    }
    expect(files().filter((path) => /\.(node|so[.\d]*)$/.test(path))).toEqual(native);
  });

  it('carries its own licence and those of all packages in it', () => {
    expect(readFileSync(join(unpacked, 'LICENSE.isinglass.txt'), 'utf8')).toBe(
      readFileSync(join(root, 'LICENSE'), 'utf8'),
    );
    const text = readFileSync(join(unpacked, 'LICENSES.packages.txt'), 'utf8');
    for (const name of [
      'sharp',
      '@vue/runtime-core',
      '@jimp/core',
      'zod',
      'katex',
      '@fontsource-variable/inter',
    ])
      expect(text).toMatch(new RegExp(`^${name}\\S* [\\d.]+ \\(`, 'm'));
  });

  it('holds nothing under a licence that is not allowed, or without its text', () => {
    expect(forbidden(licences())).toEqual([]);
    const foreign = { name: 'x', version: '1.0.0', identifier: 'GPL-3.0-only', text: 'text' };
    const choice = { ...foreign, identifier: '(GPL-3.0-only OR MIT)' };
    expect(forbidden([foreign, choice, { ...choice, text: '' }])).toEqual([
      'x 1.0.0 is under “GPL-3.0-only”, which is not allowed.',
      'x 1.0.0 comes without the text of its licence.',
    ]);
  });

  it('has its fuses set, read back from the executable', async () => {
    expect(await fusesOf(join(unpacked, 'isinglass'))).toEqual(fusesSet);
    // the control: as Electron is delivered
    expect(await fusesOf(join(home, 'electron/electron'))).toMatchObject({ runAsNode: '1' });
  });

  it('tells the desktop what it is and which files it opens', () => {
    const entry = Object.fromEntries(
      desktop.split('\n').map((line) => [line.split('=')[0], line.slice(line.indexOf('=') + 1)]),
    );
    expect(entry).toMatchObject({
      Name: 'Isinglass',
      Exec: '/opt/Isinglass/isinglass %F',
      Icon: 'isinglass',
      StartupWMClass: 'isinglass',
      Categories: 'Science;',
      MimeType: 'application/x-isinglass;application/x-isinglass-fit+json;',
    });
    expect([...mimeTypes.matchAll(/type="([^"]+)">\s*<glob pattern="([^"]+)"/g)]).toMatchObject([
      { 1: 'application/x-isinglass', 2: '*.isinglass' },
      { 1: 'application/x-isinglass-fit+json', 2: '*.fit.json' },
    ]);
  });

  it('is the same in the tar.gz', () => {
    expect(made.map((path) => path.replace(/.*\//, ''))).toEqual([
      expect.stringMatching(/^Isinglass-\d+\.\d+\.\d+-linux-\w+\.tar\.gz$/),
    ]);
    const inside = made[0].replace(/.*\/|\.tar\.gz$/g, '');
    const { stdout } = spawnSync('tar', ['-xzOf', made[0], `${inside}/resources/app.asar`], {
      maxBuffer: 2 ** 28,
    });
    expect(createHash('sha256').update(stdout).digest('hex')).toBe(hash(archive));
  });

  it('cannot be taken for the program while Electron is a stand-in', () => {
    const { status, stderr } = spawnSync(join(unpacked, 'isinglass'), { encoding: 'utf8' });
    expect(status).toBe(70);
    expect(stderr).toContain('must never be published');
  });
});

describe('the packaged program, on the stand-in', () => {
  let application: Application;
  beforeAll(async () => {
    // plain Node reads no archives, so the package is laid out as Electron would see it; far from this
    // repository, whose packages it must not find
    extractAll(archive, join(home, 'program'));
    const picture = join(home, 'stripes.bmp');
    const row = Array.from({ length: 4 * 64 }, (_, x) => (x % 5 < 2 ? 255 : 0));
    const stripes = { width: 64, height: 64, bits: 32, rows: new Array(64).fill(row) };
    writeFileSync(picture, bmp(stripes));
    application = await launchStandIn([picture], join(home, 'program'));
  }, 30_000);
  afterAll(() => application?.close());

  const ask = (method: string, parameters: unknown = {}): Promise<Reply> =>
    application.page.evaluate(([name, value]) => isinglass.requests[name](Math.random(), value), [
      method,
      parameters,
    ] as const);

  it('opens the file that its command line names, by its bundled decoder', async () => {
    await expect
      .poll(() => ask('data.summary'), { timeout: 5000 })
      .toMatchObject({ value: { pictures: 1 } });
    expect(await ask('preparation.summary', { boundary: 'free' })).toMatchObject({
      value: { images: 1, failures: [] },
    });
  });

  it('finds its samples, decoder threads, fit thread and kernels', async () => {
    expect(await ask('data.addSamples')).toMatchObject({ value: { added: 3 } });
    const options = { ...defaultFitOptions, method: 'gradient', seed: 3, steps: 50 };
    expect(await ask('fit.start', { options })).toMatchObject({ ok: true });
    await expect
      .poll(() => ask('runs.list'), { timeout: 20_000 })
      .toMatchObject({ value: [{ images: 4, steps: 50, error: null }] });
  });

  it('draws a synthetic set in its own thread', async () => {
    const synthetic = {
      rows: 8,
      cols: 8,
      J: 0.2,
      h: 0,
      count: 10,
      sweeps: 5,
      seed: 1,
      boundary: 'free',
    };
    expect(await ask('data.synthetic', synthetic)).toMatchObject({ ok: true });
  });
});
