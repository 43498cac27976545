import { existsSync, writeFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { ensureBuilt } from './bundle.mjs';
import { root } from './install.mjs';

// records anew what test/node/held-fits.test.ts holds the fits to, and names those that changed
ensureBuilt();
const { runnerImport } = await import('vite');
const { module } = await runnerImport('./test/node/held-fits.ts', { root, configFile: false });
const before = existsSync(module.recordFile) ? module.readRecord().fits : {};
const record = module.takeRecord();
writeFileSync(module.recordFile, `${JSON.stringify(record, null, 1)}\n`);
const changed = Object.keys(record.fits).filter(
  (name) => !isDeepStrictEqual(record.fits[name], before[name]),
);
for (const name of changed) process.stdout.write(`changed: ${name}\n`);
process.stdout.write(
  `${changed.length} of ${Object.keys(record.fits).length} fits have changed.\n`,
);
