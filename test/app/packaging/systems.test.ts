import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getRawHeader } from '@electron/asar';
import { parsePlistFile } from 'app-builder-lib/out/util/plist.js';
import { NtExecutable, NtExecutableResource, Resource } from 'resedit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dist } from '../../../build/dist.mjs';
import manifest from '../../../package.json' with { type: 'json' };
import { fusesOf, fusesSet } from './fuses.ts';
import { makeMacStandIn, makeWindowsStandIn } from './stand-in.ts';

const home = mkdtempSync(join(tmpdir(), 'isinglass-systems-'));
const windows = join(home, 'windows/win-unpacked');
const mac = join(home, `mac/${process.arch === 'arm64' ? 'mac-arm64' : 'mac'}/Isinglass.app`);
const archives = [
  join(windows, 'resources/app.asar'),
  join(mac, 'Contents/Resources/app.asar'),
] as const;

beforeAll(async () => {
  for (const [system, makeElectron] of [
    ['WINDOWS', makeWindowsStandIn],
    ['MAC', makeMacStandIn],
  ] as const) {
    const output = join(home, system.toLowerCase());
    const electronDist = join(output, 'electron');
    await makeElectron(electronDist);
    await dist({ system, targets: ['dir'], output, electronDist });
  }
}, 120_000);
afterAll(() => rmSync(home, { recursive: true, force: true }));

const sha256 = (bytes: Buffer | string) => createHash('sha256').update(bytes).digest('hex');
/** What Electron compares at its start: the hash of an archive's list of contents. */
const integrity = (archive: string) => sha256(getRawHeader(archive).headerString);

it('is the same archive when it is made again', () => {
  const [first, second] = archives.map((path) => sha256(readFileSync(path)));
  expect(first).toBe(second);
});

describe('the package for Windows', () => {
  const resources = () =>
    NtExecutableResource.from(NtExecutable.from(readFileSync(join(windows, 'Isinglass.exe'))))
      .entries;

  it('says in its executable what it is, in the version of this repository', () => {
    const [version] = Resource.VersionInfo.fromEntries(resources());
    expect(version.getStringValues({ lang: 1033, codepage: 1200 })).toMatchObject({
      ProductName: 'Isinglass',
      FileDescription: 'Isinglass',
      FileVersion: manifest.version,
      LegalCopyright: 'Copyright © 2026 The Isinglass developers',
    });
  });

  it('has its icon in every size that Windows asks for', () => {
    const [group] = Resource.IconGroupEntry.fromEntries(resources());
    // 0 stands for 256
    expect(group.icons.map(({ width }) => width || 256).sort((a, b) => a - b)).toEqual([
      16, 24, 32, 48, 64, 128, 256,
    ]);
  });

  it('has its fuses set, and knows its archive', async () => {
    expect(await fusesOf(join(windows, 'Isinglass.exe'))).toEqual(fusesSet);
    const entry = resources().find(({ type }) => type === 'INTEGRITY');
    expect(
      JSON.parse(Buffer.from(new Uint8Array(entry?.bin ?? new ArrayBuffer(0))).toString()),
    ).toContainEqual({
      file: 'resources\\app.asar',
      alg: 'SHA256',
      value: integrity(archives[0]),
    });
  });

  it('comes with its licences and one language', () => {
    expect(readdirSync(join(windows, 'locales'))).toEqual(['en-US.pak']);
    expect(readdirSync(windows)).toEqual(
      expect.arrayContaining(['LICENSE.isinglass.txt', 'LICENSES.packages.txt']),
    );
  });
});

describe('the bundle for macOS', () => {
  const property = () =>
    parsePlistFile(join(mac, 'Contents/Info.plist')) as Promise<Record<string, unknown>>;

  it('says what it is, in the version of this repository', async () => {
    expect(await property()).toMatchObject({
      CFBundleIdentifier: 'org.isinglass.desktop',
      CFBundleName: 'Isinglass',
      CFBundleExecutable: 'Isinglass',
      CFBundleShortVersionString: manifest.version,
      LSApplicationCategoryType: 'public.app-category.education',
      NSHumanReadableCopyright: 'Copyright © 2026 The Isinglass developers',
    });
    expect(readdirSync(join(mac, 'Contents/MacOS'))).toEqual(['Isinglass']);
    expect(readdirSync(join(mac, 'Contents/Frameworks'))).toContain('Isinglass Helper.app');
  });

  it('opens its projects, and takes nobody’s .json away', async () => {
    expect((await property()).CFBundleDocumentTypes).toMatchObject([
      { CFBundleTypeExtensions: ['isinglass'], LSHandlerRank: 'Default' },
      { CFBundleTypeExtensions: ['json'], CFBundleTypeRole: 'Viewer', LSHandlerRank: 'Alternate' },
    ]);
  });

  it('has its icon', async () => {
    const { CFBundleIconFile } = await property();
    const icon = readFileSync(join(mac, 'Contents/Resources', String(CFBundleIconFile)));
    expect(icon.toString('latin1', 0, 4)).toBe('icns');
    expect(icon.readUInt32BE(4)).toBe(icon.length);
  });

  it('has its fuses set, knows its archive, and may load nothing from elsewhere', async () => {
    expect(await fusesOf(mac)).toEqual(fusesSet);
    const { ElectronAsarIntegrity, NSAppTransportSecurity } = await property();
    expect(ElectronAsarIntegrity).toEqual({
      'Resources/app.asar': { algorithm: 'SHA256', hash: integrity(archives[1]) },
    });
    expect(NSAppTransportSecurity).toBeUndefined();
  });

  it('comes with its licences and one language', () => {
    const library = join(mac, 'Contents/Frameworks/Electron Framework.framework');
    expect(readdirSync(join(library, 'Versions/A/Resources'))).toEqual(['en.lproj']);
    expect(readdirSync(join(mac, 'Contents'))).toEqual(
      expect.arrayContaining(['LICENSE.isinglass.txt', 'LICENSES.packages.txt']),
    );
  });
});
