import { defineConfig } from 'vite';

/** The preload: one CommonJS file, since a sandboxed preload can load nothing but electron itself. */
export default defineConfig({
  logLevel: 'warn',
  build: {
    ssr: true,
    outDir: 'dist/preload',
    emptyOutDir: true,
    license: { fileName: 'licences.json' },
    target: 'chrome140',
    minify: false,
    rollupOptions: {
      input: 'electron/preload.ts',
      output: { format: 'cjs', entryFileNames: 'preload.cjs', codeSplitting: false },
      external: 'electron',
    },
  },
  ssr: { noExternal: true },
});
