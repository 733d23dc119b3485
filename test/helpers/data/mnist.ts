import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const besideTheClone = fileURLToPath(new URL('../../../../shared/mnist', import.meta.url));

/**
 * Where MNIST's files are for tests, if anywhere. Suites that need them say "real MNIST" in their title, so that
 * `npm test` can count what it skipped.
 */
export const mnistDir: string | undefined =
  process.env['MNIST_DATA_DIR'] || (existsSync(besideTheClone) ? besideTheClone : undefined);
