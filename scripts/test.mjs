// `npm test`: sets the clone up if needed, then runs every check, and ends with what passed, failed and was skipped.
// Arguments go to the test runner: `npm test -- test/image` runs those tests alone, after the same checks. With
// `--long` (`npm run test:long`) tests that take long run as well.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureChromium } from './testing/chromium.mjs';
import { ensureReady } from './setup.mjs';
import { MNIST_BESIDE_THE_CLONE, testEnvironment, toolPath } from './testing/test-environment.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

ensureReady();

const args = process.argv.slice(2).filter((argument) => argument !== '--long');
const env = testEnvironment();
if (process.argv.includes('--long')) env.LONG_TESTS = '1';

const resultFolder = mkdtempSync(join(tmpdir(), 'inkdigit-test-'));
const resultFile = join(resultFolder, 'results.json');
const failedChecks = [];

// Formatting takes one core as long as the others take another; files that have not changed since are not looked at.
await Promise.all([
  check('formatting', 'prettier/bin/prettier.cjs', ['--check', '--cache', '--log-level', 'warn', '.']),
  inTurn([
    ['lint and import directions', 'oxlint/bin/oxlint', ['--type-aware', '--deny-warnings']],
    ['types', 'typescript/bin/tsc', ['-p', 'tsconfig.json']],
    ['types of the page', 'typescript/bin/tsc', ['-p', 'page/tsconfig.json']],
    ['unused code and dependencies', 'knip/bin/knip.js', []],
  ]),
]);
runTests([
  'run',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${resultFile}`,
  ...(await withBrowser()),
  ...args,
]);
const succeeded = summarize();
rmSync(resultFolder, { recursive: true, force: true });
process.exit(succeeded ? 0 : 1);

async function inTurn(checks) {
  for (const one of checks) await check(...one);
}

/** Runs a check, and shows what it said when it has ended: others may run beside it. */
async function check(name, script, toolArgs) {
  const startedMs = Date.now();
  const child = spawn(...toolCall(script, toolArgs), {
    cwd: root,
    env: process.stdout.isTTY ? { FORCE_COLOR: '1', ...env } : env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => said.push(chunk));
  const [status] = await once(child, 'close');
  process.stdout.write(`\n── ${name}\n${Buffer.concat(said).toString()}`);
  conclude(name, status, startedMs);
}

function runTests(vitestArgs) {
  const startedMs = Date.now();
  process.stdout.write('\n── tests\n');
  const { status } = spawnSync(...toolCall('vitest/vitest.mjs', vitestArgs), {
    cwd: root,
    env,
    stdio: 'inherit',
  });
  conclude('tests', status, startedMs);
}

function toolCall(script, toolArgs) {
  return [process.execPath, [toolPath(script), ...toolArgs]];
}

function conclude(name, status, startedMs) {
  const seconds = ((Date.now() - startedMs) / 1000).toFixed(1);
  process.stdout.write(`── ${name}: ${status === 0 ? 'passed' : 'FAILED'} in ${seconds} s\n`);
  if (status !== 0) failedChecks.push(name);
}

/**
 * Sees to it that the tests in a browser have one. @returns arguments that leave those tests out where there is none.
 */
async function withBrowser() {
  const asked = args.filter((argument) => !argument.startsWith('-'));
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
  const isLong = (test) => test.fullName.includes('in full') && env.LONG_TESTS !== '1';
  const onMnist = skipped.filter((test) => test.fullName.includes('real MNIST') && !isLong(test));
  if (onMnist.length > 0) {
    process.stdout.write(
      `${onMnist.length} tests on real MNIST were skipped: MNIST_DATA_DIR is not set and ${MNIST_BESIDE_THE_CLONE} ` +
        'does not exist.\n' +
        'Let npx inkdigit download --data-dir FOLDER fetch the data, and set MNIST_DATA_DIR=FOLDER.\n',
    );
  }
  const long = skipped.filter(isLong);
  if (long.length > 0) {
    process.stdout.write(`${long.length} long tests were left out; npm run test:long runs them too.\n`);
  }
  for (const test of skipped.filter((other) => !onMnist.includes(other) && !isLong(other))) {
    process.stdout.write(`Skipped: ${test.fullName}\n`);
  }
  process.stdout.write(
    `${results.numPassedTests} passed, ${results.numFailedTests} failed, ${skipped.length} skipped\n`,
  );
  return failedChecks.length === 0 && results.numPassedTests > 0;
}
