/**
 * Takes the picture of the page that the README shows: `npx tsx scripts/picture-page.ts`. It starts the service of this
 * clone, draws a digit in Chromium, and writes `docs/images/page.webp`.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import sharp from 'sharp';
import { DrawingPage } from '../test/e2e/drawing-page.js';
import { startShippedService } from '../test/e2e/service.js';
import { ensureChromium } from './chromium.mjs';

const FILE = fileURLToPath(new URL('../docs/images/page.webp', import.meta.url));

/** Digit that is drawn: one whose probabilities say something. */
const DIGIT = 5;

const VIEWPORT = { width: 1000, height: 640 };

/** The picture ends above what is folded away. */
const HEIGHT = 604;

const executablePath = await ensureChromium();
const service = await startShippedService();
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'], timeout: 120_000 });
try {
  const page = await DrawingPage.open(browser, service.url, {
    viewport: VIEWPORT,
    deviceScaleFactor: 1.5,
    colorScheme: 'light',
  });
  await page.drawDigit(DIGIT);
  await page.reads(DIGIT);
  await page.tab.mouse.move(0, 0);
  const shot = await page.tab.screenshot({
    animations: 'disabled',
    clip: { x: 0, y: 0, width: VIEWPORT.width, height: HEIGHT },
  });
  const picture = await sharp(shot).webp({ quality: 80, effort: 6 }).toBuffer();
  mkdirSync(dirname(FILE), { recursive: true });
  writeFileSync(FILE, picture);
  console.log(`${FILE}: ${picture.length} bytes`);
} finally {
  await browser.close();
  await service.stop();
}
