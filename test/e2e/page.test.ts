import { execFile } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import sharp from 'sharp';
import type { BrowserContextOptions } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { DrawingPage, strokesOf } from './drawing-page.js';
import { startShippedService } from './service.js';
import { PHONE, setStage, takePicture, violationsOf } from './stage.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const samples = join(root, 'examples', 'digits');
const sample = (name: string): { name: string; bytes: Buffer } => ({
  name,
  bytes: readFileSync(join(samples, name)),
});

const PICTURED_WIDTHS: ReadonlySet<number> = new Set([390, 1280]);

const stage = setStage({
  browserArgs: ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'],
});

/** @param readBy the service, unless a test is about reading in the browser */
function openPage(
  options: BrowserContextOptions = {},
  readBy: 'device' | 'service' = 'service',
): Promise<DrawingPage> {
  return DrawingPage.open(stage.browser, stage.service.url, options, readBy);
}

// A machine under load may take its time; nothing here waits for a time to pass.
describe('the page in a browser', () => {
  it('reads each of the ten digits, drawn with the mouse, and asks the service for nothing but models', async () => {
    const page = await openPage({}, 'device');
    for (let digit = 0; digit < 10; digit++) {
      await page.drawDigit(digit);
      await page.reads(digit);
      await page.tab.keyboard.press('Delete');
      await page.reads('?');
    }
    expect(page.faults()).toEqual([]);
    expect(await page.tab.locator('#source').textContent()).toBe('Read on this device');
    const asked = page.requests.map((request) => new URL(request.url()).pathname);
    expect(asked.filter((path) => /mnist\/|\/v[12]\//.test(path))).toEqual([]);
    expect(asked.filter((path) => path.startsWith('/models/'))).toEqual([
      '/models/finder.int8.onnx',
      '/models/reader.int8.onnx',
    ]);
  });

  it('has the service read when it is told to, says who read, and remembers it', async () => {
    const page = await openPage({}, 'device');
    await page.drawDigit(6);
    await page.reads(6);
    expect(page.classifyRequests).toHaveLength(0);
    await page.tab.locator('#read-by').selectOption('service');
    await expect.poll(() => page.tab.locator('#source').textContent()).toBe('Read by the service');
    await expect.poll(() => page.classifyRequests.length).toBeGreaterThan(0);
    await page.reads(6);
    expect(await page.tab.locator('#privacy').textContent()).toMatch(/go to this service/);
    await page.tab.reload();
    expect(await page.tab.locator('#read-by').inputValue()).toBe('service');
    expect(page.faults()).toEqual([]);
  });

  it('leaves the answer to a service with another model than the page has', async () => {
    const page = await openPage({}, 'device');
    await page.tab.route('**/model', async (route) => {
      const response = await route.fetch();
      const card = await response.json();
      await route.fulfill({ json: { ...card, file: { ...card.file, sha256: '0'.repeat(64) } } });
    });
    await page.tab.reload();
    await page.drawDigit(2);
    await page.reads(2);
    expect(await page.tab.locator('#source').textContent()).toBe('Read by the service');
    expect(await page.tab.locator('#read-by-device').isDisabled()).toBe(true);
    expect(page.classifyRequests.length).toBeGreaterThan(0);
  });

  it('reads a digit that is small and in a corner', async () => {
    const page = await openPage();
    for (const [digit, shift] of [
      [3, -90],
      [5, 90],
    ] as const) {
      await page.drawDigit(digit, { digitSize: 70, penWidth: 12, shiftX: shift, shiftY: shift });
      await page.reads(digit);
      await page.tab.locator('#clear').click();
    }
  });

  it('answers while the pen is still down, and keeps drawing outside of the paper', async () => {
    const page = await openPage();
    const [stroke = []] = strokesOf(7);
    await page.penDown(stroke);
    await page.reads(7);
    await page.tab.mouse.move(1270, 790);
    await page.tab.mouse.up();
    await page.tab.mouse.move(640, 20);
    await page.isRead();
    expect(await page.tab.locator('#undo').isEnabled()).toBe(true);
    await page.tab.keyboard.press('Control+z');
    await page.reads('?');
    expect(await page.tab.locator('#undo').isEnabled()).toBe(false);
    expect(page.faults()).toEqual([]);
  });

  it('gives no answer to an empty paper, and asks nothing', async () => {
    const page = await openPage();
    await page.reads('?');
    expect(await page.tab.locator('#clear').isDisabled()).toBe(true);
    expect(page.classifyRequests).toHaveLength(0);
    await page.drawDigit(4);
    await page.reads(4);
    const asked = page.classifyRequests.length;
    await page.tab.locator('#clear').click();
    await page.reads('?');
    expect(await page.tab.locator('#frame').isHidden()).toBe(true);
    expect(page.classifyRequests).toHaveLength(asked);
  });

  it('undoes and redoes strokes and clearing, by buttons and by keys', async () => {
    const page = await openPage();
    const { tab } = page;
    const [body = [], bar = []] = strokesOf(7, { variant: 1 });
    await page.draw([body]);
    await page.reads(7);
    await page.draw([bar]);
    await tab.locator('#undo').click();
    await page.reads(7);
    await tab.keyboard.press('Control+Shift+Z');
    expect(await tab.locator('#redo').isDisabled()).toBe(true);
    await tab.locator('#clear').click();
    await page.reads('?');
    await tab.locator('#undo').click();
    await page.reads(7);
    await tab.keyboard.press('Control+z');
    await tab.keyboard.press('Control+z');
    await page.reads('?');
    await tab.keyboard.press('Control+y');
    await page.reads(7);
    expect(page.faults()).toEqual([]);
  });

  it(
    'shows the eleven bars, the frame as the model got it, the round trip and a command that gives the ' +
      'same',
    async () => {
      const page = await openPage();
      const { tab } = page;
      await page.drawDigit(5);
      await page.reads(5);
      const bars = await tab.locator('#bars li').allTextContents();
      expect(bars).toHaveLength(11);
      expect(bars[5]).toMatch(/^5(\d\d\.\d|100)%$/);
      const sum = bars.reduce(
        (total, bar) => total + 10 * Number.parseFloat(bar.replace(/^(\d|none)/, '')),
        0,
      );
      expect(Math.round(sum)).toBe(1000);
      expect(await tab.locator('#bars .best').textContent()).toBe(bars[5]);
      expect(await tab.locator('#round-trip').textContent()).toMatch(/^\d+ ms$/);
      // Of a frame made by rules, or of the view that a reader of pictures got.
      expect([28, 64]).toContain(await tab.evaluate("document.querySelector('#frame').naturalWidth"));

      await tab.getByText('Use the API').click();
      const command = (await tab.locator('#curl').textContent()) ?? '';
      const { stdout } = await promisify(execFile)('bash', ['-c', `${command} --silent`]);
      const answered: { responses: { class: number }[] } = JSON.parse(stdout);
      expect(answered.responses[0]?.class).toBe(5);

      await tab.context().grantPermissions(['clipboard-read', 'clipboard-write']);
      await tab.locator('#copy').click();
      await tab.locator('#copy', { hasText: 'Copied' }).waitFor();
      expect(await tab.evaluate('navigator.clipboard.readText()')).toBe(command);
      expect(page.faults()).toEqual([]);
    },
  );

  it('makes the pen wider by the slider and by keys', async () => {
    const page = await openPage();
    const width = page.tab.locator('#pen-width');
    expect(await width.inputValue()).toBe('22');
    await page.tab.locator('#paper').focus();
    await page.tab.keyboard.press('+');
    expect(await width.inputValue()).toBe('24');
    await width.focus();
    await page.tab.keyboard.press('Home');
    expect(await width.inputValue()).toBe('8');
  });

  it('works by the keyboard alone, with a focus to be seen', async () => {
    const page = await openPage();
    const { keyboard } = page.tab;
    // Behind the two links of the page's head.
    for (let stop = 0; stop < 3; stop++) await keyboard.press('Tab');
    await page.tab.locator('#paper:focus-visible').waitFor();
    const outline = "getComputedStyle(document.querySelector('#sheet')).outlineStyle";
    expect(await page.tab.evaluate(outline)).toBe('solid');
    expect(await page.tab.locator('#nib').isVisible()).toBe(true);
    await keyboard.press('Space');
    await page.tab.locator('#announcer', { hasText: 'Pen down' }).waitFor({ state: 'attached' });
    // A little bent, as a hand writes it: a straight line is a printed one.
    for (let i = 0; i < 14; i++) await keyboard.press(i === 7 ? 'ArrowLeft' : 'ArrowDown');
    await keyboard.press('Space');
    await page.reads(1);
    await page.tab.locator('#announcer', { hasText: /^1, / }).waitFor({ state: 'attached' });
    await keyboard.press('Tab');
    await keyboard.press('Enter'); // Undo has the focus
    await page.reads('?');
    expect(page.faults()).toEqual([]);
  });

  it.each(['paste', 'drop'] as const)(
    'reads a picture that comes by %s, and drawing puts it away',
    async (how) => {
      const page = await openPage();
      await page.bring(how, [sample('3.png')]);
      await page.reads(3);
      expect(await page.tab.locator('#picture').isVisible()).toBe(true);
      const command = page.tab.locator('#curl', { hasText: "--data-binary '@3.png'" });
      await command.waitFor({ state: 'attached' });
      await page.drawDigit(8);
      await page.reads(8);
      expect(await page.tab.locator('#picture').isHidden()).toBe(true);
      expect(page.faults()).toEqual([]);
    },
  );

  it('reads a chosen file, and says in words why another cannot be read', async () => {
    const page = await openPage();
    const choose = async (path: string): Promise<void> => {
      const chooser = page.tab.waitForEvent('filechooser');
      await page.tab.locator('#open-files').click();
      await (await chooser).setFiles(path);
    };
    await choose(join(samples, '4-photo.jpg'));
    await page.reads(4);
    await choose(join(samples, 'README.md'));
    await page.tab.locator('#problem-title', { hasText: 'This picture cannot be read' }).waitFor();
    expect(await page.tab.locator('#problem-advice').textContent()).toMatch(
      /Expected a PNG.*Try another file\.$/,
    );
    await page.tab.locator('#clear').click();
    expect(await page.tab.locator('#problem').isHidden()).toBe(true);
    expect(page.faults(/400 \(Bad Request\)/)).toEqual([]);
  });

  it('makes a table of many files, with what is wrong with each that cannot be read', async () => {
    const page = await openPage();
    const { tab } = page;
    const names = readdirSync(samples).filter((name) => !name.endsWith('5-wide.png'));
    await tab.locator('#file-input').setInputFiles(names.map((name) => join(samples, name)));
    await tab.locator('#files[aria-busy="false"]').waitFor();
    const rows = await tab.locator('#file-rows tr').all();
    expect(rows).toHaveLength(names.length);
    for (const [i, row] of rows.entries()) {
      const name = names[i] ?? '';
      expect(await row.locator('th').textContent()).toBe(name);
      if (name.endsWith('.md'))
        expect(await row.locator('.file-note').textContent()).toContain('Expected a PNG');
      else expect(await row.locator('.file-digit').textContent()).toBe(name[0]);
    }
    const summary = await tab.locator('#files-summary').textContent();
    expect(summary).toBe(`${names.length - 1} of ${names.length} read; 1 not readable`);
    await takePicture(tab, 'files-1280', { fullPage: true });
    await tab.locator('#files-clear').click();
    expect(await tab.locator('#files').isHidden()).toBe(true);
    expect(page.faults(/400 \(Bad Request\)/)).toEqual([]);
  });

  it('takes a picture with the camera', async () => {
    const page = await openPage({ permissions: ['camera'] });
    await page.tab.locator('#open-camera').click();
    await page.tab.locator('#camera-shoot:enabled').click();
    await page.isRead();
    expect(await page.tab.locator('#picture').isVisible()).toBe(true);
    expect(page.faults()).toEqual([]);
  });

  it('shows non-digits as such, and a numeral that is clear of the words below', async () => {
    const page = await openPage();
    // An A: two legs and a bar.
    await page.draw([
      [
        [70, 220],
        [140, 60],
        [210, 220],
      ],
      [
        [100, 160],
        [180, 160],
      ],
    ]);
    await page.reads('Not a digit');
    expect(await page.tab.locator('#caption').textContent()).toMatch(
      /^(Closest: \d, with \d|No digit is close)/,
    );
    expect(await page.tab.locator('#bars .best').textContent()).toMatch(/^none\d/);
    await takePicture(page.tab, 'not-a-digit');

    await page.tab.locator('#clear').click();
    await page.drawDigit(4);
    await page.reads(4);
    const { data, info } = await sharp(await page.tab.locator('#caption').screenshot())
      .raw()
      .toBuffer({ resolveWithObject: true });
    // The numeral is red, the words are not.
    const red = Array.from({ length: info.width * info.height }, (_, pixel) => pixel * info.channels).filter(
      (i) => data[i]! > data[i + 1]! + 80,
    );
    expect(red).toEqual([]);
  });

  it('says that the service is overloaded and for how long it waits, and asks at once when told to', async () => {
    const page = await openPage();
    let refusals = 0;
    await page.tab.route('**/mnist/classify*', async (route) => {
      refusals += 1;
      if (refusals > 1) return route.fallback();
      const json = { message: 'holding too much', code: 'overloaded', errors: [] };
      return route.fulfill({ status: 503, headers: { 'retry-after': '600' }, json });
    });
    await page.draw([
      [
        [140, 60],
        [140, 220],
      ],
    ]);
    await page.tab.locator('#problem-title', { hasText: 'The service is overloaded' }).waitFor();
    expect(await page.tab.locator('#problem-advice').textContent()).toContain('again in 600 seconds');
    await takePicture(page.tab, 'overloaded');
    await page.tab.locator('#retry').click();
    await page.reads(1);
    expect(await page.tab.locator('#problem').isHidden()).toBe(true);
    expect(page.faults(/503/)).toEqual([]);
  });

  it('says that the service requires a key, takes one, and keeps it nowhere but in memory', async () => {
    const page = await openPage();
    const { tab } = page;
    await tab.route('**/mnist/classify*', async (route) => {
      if (route.request().headers()['authorization'] === 'Bearer the-right-key') return route.fallback();
      const json = { message: 'requires an API key', code: 'unauthorized', errors: [] };
      return route.fulfill({ status: 401, json });
    });
    expect(await tab.locator('#key-form').isHidden()).toBe(true);
    await page.drawDigit(1);
    await tab.locator('#problem-title', { hasText: 'This service requires an API key' }).waitFor();
    await takePicture(tab, 'key');
    await tab.getByLabel('API key').fill('a-wrong-key');
    const refused = tab.waitForResponse((response) => response.status() === 401);
    await tab.getByRole('button', { name: 'Use it' }).click();
    await refused;
    await tab.locator('#key-form').waitFor({ state: 'visible' });
    await tab.getByLabel('API key').fill('the-right-key');
    await tab.keyboard.press('Enter');
    await page.reads(1);
    expect(await tab.locator('#problem').isHidden()).toBe(true);
    await tab.locator('#curl', { hasText: 'Bearer $INKDIGIT_API_KEY' }).waitFor({ state: 'attached' });
    expect(await tab.content()).not.toContain('the-right-key');
    const kept = await tab.evaluate('JSON.stringify([localStorage, sessionStorage, document.cookie])');
    expect(kept).not.toContain('the-right-key');
    expect(page.faults(/401/)).toEqual([]);
  });

  it('reads what a finger draws on a phone, and nothing sticks out', async () => {
    const page = await openPage(PHONE);
    await page.touch(strokesOf(2));
    await page.reads(2);
    expect(await page.overflows()).toBe(false);
    const digit = await page.tab.locator('#digit').boundingBox();
    expect((digit?.y ?? 0) + (digit?.height ?? 0)).toBeLessThan(844);
    expect(page.faults()).toEqual([]);
  });

  it('fits into any width from 320 to 1920 pixels, light and dark', async () => {
    const page = await openPage();
    const { tab } = page;
    await page.drawDigit(3);
    await page.reads(3);
    await tab.getByText('Use the API').click();
    for (const width of [320, 390, 640, 1280, 1920]) {
      await tab.setViewportSize({ width, height: Math.max(640, Math.round(width * 0.5625)) });
      for (const colorScheme of ['light', 'dark'] as const) {
        await tab.emulateMedia({ colorScheme });
        expect(await page.overflows(), `${width} pixels, ${colorScheme}`).toBe(false);
        if (!PICTURED_WIDTHS.has(width)) continue;
        await page.isRead();
        await takePicture(tab, `page-${width}-${colorScheme}`, { fullPage: true });
      }
    }
    expect(page.faults()).toEqual([]);
  });

  it.each(['light', 'dark'] as const)('has nothing that axe finds wrong (%s)', async (colorScheme) => {
    const page = await openPage({ colorScheme, bypassCSP: true, reducedMotion: 'reduce' });
    const { tab } = page;
    // The page in the dark differs by its colours alone.
    const violations = (): Promise<string[]> => violationsOf(tab, { colorsAlone: colorScheme === 'dark' });
    expect(await violations()).toEqual([]);
    for (const summary of await tab.locator('summary:visible').all()) await summary.click();
    await tab.locator('#file-input').setInputFiles([join(samples, '1.png'), join(samples, 'README.md')]);
    await tab.locator('#files[aria-busy="false"]').waitFor();
    await page.drawDigit(9);
    await page.reads(9);
    expect(await violations()).toEqual([]);
    await tab.locator('#file-input').setInputFiles(join(samples, 'README.md'));
    await tab.locator('#problem').waitFor();
    expect(await violations()).toEqual([]);
  });

  it('says so when the service has stopped, keeps the drawing, and reads it when the service is back', async () => {
    const page = await openPage();
    await page.drawDigit(2);
    await page.reads(2);
    await stage.service.stop();
    await page.draw([
      [
        [200, 40],
        [201, 41],
      ],
    ]);
    await page.tab.locator('#problem-title', { hasText: 'The service does not answer' }).waitFor();
    expect(await page.tab.locator('#problem-advice').textContent()).toContain('npm start');
    await takePicture(page.tab, 'stopped');
    await page.tab.locator('#undo').click();
    stage.service = await startShippedService(stage.service.port);
    await page.reads(2);
    expect(await page.tab.locator('#problem').isHidden()).toBe(true);
    expect(page.faults(/ERR_CONNECTION_REFUSED/)).toEqual([]);
  });
});
