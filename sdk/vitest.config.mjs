import { defineConfig } from 'vitest/config';

export default defineConfig({
  define: { CROW_VERSION: '"0.0.0-test"' },
  test: { include: ['test/**/*.test.ts'], maxWorkers: 2, testTimeout: 5_000 },
});
