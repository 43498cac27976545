import { ensureBuilt } from './bundle.mjs';
import { root } from './install.mjs';

// TypeScript that drives the built program; vite runs it as it stands
ensureBuilt();
const { runnerImport } = await import('vite');
const { module } = await runnerImport('./test/app/soak/soak.ts', { root, configFile: false });
process.exitCode = (await module.soak(process.argv.slice(2))) ? 0 : 1;
