// `npm test`: sets the clone up if needed, then runs every check, and ends with what passed, failed and was skipped.
// Arguments go to the test runner: `npm test -- test/image` runs those tests alone, after the same checks.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureChromium } from './chromium.mjs';
import { ensureReady } from './setup.mjs';
import { MNIST_BESIDE_THE_CLONE, testEnvironment, toolPath } from './test-environment.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

ensureReady();

const env = testEnvironment();

const resultFolder = mkdtempSync(join(tmpdir(), 'inkdigit-test-'));
const resultFile = join(resultFolder, 'results.json');
const failedChecks = [];

check('types', 'typescript/bin/tsc', ['-p', 'tsconfig.json']);
check('types of the page', 'typescript/bin/tsc', ['-p', 'page/tsconfig.json']);
check('lint and import directions', 'oxlint/bin/oxlint', ['--type-aware', '--deny-warnings']);
check('formatting', 'prettier/bin/prettier.cjs', ['--check', '--log-level', 'warn', '.']);
check('unused code and dependencies', 'knip/bin/knip.js', []);
check('tests', 'vitest/vitest.mjs', [
  'run',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${resultFile}`,
  ...(await withBrowser()),
  ...process.argv.slice(2),
]);
const succeeded = summarize();
rmSync(resultFolder, { recursive: true, force: true });
process.exit(succeeded ? 0 : 1);

/** Runs a tool of node_modules by its script, so that nothing depends on a shell or on PATH. */
function check(name, script, args) {
  process.stdout.write(`\n── ${name}\n`);
  const startedMs = Date.now();
  const { status } = spawnSync(process.execPath, [toolPath(script), ...args], {
    cwd: root,
    env,
    stdio: 'inherit',
  });
  const seconds = ((Date.now() - startedMs) / 1000).toFixed(1);
  process.stdout.write(`── ${name}: ${status === 0 ? 'passed' : 'FAILED'} in ${seconds} s\n`);
  if (status !== 0) failedChecks.push(name);
}

/** Sees to it that the tests in a browser have one. @returns arguments that leave those tests out where there is none. */
async function withBrowser() {
  const asked = process.argv.slice(2).filter((argument) => !argument.startsWith('-'));
  if (asked.length > 0 && !asked.some((path) => path.includes('e2e'))) return [];
  try {
    env.CHROME_PATH = await ensureChromium();
    return [];
  } catch (error) {
    process.stdout.write(`\n── a browser: FAILED: ${error.message}\n`);
    failedChecks.push('a browser');
    return ['--exclude', 'test/e2e/**'];
  }
}

function summarize() {
  process.stdout.write('\n');
  if (failedChecks.length > 0) process.stdout.write(`Failed: ${failedChecks.join(', ')}\n`);
  if (!existsSync(resultFile)) {
    process.stdout.write('The test runner wrote no results.\n');
    return false;
  }
  const results = JSON.parse(readFileSync(resultFile, 'utf8'));
  const tests = results.testResults.flatMap((file) => file.assertionResults);
  const skipped = tests.filter((test) => test.status === 'pending' || test.status === 'skipped');
  const onMnist = skipped.filter((test) => test.fullName.includes('real MNIST'));
  if (onMnist.length > 0) {
    process.stdout.write(
      `${onMnist.length} tests on real MNIST were skipped: MNIST_DATA_DIR is not set and ${MNIST_BESIDE_THE_CLONE} does not exist.\n` +
        'Let npx inkdigit download --data-dir FOLDER fetch the data, and set MNIST_DATA_DIR=FOLDER.\n',
    );
  }
  for (const test of skipped.filter((other) => !onMnist.includes(other))) {
    process.stdout.write(`Skipped: ${test.fullName}\n`);
  }
  process.stdout.write(
    `${results.numPassedTests} passed, ${results.numFailedTests} failed, ${skipped.length} skipped\n`,
  );
  return failedChecks.length === 0 && results.numPassedTests > 0;
}
