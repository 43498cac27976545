import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    // two workers: statistical tests are heavy, and laboratory desktops have few cores
    maxWorkers: 2,
  },
});
