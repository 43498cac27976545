import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createPackage } from '@electron/asar';
import { NtExecutable, NtExecutableResource, Resource } from 'resedit';

/** Marks the fuses in Electron's executable; behind it stand their version, number and states. */
const sentinel = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';

/** As Electron is delivered: Node, its options and inspector on, cookies and archives unprotected. */
const fuses = '101100011';
const wire = Buffer.concat([
  Buffer.from(sentinel, 'latin1'),
  Buffer.from([1, fuses.length]),
  Buffer.from(fuses, 'latin1'),
]);

/**
 * A folder that electron-builder takes for Electron on Linux: what it looks at, and nothing that runs.
 *
 * Its executable says so and fails, so that a package made of it cannot be mistaken for the program.
 */
export async function makeStandIn(folder: string): Promise<void> {
  const script = `#!/bin/sh
echo 'This is a stand-in for Electron that tests package; it must never be published.' >&2
exit 70
`;
  await makeParts(folder);
  writeFileSync(join(folder, 'chrome-sandbox'), 'stand-in\n');
  writeFileSync(join(folder, 'electron'), Buffer.concat([Buffer.from(script), wire]), {
    mode: 0o755,
  });
}

/** The same for Windows: an executable of Windows' format that holds no code. */
export async function makeWindowsStandIn(folder: string): Promise<void> {
  const executable = NtExecutable.createEmpty(false, false);
  const resources = NtExecutableResource.from(executable);
  const version = Resource.VersionInfo.createEmpty();
  version.setStringValues({ lang: 1033, codepage: 1200 }, { ProductName: 'Electron' });
  version.outputToResourceEntries(resources.entries);
  resources.outputResource(executable);
  executable.setExtraData(new Uint8Array(wire).buffer);
  await makeParts(folder);
  writeFileSync(join(folder, 'electron.exe'), Buffer.from(executable.generate()));
}

/** The same for macOS: bundles of the program, of Electron's library and of one helper, without code. */
export async function makeMacStandIn(folder: string): Promise<void> {
  const contents = join(folder, 'Electron.app/Contents');
  const library = join(contents, 'Frameworks/Electron Framework.framework');
  makeBundle(contents, 'Electron');
  makeBundle(join(contents, 'Frameworks/Electron Helper.app/Contents'), 'Electron Helper');
  for (const place of ['Resources', 'Versions/A/Resources']) {
    for (const locale of ['en', 'de']) {
      mkdirSync(join(library, place, `${locale}.lproj`), { recursive: true });
      writeFileSync(join(library, place, `${locale}.lproj/locale.pak`), '');
    }
  }
  writeFileSync(join(library, 'Electron Framework'), wire);
}

function makeBundle(contents: string, name: string): void {
  for (const part of ['MacOS', 'Resources']) mkdirSync(join(contents, part), { recursive: true });
  writeFileSync(join(contents, 'MacOS', name), 'stand-in\n', { mode: 0o755 });
  writeFileSync(
    join(contents, 'Info.plist'),
    `<?xml version="1.0" encoding="UTF-8"?>
<plist version="1.0"><dict>
<key>CFBundleExecutable</key><string>${name}</string>
<key>CFBundleName</key><string>${name}</string>
</dict></plist>
`,
  );
}

async function makeParts(folder: string): Promise<void> {
  for (const part of ['resources', 'locales']) {
    mkdirSync(join(folder, part), { recursive: true });
  }
  for (const name of ['version', 'LICENSE', 'LICENSES.chromium.html']) {
    writeFileSync(join(folder, name), 'stand-in\n');
  }
  for (const locale of ['en-US', 'de']) writeFileSync(join(folder, `locales/${locale}.pak`), '');
  await createPackage(join(folder, 'locales'), join(folder, 'resources/default_app.asar'));
}
