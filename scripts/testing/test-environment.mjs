// What the tests are given: MNIST's files, where they lie beside the clone.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A folder of MNIST's files that is used where `MNIST_DATA_DIR` names none. */
export const MNIST_BESIDE_THE_CLONE = fileURLToPath(new URL('../../../shared/mnist', import.meta.url));

/** The environment of the test runner. */
export function testEnvironment() {
  const env = { ...process.env };
  if (!env.MNIST_DATA_DIR && existsSync(MNIST_BESIDE_THE_CLONE)) env.MNIST_DATA_DIR = MNIST_BESIDE_THE_CLONE;
  return env;
}

/** A script of node_modules, to be run by Node: nothing depends on a shell or on PATH. */
export function toolPath(script) {
  return join(fileURLToPath(new URL('../..', import.meta.url)), 'node_modules', ...script.split('/'));
}
