import { defineConfig } from 'vitest/config';

/** Tests that start processes, change this one, or replace a module: each file has a process of its own. */
const PROCESSES = [
  'test/*.test.ts',
  'test/{cli,docs,e2e,fuzz,package,server}/**/*.test.ts',
  'test/bench/**/{capacity,processes}.test.ts',
  'test/**/frame-pictures.test.ts',
];

export default defineConfig({
  test: {
    setupFiles: ['property-seed', 'patience', 'typed-arrays'].map((name) => `test/helpers/${name}.ts`),
    pool: 'forks',
    // Many tests wait for processes of their own; Vitest would leave a core unused on a machine of two.
    maxWorkers: 2,
    // Bounds for what hangs, not for what is slow: a machine may have ten times the work that its cores can do.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    expect: { poll: { timeout: 120_000 } },
    // In the order of their names: the long files come first, and the short ones fill both workers to the end.
    projects: [
      { extends: true, test: { name: 'processes', include: PROCESSES } },
      {
        extends: true,
        test: {
          name: 'units',
          include: ['test/**/*.test.ts'],
          exclude: PROCESSES,
          // A process for each file would take longer than most of these files.
          isolate: false,
        },
      },
    ],
  },
});
