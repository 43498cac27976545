import { ensureBuilt } from './bundle.mjs';
import { root } from './install.mjs';

// the benchmark is TypeScript that drives the built program; vite runs it as it stands
ensureBuilt();
const { runnerImport } = await import('vite');
const { module } = await runnerImport('./test/bench/window.ts', { root, configFile: false });
await module.measureWindow(process.argv.slice(2));
