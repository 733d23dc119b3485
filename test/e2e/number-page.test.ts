import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BrowserContextOptions } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { DrawingPage, strokesOfNumber } from './drawing-page.js';
import { PHONE, setStage, takePicture, violationsOf } from './stage.js';
import { chequeLine, COMB, formComb, pageOfLines } from './written-pictures.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const samples = join(root, 'examples', 'digits');

const stage = setStage();

/** @param readBy the service, unless a test is about reading in the browser */
function openPage(
  options: BrowserContextOptions = {},
  readBy: 'device' | 'service' = 'service',
): Promise<DrawingPage> {
  return DrawingPage.open(stage.browser, stage.service.url, options, readBy);
}

async function bringNumber(page: DrawingPage, name: string, bytes: Buffer): Promise<void> {
  await page.bring('paste', [{ name, bytes }]);
  await page.tab.locator('#reading[aria-busy="false"][data-state="number"]').waitFor();
}

const textOf = async (page: DrawingPage, selector: string): Promise<string> =>
  (await page.tab.locator(selector).textContent()) ?? '';

// A machine under load may take its time; nothing here waits for a time to pass.
describe('numbers on the page', () => {
  it('reads digits that are drawn beside each other as a number, and what is left of it as a digit', async () => {
    const page = await openPage();
    await page.drawNumber('42', 150);
    await page.readsNumber('42');
    expect(await page.tab.locator('.found rect:not(.unread)').count()).toBe(2);
    expect(await textOf(page, '#number-caption')).toMatch(/sure/);
    expect(await textOf(page, '#caption')).toMatch(/^Digit [12] of 2: /);
    expect(await textOf(page, '#curl')).toContain('/mnist/read?detail=full');
    const asked = page.readRequests.length;
    await page.tab.locator('#undo').click();
    await page.reads(4);
    expect(await page.tab.locator('#number').isHidden()).toBe(true);
    expect(await textOf(page, '#curl')).toContain('/mnist/classify?detail=full');
    expect(await page.tab.locator('#frame').isVisible()).toBe(true);
    expect(page.readRequests.length).toBeLessThanOrEqual(asked + 1);
    await page.tab.locator('#redo').click();
    await page.readsNumber('42');
    await page.tab.keyboard.press('Delete');
    await page.reads('?');
    expect(page.faults()).toEqual([]);
  });

  it('asks about a drawing of one digit as ever, and not about numbers', async () => {
    const page = await openPage();
    for (const digit of [0, 1, 4, 5, 8]) {
      await page.drawDigit(digit, { variant: 1 });
      await page.reads(digit);
      await page.tab.keyboard.press('Delete');
      await page.reads('?');
    }
    expect(page.readRequests).toHaveLength(0);
  });

  it('tells of each digit by keys and by mouse', async () => {
    const page = await openPage();
    const { tab } = page;
    await bringNumber(page, 'page.png', await pageOfLines());
    const first = tab.locator('#numerals input').first();
    await first.focus();
    await tab.keyboard.press('Space');
    expect(await textOf(page, '#caption')).toMatch(/^Digit 1 of \d on line 1: /);
    await tab.keyboard.press('ArrowRight');
    expect(await textOf(page, '#caption')).toMatch(/^Digit 2 of \d on line 1: /);
    expect(await tab.locator('#numerals input:checked').getAttribute('aria-label')).toMatch(
      /^\d\. Digit 2 of \d on line 1: /,
    );
    const boxes = tab.locator('.found rect:not(.unread)');
    expect(await tab.locator('.found .chosen').count()).toBe(1);
    expect(await boxes.nth(1).getAttribute('class')).toContain('chosen');
    expect(await tab.locator('#bars .best').count()).toBe(1);
    expect(await tab.locator('#part').isVisible()).toBe(true);
    const levels = `(() => {
      const { data } = document.querySelector('#part').getContext('2d').getImageData(0, 0, 192, 192);
      return new Set(data).size;
    })()`;
    expect(await tab.evaluate(levels)).toBeGreaterThan(16);

    await boxes.nth(2).scrollIntoViewIfNeeded();
    const box = await boxes.nth(2).boundingBox();
    if (!box) throw new Error('the box is not to be seen');
    await tab.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    expect(await textOf(page, '#caption')).toMatch(/^Digit 3 of/);
    await tab.mouse.move(2, 2);
    expect(await textOf(page, '#caption')).toMatch(/^Digit 2 of/);
    await tab.locator('.numeral').first().hover();
    expect(await textOf(page, '#caption')).toMatch(/^Digit 1 of/);
    expect(page.faults()).toEqual([]);
  });

  it('says in words what is not accepted, what else it may be, and what was not read', async () => {
    const page = await openPage();
    const digit = (value: number, x: number): object => ({
      class: value,
      probability: 0.8,
      box: [x, 80, 60, 90],
      probabilities: Array.from({ length: 10 }, (_, i) => (i === value ? 0.8 : 0.01)),
    });
    await page.tab.route('**/mnist/read*', async (route) => {
      const number = {
        text: '47',
        probability: 0.4,
        accepted: false,
        digits: [digit(4, 40), digit(7, 150)],
        lines: [{ text: '47', probability: 0.4, box: [40, 80, 170, 90], digits: [0, 2] }],
        unread: [{ box: [220, 80, 40, 90], probability: 0.5 }],
        truncated: true,
        raw: '47',
        alternatives: [{ text: '41', probability: 0.08 }],
      };
      return route.fulfill({ json: { responses: [number] } });
    });
    await page.drawNumber('47', 150);
    await page.readsNumber('47');
    expect(await textOf(page, '#number-caption')).toBe('Not accepted: only 40.0% sure of all of it');
    expect(await textOf(page, '#number-others')).toBe('or 41, 8.0%');
    expect(await textOf(page, '#number-unread')).toMatch(/one more digit.*than can be read/);
    expect(await page.tab.locator('.found .unread').count()).toBe(1);
    expect(await page.tab.locator('.numeral.doubtful').count()).toBe(2);
    const said = page.tab.locator('#announcer', { hasText: /^4 7\. Not accepted: .*or 41, 8\.0%/ });
    await said.waitFor({ state: 'attached' });
  });

  it('reads as what is chosen, tells the service what is known, and remembers it', async () => {
    const page = await openPage();
    const { tab } = page;
    await tab.locator('#read-as').selectOption('cells');
    expect(await tab.locator('#read-as-count').inputValue()).toBe('8');
    await bringNumber(page, 'comb.png', await formComb());
    await page.readsNumber(COMB);
    expect(await textOf(page, '#curl')).toContain('/mnist/read?detail=full&cells=8');
    expect(page.classifyRequests).toHaveLength(0);
    await tab.locator('#read-as-count').fill('8x');
    expect(await tab.locator('#read-as-count').getAttribute('aria-invalid')).toBe('true');
    await tab.reload();
    expect(await tab.locator('#read-as').inputValue()).toBe('cells');
    expect(await tab.locator('#read-as-count').inputValue()).toBe('8');
    await tab.locator('#read-as').selectOption('digit');
    expect(await tab.locator('#read-as-count').isHidden()).toBe(true);
    await page.drawNumber('42', 150);
    await page.isRead();
    expect(await tab.locator('#number').isHidden()).toBe(true);
    await tab.locator('#read-as').selectOption('auto');
    await page.readsNumber('42');
    expect(page.faults()).toEqual([]);
  });

  it('has numbers and digits in the table of many files', async () => {
    const page = await openPage();
    const { tab } = page;
    const digit = { name: '3.png', mimeType: 'image/png', buffer: readFileSync(join(samples, '3.png')) };
    const comb = { name: 'page.png', mimeType: 'image/png', buffer: await pageOfLines() };
    await tab.locator('#file-input').setInputFiles([digit, comb]);
    await tab.locator('#files[aria-busy="false"]').waitFor();
    const rows = tab.locator('#file-rows tr');
    expect(await rows.nth(0).locator('.file-digit').textContent()).toBe('3');
    expect(await rows.nth(1).locator('.file-number').textContent()).toMatch(/^\d{5}\n/);
    expect(await rows.nth(1).locator('.found rect').count()).toBeGreaterThan(20);
    expect(await page.overflows()).toBe(false);
    expect(page.faults()).toEqual([]);
  });

  it.each([
    ['cheque', chequeLine, { colorScheme: 'light' }],
    ['comb', formComb, { colorScheme: 'dark' }],
    ['lines', pageOfLines, { colorScheme: 'light' }],
    ['phone', chequeLine, { ...PHONE, colorScheme: 'dark' }],
  ] as const)('has nothing that axe finds wrong, and nothing sticks out: %s', async (name, draw, options) => {
    const page = await openPage({ ...options, bypassCSP: true, reducedMotion: 'reduce' });
    if (name === 'comb') await page.tab.locator('#read-as').selectOption('cells');
    await bringNumber(page, `${name}.png`, await draw());
    expect(await violationsOf(page.tab)).toEqual([]);
    expect(await page.overflows()).toBe(false);
    if (name === 'lines') {
      await page.tab.setViewportSize({ width: 320, height: 640 });
      expect(await page.overflows()).toBe(false);
      await page.tab.setViewportSize({ width: 1280, height: 800 });
    }
    await takePicture(page.tab, `number-${name}`, { fullPage: true });
  });

  it('reads a number that a finger draws on a phone', async () => {
    const page = await openPage(PHONE);
    await page.touch(strokesOfNumber('42', 150));
    await page.readsNumber('42');
    // Chromium takes a tap that comes at once after a stroke for a part of that gesture, and makes no click of it.
    const captionOfTapped = async (): Promise<string> => {
      await page.tab.locator('.numeral').first().tap();
      return textOf(page, '#caption');
    };
    await expect.poll(captionOfTapped, { interval: 500 }).toMatch(/^Digit 1 of 2: /);
    expect(await page.overflows()).toBe(false);
    await takePicture(page.tab, 'number-drawn-phone', { fullPage: true });
    expect(page.faults()).toEqual([]);
  });
});
