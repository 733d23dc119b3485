import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/helpers/property-seed.ts', 'test/helpers/patience.ts'],
    pool: 'forks',
    // Many tests wait for processes of their own; Vitest would leave a core unused on a machine of two.
    maxWorkers: 2,
    // Bounds for what hangs, not for what is slow: a machine may have ten times the work that its cores can do.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    expect: { poll: { timeout: 120_000 } },
  },
});
