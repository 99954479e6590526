import { defineConfig } from 'vitest/config';

export default defineConfig({
  define: { CROW_VERSION: '"0.0.0-test"', CROW_LATE_FILE: '""', CROW_DEVTOOLS_FILE: '""' },
  // Tests of memory collect garbage.
  test: {
    include: ['test/**/*.test.ts'],
    maxWorkers: 2,
    testTimeout: 60_000,
    pool: 'forks',
    execArgv: ['--expose-gc'],
  },
});
