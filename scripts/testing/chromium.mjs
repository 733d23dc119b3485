// Finds Chromium for the tests in a browser, and installs it where that is allowed.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where Chromium and its relatives are, beyond what is on the PATH. */
const USUAL_PLACES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];
const USUAL_NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];

/** The path of a Chromium that is installed; CHROME_PATH goes before all others. */
export async function findChromium() {
  if (process.env.CHROME_PATH) return process.env.CHROME_PATH;
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const named = USUAL_NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [...named, ...USUAL_PLACES, await playwrightPath()].find((path) => existsSync(path));
}

/**
 * The path of a Chromium, installed first where there is none: as a package of Debian where this runs as root, else
 * as Playwright's own.
 * @throws one line that says how to get one.
 */
export async function ensureChromium() {
  const found = await findChromium();
  if (found) {
    if (existsSync(found)) return found;
    throw new Error(`CHROME_PATH names ${found}, which does not exist; let it name a Chromium, or unset it.`);
  }
  const isDebianRoot = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
  if (isDebianRoot && run('apt-get', ['update']) && run('apt-get', ['install', '-y', 'chromium'])) {
    const installed = await findChromium();
    if (installed) return installed;
  }
  const playwright = fileURLToPath(new URL('../../node_modules/playwright-core/cli.js', import.meta.url));
  run(process.execPath, [playwright, 'install', 'chromium']);
  const installed = await findChromium();
  if (installed) return installed;
  throw new Error(
    'The tests in a browser need Chromium and it could not be installed: apt-get install chromium (as root), ' +
      'or npx playwright-core install chromium, or set CHROME_PATH.',
  );
}

async function playwrightPath() {
  const { chromium } = await import('playwright-core');
  return chromium.executablePath();
}

function run(command, args) {
  process.stderr.write(`inkdigit: no Chromium for the tests; ${command} ${args.join(' ')} …\n`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return spawnSync(command, args, { stdio: ['ignore', 2, 2], env }).status === 0;
}
