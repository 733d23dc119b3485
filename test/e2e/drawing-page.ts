import type { Browser, BrowserContextOptions, Page, Request } from 'playwright-core';
import { expect } from 'vitest';
import type { Stroke } from '../../src/drawing/glyphs.js';
import { digitPaths, type DigitStyle } from '../../src/drawing/draw-digit.js';
import { takeTab } from './tabs.js';

/**
 * How far the drawn points lie apart: every so-manieth of the smooth path. The page reads as the pen moves, so that
 * each point costs as much as a test step.
 */
const POINT_STEP = 12;

/** The page in a tab, with the hands to use it and an eye on what must not happen. */
export class DrawingPage {
  readonly tab: Page;
  /** What was asked of the service. */
  readonly requests: Request[] = [];
  readonly #faults: string[] = [];

  private constructor(tab: Page, url: string) {
    this.tab = tab;
    tab.on('request', (request) => {
      const target = new URL(request.url());
      if (target.protocol === 'data:' || target.protocol === 'blob:') return;
      this.requests.push(request);
      if (target.origin !== new URL(url).origin) this.#faults.push(`a request to ${target.origin}`);
    });
    tab.on('pageerror', (error) => this.#faults.push(String(error)));
    // Chromium reports whatever the content security policy stops as an error of the console.
    tab.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') this.#faults.push(message.text());
    });
  }

  static async open(
    browser: Browser,
    url: string,
    options: BrowserContextOptions = {},
    readBy: 'device' | 'service' = 'device',
  ): Promise<DrawingPage> {
    const tab = await takeTab(browser, {
      viewport: { width: 1280, height: 800 },
      ...options,
      // As a user has chosen it before.
      ...(readBy === 'service' && { script: `localStorage.setItem('inkdigit-read-by', 'service')` }),
    });
    const page = new DrawingPage(tab, url);
    await page.tab.goto(url);
    await page.tab.locator('#model:not(:empty)').waitFor({ state: 'attached' });
    return page;
  }

  /**
   * Errors of the console, violations of the policy and requests to other hosts.
   * @param but those that a test means to cause.
   */
  faults(but = /^$/): string[] {
    return this.#faults.filter((fault) => !but.test(fault));
  }

  get classifyRequests(): Request[] {
    return this.requests.filter((request) => request.url().includes('/mnist/classify'));
  }

  get readRequests(): Request[] {
    return this.requests.filter((request) => request.url().includes('/mnist/read'));
  }

  async close(): Promise<void> {
    await this.tab.context().close();
  }

  /** Waits until what is on the paper now is read as this: a digit, "Not a digit"; "?" where nothing is on it. */
  async reads(digit: number | string): Promise<void> {
    if (digit === '?') {
      await this.tab.locator('#reading[aria-busy="false"][data-state="empty"] #welcome').waitFor();
      return;
    }
    await this.tab
      .locator('#reading[aria-busy="false"]:not([data-state="busy"]) #digit', {
        // In doubt too: "1 or 7?"
        hasText: new RegExp(`^${String(digit)}($|,? or )`),
      })
      .waitFor();
  }

  /** Waits until what is on the paper now is read as this number; lines have line feeds between them. */
  async readsNumber(text: string): Promise<void> {
    const lines = this.tab.locator('#reading[aria-busy="false"][data-state="number"] .number-line');
    await expect.poll(async () => (await lines.allTextContents()).join('\n')).toBe(text);
  }

  /** Waits for the answer to what is on the paper now, whatever it is. */
  async isRead(): Promise<string> {
    await this.tab
      .locator(
        '#reading[aria-busy="false"]:is([data-state="digit"], [data-state="number"], [data-state="none"])',
      )
      .waitFor();
    return (await this.tab.locator('#digit').textContent()) ?? '';
  }

  /** Draws with the mouse; lengths are in units of the paper, which is 280 wide and high. */
  async draw(strokes: readonly Stroke[]): Promise<void> {
    for (const stroke of strokes) {
      await this.penDown(stroke);
      await this.tab.mouse.up();
    }
  }

  /** Draws a stroke without lifting the pen. */
  async penDown(stroke: Stroke): Promise<void> {
    const [first, ...others] = await this.#onScreen(stroke);
    if (!first) return;
    await this.tab.mouse.move(...first);
    await this.tab.mouse.down();
    for (const point of others) await this.tab.mouse.move(...point);
  }

  drawDigit(digit: number, style: DigitStyle = {}): Promise<void> {
    return this.draw(strokesOf(digit, style));
  }

  /** Draws the digits of a number beside each other. */
  drawNumber(text: string, digitSize: number, style: DigitStyle = {}): Promise<void> {
    return this.draw(strokesOfNumber(text, digitSize, style));
  }

  /** Draws with a finger. */
  async touch(strokes: readonly Stroke[]): Promise<void> {
    const session = await this.tab.context().newCDPSession(this.tab);
    for (const stroke of strokes) {
      const points = await this.#onScreen(stroke);
      for (const [i, [x, y]] of points.entries()) {
        const type = i === 0 ? 'touchStart' : 'touchMove';
        await session.send('Input.dispatchTouchEvent', { type, touchPoints: [{ x, y }] });
      }
      await session.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
    }
  }

  async #onScreen(stroke: Stroke): Promise<[x: number, y: number][]> {
    await this.tab.locator('#paper').scrollIntoViewIfNeeded();
    const box = await this.tab.locator('#paper').boundingBox();
    if (!box) throw new Error('the paper is not to be seen');
    return stroke.map(([x, y]) => [box.x + (x / 280) * box.width, box.y + (y / 280) * box.height]);
  }

  /** Gives files to the page as a paste or a drop would: with an event that carries them. */
  async bring(how: 'paste' | 'drop', files: readonly { name: string; bytes: Buffer }[]): Promise<void> {
    const given = files.map(({ name, bytes }) => ({ name, base64: bytes.toString('base64') }));
    await this.tab.evaluate(`(() => {
      const data = new DataTransfer();
      for (const { name, base64 } of ${JSON.stringify(given)}) {
        const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
        data.items.add(new File([bytes], name, { type: 'image/png' }));
      }
      const options = { bubbles: true, cancelable: true };
      document.body.dispatchEvent(
        '${how}' === 'paste'
          ? new ClipboardEvent('paste', { ...options, clipboardData: data })
          : new DragEvent('drop', { ...options, dataTransfer: data }),
      );
    })()`);
  }

  /** Whether anything sticks out to the side. */
  async overflows(): Promise<boolean> {
    return this.tab.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth');
  }
}

/** The pen's ways for the digits of a number, in the middle of a paper of 280 x 280. */
export function strokesOfNumber(text: string, digitSize: number, style: DigitStyle = {}): readonly Stroke[] {
  const step = Math.min(0.85 * digitSize, 270 / text.length);
  return text
    .split('')
    .flatMap((digit, place) =>
      strokesOf(Number(digit), { digitSize, shiftX: (place - (text.length - 1) / 2) * step, ...style }),
    );
}

/** The pen's ways for a digit on a paper of 280 x 280. */
export function strokesOf(digit: number, style: DigitStyle = {}): readonly Stroke[] {
  return digitPaths(digit, { width: 280, height: 280, ...style }).map((stroke) =>
    stroke.filter((_, i) => i % POINT_STEP === 0 || i === stroke.length - 1),
  );
}
