import { ensureBuilt } from './bundle.mjs';
import { root } from './install.mjs';

// TypeScript that drives the built program; vite runs it as it stands
ensureBuilt();
const { runnerImport } = await import('vite');
const { module } = await runnerImport('./test/app/screenshots.ts', { root, configFile: false });
await module.takeScreenshots(process.argv.slice(2));
