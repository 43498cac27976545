import { root } from './install.mjs';

// the study is TypeScript; vite runs it as it stands
const { runnerImport } = await import('vite');
const { module } = await runnerImport('./test/bench/check-power.ts', { root, configFile: false });
module.measurePower(process.argv.slice(2));
