import { builtinModules } from 'node:module';
import { defineConfig } from 'vite';

const builtin = new Set(builtinModules);

/** Everything that runs in Node, one file each: command line, Electron's main process, worker threads, benchmarks. */
export default defineConfig({
  logLevel: 'warn',
  build: {
    ssr: true,
    outDir: 'dist/node',
    emptyOutDir: true,
    license: { fileName: 'licences.json' },
    target: 'node20',
    minify: false,
    rollupOptions: {
      input: {
        cli: 'electron/cli/main.ts',
        'cli-commands': 'electron/cli/commands.ts',
        main: 'electron/main.ts',
        'fit-worker': 'electron/workers/fit.ts',
        'sampler-worker': 'electron/workers/sampler.ts',
        'check-worker': 'electron/workers/check.ts',
        'sample-worker': 'electron/workers/sample.ts',
        'read-worker': 'electron/workers/read.ts',
        'decode-worker': 'electron/workers/decode.ts',
        'bench-pictures': 'test/bench/pictures.ts',
        battery: 'test/battery/main.ts',
        fuzz: 'test/fuzz/main.ts',
        'study-coverage': 'test/bench/coverage.ts',
        'study-mle': 'test/bench/mle-errors.ts',
        'study-gradient': 'test/bench/gradient-errors.ts',
        'study-lattice-models': 'test/bench/lattice-coverage.ts',
      },
      output: {
        format: 'es',
        entryFileNames: '[name].js',
        chunkFileNames: 'chunks/[name]-[hash].js',
      },
      external: (id) =>
        id.startsWith('node:') || builtin.has(id) || /^(electron|sharp)(\/|$)/.test(id),
    },
  },
  ssr: { noExternal: true },
});
