// `npm run coverage`: which lines of src/ and page/ the unit tests reach; fails below the floor. With `-- integration`
// those tests run as well, and there is no floor: what they start as processes of their own is not counted.
// The provider is installed into scripts/coverage-provider the first time: no one else needs its packages.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureReady, runNpm } from './setup.mjs';
import { testEnvironment, toolPath } from './testing/test-environment.mjs';
import { testFiles } from './testing/test-groups.mjs';

/** Percent of what unit tests reach, a little below what was measured when it was last raised. */
const FLOOR = { lines: 55, functions: 50, branches: 48 };

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, 'scripts', 'coverage-provider');
const providerPackage = join(folder, 'node_modules', '@vitest', 'coverage-v8', 'package.json');

ensureReady();
const wanted = readJson(join(folder, 'package.json')).devDependencies['@vitest/coverage-v8'];
const vitest = readJson(toolPath('vitest/package.json')).version;
if (wanted !== vitest) {
  console.error(
    `scripts/coverage-provider has the provider of Vitest ${wanted}, expected ${vitest}: update it there.`,
  );
  process.exit(1);
}
if (!existsSync(providerPackage) || readJson(providerPackage).version !== wanted) {
  runNpm('Installing the coverage provider (npm ci)', ['ci', '--ignore-scripts', '--no-progress'], folder);
}

const groups = process.argv.includes('integration') ? ['unit', 'integration'] : ['unit'];
const floor =
  groups.length > 1
    ? []
    : Object.entries(FLOOR).map(([what, least]) => `--coverage.thresholds.${what}=${least}`);
const { status } = spawnSync(
  process.execPath,
  [
    toolPath('vitest/vitest.mjs'),
    'run',
    ...groups.flatMap((group) => testFiles(root, group)),
    '--reporter=dot',
    '--coverage.enabled',
    '--coverage.reportOnFailure',
    '--coverage.provider=custom',
    `--coverage.customProviderModule=${join(folder, 'provider.mjs')}`,
    '--coverage.include=src/**/*.ts',
    '--coverage.include=page/**/*.ts',
    '--coverage.reporter=text',
    '--coverage.reporter=html',
    '--coverage.reportsDirectory=coverage',
    ...floor,
  ],
  { cwd: root, env: testEnvironment(), stdio: 'inherit' },
);
process.exit(status ?? 1);

function readJson(file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}
