import { defineConfig } from 'vitest/config';

// tests that start processes, servers or workers of their own
const whole = ['test/app/**/*.test.ts', 'test/cli/**/*.test.ts', 'test/node/**/*.test.ts'];

const common = {
  testTimeout: 60_000,
};

export default defineConfig({
  test: {
    // two workers: statistical tests are heavy, and laboratory desktops have few cores
    maxWorkers: 2,
    projects: [
      // functions alone share modules that are loaded once, which saves half of their time
      {
        test: {
          ...common,
          name: 'functions',
          include: ['test/**/*.test.ts'],
          exclude: whole,
          isolate: false,
        },
      },
      { test: { ...common, name: 'whole', include: whole } },
    ],
  },
});
