import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';

/** The window's page. */
export default defineConfig({
  logLevel: 'warn',
  root: 'renderer',
  base: './',
  plugins: [vue()],
  build: {
    outDir: '../dist/renderer',
    emptyOutDir: true,
    license: { fileName: 'licences.json' },
    target: 'chrome120',
    // files of their own, as the content security policy asks for
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1500,
  },
});
