import { defineConfig } from 'vitest/config';

/** Tests that change the process they run in, measure it, or replace a module: each file has one of its own. */
const ALONE = [
  'test/shutdown-signals.test.ts',
  'test/training/compute.test.ts',
  'test/bench/serving/processes.test.ts',
  'test/model/pictures/frame-pictures.test.ts',
  'test/server/bodies/body-budget.test.ts',
  'test/server/metrics/event-loop-delay.test.ts',
  'test/server/models/swap-memory.test.ts',
  'test/server/processes/{listen-address,worker-pool}.test.ts',
  'test/server/processes/node-internals/*.test.ts',
];

/** Tests that wait for processes of their own: the longest of all. */
const PROCESSES = [
  'test/*.test.ts',
  'test/{bench,cli,docs,e2e,fuzz,package}/**/*.test.ts',
  'test/server/processes/*.test.ts',
  'test/deploy/{image,kserve,updates}.test.ts',
  'test/store/crash.test.ts',
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
    // A process for each file, and all modules loaded anew in it, would take longer than most of these files.
    isolate: false,
    // In the order of their names: the long files come first, and the short ones fill both workers to the end.
    projects: [
      { extends: true, test: { name: 'alone', include: ALONE, isolate: true } },
      { extends: true, test: { name: 'processes', include: PROCESSES, exclude: ALONE } },
      {
        extends: true,
        test: { name: 'units', include: ['test/**/*.test.ts'], exclude: [...ALONE, ...PROCESSES] },
      },
    ],
  },
});
