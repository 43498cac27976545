import { defineConfig } from 'vite';

/** The window's page. */
export default defineConfig({
  logLevel: 'warn',
  root: 'renderer',
  base: './',
  build: { outDir: '../dist/renderer', emptyOutDir: true, target: 'chrome120' },
});
