import { describe, expect, it } from 'vitest';
import { setStage } from './stage.js';
import { takeTab } from './tabs.js';

/** Script and style of the first load, as they come over the wire. */
const BUDGET_BYTES = 30_000;

const stage = setStage();

/** Bytes of a file, as a browser gets them. */
async function bytesOf(address: string): Promise<number> {
  const answer = await fetch(address, { headers: { 'accept-encoding': 'br' } });
  expect(answer.headers.get('content-encoding'), address).toBe('br');
  return Number(answer.headers.get('content-length'));
}

describe('the first load of the page', () => {
  it('is small: nothing of models, of other languages, of what is done with answers', async () => {
    const page = await takeTab(stage.browser, { locale: 'en-US' });
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.goto(stage.service.url);
    await page.locator('#model:not(:empty)').waitFor({ state: 'attached' });
    const paths = [...new Set(asked.map((address) => new URL(address).pathname))];
    expect(paths.toSorted()).toEqual(
      ['/', '/chunk.js', '/icon.svg', '/model', '/page.js', '/sample.jpg', '/style.css'].toSorted(),
    );
    const loaded = new Set(asked.filter((address) => /\.(js|css)$/.test(address)));
    const sizes = await Promise.all([...loaded].map(bytesOf));
    expect(sizes.reduce((sum, bytes) => sum + bytes, 0)).toBeLessThan(BUDGET_BYTES);
    await page.close();
  });

  it('is shown whole before its program has come', async () => {
    const page = await takeTab(stage.browser, { locale: 'en-US' });
    let arrive = (): void => {};
    const arrived = new Promise<void>((resolve) => (arrive = resolve));
    await page.route('**/*.js', async (route) => {
      await arrived;
      await route.continue();
    });
    await page.goto(stage.service.url, { waitUntil: 'commit' });
    await page.getByText('Write any digit. It is read while you write.').waitFor();
    const isPainted = "performance.getEntriesByName('first-contentful-paint').length > 0";
    await page.waitForFunction(isPainted);
    expect(await page.locator('#samples li').count()).toBe(0);
    arrive();
    await page.locator('#samples li').nth(3).waitFor();
    await page.close();
  });
});
