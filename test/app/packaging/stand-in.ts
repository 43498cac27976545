import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createPackage } from '@electron/asar';

/** Marks the fuses in Electron's executable; behind it stand their version, number and states. */
const sentinel = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';

/**
 * A folder that electron-builder takes for Electron on Linux: what it looks at, and nothing that runs.
 *
 * Its executable says so and fails, so that a package made of it cannot be mistaken for the program.
 */
export async function makeStandIn(folder: string): Promise<void> {
  for (const part of ['resources', 'locales']) {
    mkdirSync(join(folder, part), { recursive: true });
  }
  // as Electron is delivered: Node, its options and inspector on, cookies and archives unprotected
  const fuses = '101100011';
  const wire = Buffer.concat([
    Buffer.from(sentinel, 'latin1'),
    Buffer.from([1, fuses.length]),
    Buffer.from(fuses, 'latin1'),
  ]);
  const script = `#!/bin/sh
echo 'This is a stand-in for Electron that tests package; it must never be published.' >&2
exit 70
`;
  writeFileSync(join(folder, 'electron'), Buffer.concat([Buffer.from(script), wire]), {
    mode: 0o755,
  });
  for (const name of ['chrome-sandbox', 'version', 'LICENSE', 'LICENSES.chromium.html']) {
    writeFileSync(join(folder, name), 'stand-in\n');
  }
  for (const locale of ['en-US', 'de']) writeFileSync(join(folder, `locales/${locale}.pak`), '');
  await createPackage(join(folder, 'locales'), join(folder, 'resources/default_app.asar'));
}
