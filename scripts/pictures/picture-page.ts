/**
 * Takes the pictures of the page that the documentation shows: `npx tsx scripts/pictures/picture-page.ts`. It starts
 * the service of this clone, draws a digit in Chromium, opens a picture of a number, and writes
 * `docs/images/page.webp` and `docs/images/number.webp`.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import sharp from 'sharp';
import { DrawingPage } from '../../test/e2e/drawing-page.js';
import { startShippedService } from '../../test/e2e/service.js';
import { COMB, formComb } from '../../test/e2e/written-pictures.js';
import { ensureChromium } from '../testing/chromium.mjs';

const FOLDER = fileURLToPath(new URL('../../docs/images/', import.meta.url));

/** Digit that is drawn: one whose probabilities say something. */
const DIGIT = 5;

const VIEWPORT = { width: 1080, height: 640 };

/** The picture of a digit ends above what is folded away, that of a number below its probabilities. */
const DIGIT_HEIGHT = 618;
const BELOW_BARS = 20;

const executablePath = await ensureChromium();
const service = await startShippedService();
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'], timeout: 120_000 });

async function open(): Promise<DrawingPage> {
  return DrawingPage.open(browser, service.url, {
    viewport: VIEWPORT,
    deviceScaleFactor: 1.5,
    colorScheme: 'light',
  });
}

/** @param height in pixels of the page */
async function shoot({ tab }: DrawingPage, name: string, height: number): Promise<void> {
  await tab.mouse.move(0, 0);
  const shot = await tab.screenshot({
    animations: 'disabled',
    fullPage: true,
    clip: { x: 0, y: 0, width: VIEWPORT.width, height },
  });
  const picture = await sharp(shot).webp({ quality: 80, effort: 6 }).toBuffer();
  writeFileSync(FOLDER + name, picture);
  console.log(`${FOLDER}${name}: ${picture.length} bytes`);
}

try {
  mkdirSync(FOLDER, { recursive: true });
  const page = await open();
  await page.drawDigit(DIGIT);
  await page.reads(DIGIT);
  // Why comes after the answer.
  await page.tab.locator('#heat:not([hidden])').waitFor();
  await shoot(page, 'page.webp', DIGIT_HEIGHT);

  const numbers = await open();
  await numbers.tab.locator('#read-as').selectOption('cells');
  await numbers.bring('paste', [{ name: 'form.png', bytes: await formComb() }]);
  // `readsNumber` asserts, which only tests can.
  await numbers.tab.locator('#reading[aria-busy="false"] .number-line', { hasText: COMB }).waitFor();
  const bars = await numbers.tab.locator('#bars').boundingBox();
  await shoot(numbers, 'number.webp', Math.round((bars?.y ?? 0) + (bars?.height ?? 0) + BELOW_BARS));
} finally {
  await browser.close();
  await service.stop();
}
