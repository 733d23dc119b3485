import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BrowserContextOptions, Locator } from 'playwright-core';
import { afterAll, describe, expect, it } from 'vitest';
import { DrawingPage, strokesOf } from './drawing-page.js';
import { setStage } from './stage.js';

const samples = fileURLToPath(new URL('../../examples/digits', import.meta.url));

/** Where the service keeps corrections. */
const collected = mkdtempSync(join(tmpdir(), 'inkdigit-collected-'));

const stage = setStage({ serviceOptions: ['--collect', collected] });
afterAll(() => rmSync(collected, { recursive: true }));

function openPage(
  options: BrowserContextOptions = {},
  hash = '',
  readBy: 'device' | 'service' = 'device',
): Promise<DrawingPage> {
  return DrawingPage.open(
    stage.browser,
    stage.service.url + hash,
    { reducedMotion: 'reduce', ...options },
    readBy,
  );
}

const textOf = async (page: DrawingPage, selector: string): Promise<string> =>
  (await page.tab.locator(selector).textContent()) ?? '';

/** What a service says of a drawing that is no digit. */
const NO_DIGIT = {
  class: 4,
  probability: 0.3,
  probabilities: [0, 0, 0, 0, 0.3, 0, 0, 0, 0, 0],
  digit: false,
  threshold: 0.8,
  frame: 'data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=',
};

describe('faults of the page that were mended', () => {
  it('Delete and Backspace wipe the drawing on the paper alone', async () => {
    const page = await openPage();
    const { tab } = page;
    await page.drawDigit(7);
    await page.reads(7);
    for (const field of ['#pen-width', '#use summary']) {
      await tab.locator(field).focus();
      await tab.keyboard.press('Delete');
      await tab.keyboard.press('Backspace');
    }
    await tab.locator('#read-as').selectOption('length');
    await tab.locator('#read-as-count').focus();
    await tab.keyboard.press('Backspace');
    await tab.keyboard.press('Control+z');
    await page.isRead();
    expect(await tab.locator('#clear').isEnabled()).toBe(true);
    // Clear by the keyboard leaves the focus where one goes on.
    await tab.locator('#clear').focus();
    await tab.keyboard.press('Enter');
    await tab.locator('#paper:focus').waitFor();
    await page.reads('?');
  });

  it('a picture that is being read is not nothing, and a broken one shows its name', async () => {
    const page = await openPage();
    let answer = (): void => {};
    const asked = new Promise<void>((resolve) => (answer = resolve));
    await page.tab.route('**/mnist/**', async (route) => {
      await asked;
      await route.fallback();
    });
    await page.tab.locator('#file-input').setInputFiles(join(samples, '4-photo.jpg'));
    await page.tab.locator('#reading[data-state="busy"] #caption', { hasText: 'Reading' }).waitFor();
    answer();
    await page.reads(4);
    await page.tab.locator('#file-input').setInputFiles(join(samples, 'README.md'));
    await page.tab.locator('#picture-name', { hasText: 'README.md' }).waitFor();
    expect(await page.tab.locator('#picture').isHidden()).toBe(true);
  });

  it('a drawing is no digit only once the pen rests, and nothing jumps', async () => {
    const page = await openPage({}, '', 'service');
    let isDigit = true;
    await page.tab.route('**/mnist/classify*', (route) =>
      route.fulfill({ json: { responses: [{ ...NO_DIGIT, probability: 0.97, digit: isDigit }] } }),
    );
    const [stroke = []] = strokesOf(4);
    await page.draw([stroke]);
    await page.reads(4);
    const bars = await page.tab.locator('#bars').boundingBox();
    isDigit = false;
    const answered = page.tab.waitForResponse('**/mnist/classify*');
    await page.penDown(stroke.map(([x, y]) => [x, y + 20] as const));
    await answered;
    expect(await page.tab.locator('#reading').getAttribute('data-state')).toBe('digit');
    await page.tab.mouse.up();
    await page.tab.locator('#reading[data-state="none"]').waitFor();
    expect(await page.tab.locator('#bars').boundingBox()).toEqual(bars);
  });

  it.each([
    [390, 664],
    [844, 390],
    [768, 1024],
    [640, 400],
  ])('the answer is on the screen with the sheet at %d x %d', async (width, height) => {
    const page = await openPage({ viewport: { width, height } });
    await page.drawDigit(5);
    await page.reads(5);
    for (const selector of ['#paper', '#digit', '#caption', '#frame']) {
      const box = await page.tab.locator(selector).boundingBox();
      expect(box?.y, selector).toBeGreaterThanOrEqual(0);
      expect((box?.y ?? 0) + (box?.height ?? 0), selector).toBeLessThanOrEqual(height);
    }
    expect(await page.overflows()).toBe(false);
  });

  it('bars are to be seen in forced colours', async () => {
    const page = await openPage({ forcedColors: 'active' });
    await page.drawDigit(3);
    await page.reads(3);
    const shown = `(() => {
      const fill = document.querySelector('.best .bar-fill');
      const track = fill.parentElement;
      return [getComputedStyle(fill).backgroundColor !== getComputedStyle(track).backgroundColor,
        fill.getBoundingClientRect().width > track.getBoundingClientRect().width / 2];
    })()`;
    expect(await page.tab.evaluate(shown)).toEqual([true, true]);
  });

  it('the files table comes through an outage, opens rows, sorts, and gives its answers away', async () => {
    const page = await openPage();
    const { tab } = page;
    let isOut = true;
    await tab.route('**/mnist/**', (route) => (isOut ? route.abort() : route.fallback()));
    const files = ['7.png', '3.png', '4-photo.jpg'];
    await tab.locator('#file-input').setInputFiles(files.map((name) => join(samples, name)));
    await tab.locator('#files-problem').waitFor();
    // What is wrong is said once.
    expect(await textOf(page, '#files-problem-text')).toContain('The service does not answer');
    expect(await tab.locator('#file-rows').textContent()).not.toContain('does not answer');
    isOut = false;
    await tab.locator('#files-summary', { hasText: '3 of 3 read' }).waitFor();
    await tab.locator('#files-problem').waitFor({ state: 'hidden' });

    const read = (): Promise<string[]> => tab.locator('#file-rows .file-digit').allTextContents();
    expect(await read()).toEqual(['7', '3', '4']);
    const sorter = tab.getByRole('columnheader', { name: 'Read' }).getByRole('button');
    await sorter.click();
    expect(await read()).toEqual(['3', '4', '7']);
    await sorter.click();
    expect(await read()).toEqual(['7', '4', '3']);
    expect(await tab.locator('th[aria-sort]').getAttribute('aria-sort')).toBe('descending');
    expect(await saved(page, tab.locator('#files-csv'))).toMatch(
      /^file,read,probability,error\r\n7\.png,7,0\.9/,
    );
    const json = JSON.parse(await saved(page, tab.locator('#files-json'))) as { file: string }[];
    expect(json.map(({ file }) => file)).toEqual(['7.png', '4-photo.jpg', '3.png']);

    await tab.getByRole('button', { name: 'Show 3.png on the paper' }).click();
    await page.reads(3);
    expect(await tab.locator('#picture').isVisible()).toBe(true);
  });
});

/** What the browser saves when a button is pressed. */
async function saved(page: DrawingPage, button: Locator): Promise<string> {
  const download = page.tab.waitForEvent('download');
  await button.click();
  return readFileSync(await (await download).path(), 'utf8');
}

describe('the page welcomes', () => {
  it('with samples that are read, and keeps the last drawings', async () => {
    const page = await openPage();
    const { tab } = page;
    const sample = (name: string): Locator => tab.getByRole('button', { name, exact: true });
    await sample('A digit').click();
    expect(await page.isRead()).toMatch(/^\d/);
    await tab.locator('#clear').click();
    await sample('A letter').click();
    await page.reads('Not a digit');
    await tab.locator('#clear').click();
    await sample('A number').click();
    await tab.locator('#reading[data-state="number"]').waitFor();
    await tab.locator('#clear').click();
    await sample('A photo').click();
    await page.reads(4);
    await tab.locator('#clear').click();
    await tab.locator('#strip button').nth(2).waitFor();
    expect(await tab.locator('#strip button').count()).toBe(3);
    await tab.locator('#strip button').nth(1).click();
    await page.reads('Not a digit');
    expect(page.faults()).toEqual([]);
  });

  it('with a challenge that is won when it errs', async () => {
    const page = await openPage();
    const { tab } = page;
    await tab.getByRole('button', { name: 'Try to fool it' }).click();
    const digit = Number(await textOf(page, '#challenge-digit'));
    await page.drawDigit((digit + 3) % 10);
    await tab.locator('#challenge[data-outcome="fooled"]').waitFor();
    expect(await textOf(page, '#challenge-score')).toBe('Fooled 1 of 1 times');
    await tab.getByRole('button', { name: 'Another digit' }).click();
    await page.reads('?');
    expect(Number(await textOf(page, '#challenge-digit'))).not.toBe(digit);
    await tab.getByRole('button', { name: 'Enough' }).click();
    expect(await tab.locator('#challenge').isHidden()).toBe(true);
  });

  it('who comes by a link that carries a drawing', async () => {
    const page = await openPage();
    await page.tab.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.drawDigit(6);
    await page.reads(6);
    await page.tab.locator('#copy-link').click();
    await page.tab.locator('#copy-link', { hasText: 'copied' }).waitFor();
    const link = String(await page.tab.evaluate('navigator.clipboard.readText()'));
    const other = await openPage({}, new URL(link).hash);
    await other.reads(6);
    expect(other.faults()).toEqual([]);
    const card = await saved(other, other.tab.locator('#save-card'));
    expect(card).toMatch(/^.PNG/);
  });

  it.each([
    ['de-DE', 'de', 'Leeren', 'zu \\d+,\\d\\s% sicher'],
    ['es-MX', 'es', 'Borrar', '\\d+\\.\\d% de seguridad|\\d+,\\d\\s% de seguridad'],
    ['fr-FR', 'fr', 'Effacer', 'sûr à \\d+,\\d'],
  ])('in the language of the browser: %s', async (locale, language, clear, sure) => {
    const page = await openPage({ locale });
    await page.tab.locator(`html[lang="${language}"]`).waitFor();
    expect((await textOf(page, '#clear')).trim()).toBe(clear);
    await page.drawDigit(2);
    await page.reads(2);
    expect(await textOf(page, '#caption')).toMatch(new RegExp(sure));
    expect(await page.overflows()).toBe(false);
    await page.tab.locator('#language').selectOption('en');
    await page.tab.locator('#caption', { hasText: /^\d+\.\d% sure$/ }).waitFor();
    expect(page.faults()).toEqual([]);
  });

  it('who reads from right to left too', async () => {
    const page = await openPage({ viewport: { width: 1280, height: 800 } });
    await page.tab.evaluate("document.documentElement.dir = 'rtl'");
    await page.drawDigit(3);
    await page.reads(3);
    const paper = await page.tab.locator('#paper').boundingBox();
    const answer = await page.tab.locator('#answer').boundingBox();
    expect(paper?.x).toBeGreaterThan((answer?.x ?? 0) + (answer?.width ?? 0));
    expect(await page.overflows()).toBe(false);
  });
});

describe('the page says why, and learns', () => {
  it('shows the ink for and against, what is read without each stroke, and what layers see', async () => {
    const page = await openPage();
    const { tab } = page;
    await page.drawDigit(4);
    await page.reads(4);
    await tab.locator('#heat:not([hidden])').waitFor();
    const colours = `(() => {
      const canvas = document.querySelector('#heat');
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      let warm = 0;
      for (let i = 0; i < data.length; i += 4) if (data[i + 3] > 60 && data[i] > data[i + 2]) warm += 1;
      return warm;
    })()`;
    expect(await tab.evaluate(colours)).toBeGreaterThan(100);
    expect(await textOf(page, '#why-for')).toBe('ink for the 4');
    await tab.locator('#why-strokes li').nth(1).waitFor();
    expect(await tab.locator('#why-strokes li').allTextContents()).toEqual([
      expect.stringMatching(/^Without stroke 1: ./),
      expect.stringMatching(/^Without stroke 2: ./),
    ]);
    await tab.getByText('What each layer sees').click();
    await tab.locator('#layer-maps li').nth(4).waitFor();
    await tab.getByLabel('Why?').uncheck();
    expect(await tab.locator('#heat').isHidden()).toBe(true);
    await tab.locator('#clear').click();
    await page.reads('?');
    expect(page.faults()).toEqual([]);
  });

  it('keeps a correction, gives all of them away as a folder, and sends them where they are collected', async () => {
    const page = await openPage();
    const { tab } = page;
    await page.drawDigit(7);
    await page.reads(7);
    expect(existsSync(join(collected, '7'))).toBe(false);
    await tab.getByRole('button', { name: 'It is 1', exact: true }).click();
    await tab.locator('#correct-said', { hasText: 'as 1, and sent to this service' }).waitFor();
    expect(readdirSync(join(collected, '1'))).toHaveLength(1);
    await tab.getByText('Your corrections: 1').click();
    const archive = await saved(page, tab.locator('#corrections-save'));
    expect(archive).toMatch(/corrections\/1\/[0-9a-f]{16}\.png/);
    // They outlast the page.
    await tab.reload();
    await page.drawDigit(7);
    await tab.getByText('Your corrections: 1').click();
    await tab.locator('#corrections-clear').click();
    await tab.locator('#corrections').waitFor({ state: 'hidden' });
    expect(page.faults()).toEqual([]);
  });
});
