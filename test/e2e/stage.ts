import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import axe, { type AxeResults } from 'axe-core';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { findChromium } from '../../scripts/testing/chromium.mjs';
import { runsLong } from '../helpers/runner/long.js';
import { startShippedService, type ShippedService } from './service.js';
import { leaveTabs } from './tabs.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Pictures of the pages for people to look at; git ignores them. */
const PICTURE_FOLDER = join(root, 'test-output', 'page');

/** A phone whose screen is touched. */
export const PHONE: BrowserContextOptions = {
  viewport: { width: 390, height: 844 },
  deviceScaleFactor: 2,
  hasTouch: true,
  isMobile: true,
};

/** What the tests of a file share: the service with the model that ships, and a browser. */
export interface Stage {
  service: ShippedService;
  browser: Browser;
}

export interface StageSettings {
  readonly browserArgs?: readonly string[];
  readonly serviceOptions?: readonly string[];
}

/** Starts both before the tests of a file. What a test opens in the browser is emptied or closed after it. */
export function setStage({ browserArgs = [], serviceOptions = [] }: StageSettings = {}): Stage {
  const stage = {} as Stage;
  beforeAll(async () => {
    const executablePath = await findChromium();
    if (!executablePath) throw new Error('There is no Chromium; npm test sees to it, or set CHROME_PATH.');
    const args = ['--no-sandbox', ...browserArgs];
    [stage.service, stage.browser] = await Promise.all([
      startShippedService(0, serviceOptions),
      chromium.launch({ executablePath, args, timeout: 120_000 }),
    ]);
  });
  afterEach(async ({ task }) => {
    await leaveTabs(stage.browser, task.result?.state === 'pass');
  });
  afterAll(async () => {
    await stage.browser?.close();
    await stage.service?.stop();
  });
  return stage;
}

/** For `npm run test:long`, which takes pictures of what is tested: one of a whole page takes a second. */
export async function takePicture(page: Page, name: string, { fullPage = false } = {}): Promise<void> {
  if (!runsLong) return;
  mkdirSync(PICTURE_FOLDER, { recursive: true });
  await page.screenshot({ path: join(PICTURE_FOLDER, `${name}.png`), fullPage });
}

/** What axe finds wrong with a page, whose policy must not stop axe itself (`bypassCSP`). */
export async function violationsOf(page: Page, { colorsAlone = false } = {}): Promise<string[]> {
  const isThere = await page.evaluate('"axe" in window');
  if (isThere !== true) await page.evaluate(axe.source);
  const options = colorsAlone ? "{ runOnly: ['cat.color'] }" : '{}';
  const results: AxeResults = await page.evaluate(`axe.run(${options})`);
  return results.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}
