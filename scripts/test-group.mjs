// `npm run test:unit` and its like: one group of the tests, without the other checks of `npm test`. Arguments go to the
// test runner: `npm run test:unit -- --watch`.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { ensureChromium } from './testing/chromium.mjs';
import { ensureReady } from './setup.mjs';
import { testEnvironment, toolPath } from './testing/test-environment.mjs';
import { TEST_GROUPS, testFiles } from './testing/test-groups.mjs';

const [group, ...args] = process.argv.slice(2);
if (!TEST_GROUPS.includes(group)) {
  console.error(`Expected one of ${TEST_GROUPS.join(', ')}, got ${JSON.stringify(group)}.`);
  process.exit(2);
}

ensureReady();
const root = fileURLToPath(new URL('..', import.meta.url));
const env = testEnvironment();
if (group === 'fuzz') env.LONG_TESTS = '1';
if (group === 'e2e') env.CHROME_PATH = await ensureChromium();
const vitest = [toolPath('vitest/vitest.mjs'), 'run', ...testFiles(root, group), ...args];
const { status } = spawnSync(process.execPath, vitest, { cwd: root, env, stdio: 'inherit' });
process.exit(status ?? 1);
