// `npm run bench`: sets the clone up if needed, then runs the benchmarks of bench/. Arguments are names of benchmarks:
// `npm run bench -- training`. Training threads run dist/, so the build has to be fresh.
import { ensureReady } from './setup.mjs';
import { testEnvironment } from './testing/test-environment.mjs';

ensureReady();

// MNIST, where it lies beside the clone.
Object.assign(process.env, testEnvironment());

const { register } = await import('tsx/esm/api');
register();
await import('../bench/main.ts');
