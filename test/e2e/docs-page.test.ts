import { execFile, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { BrowserContextOptions, Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { runsLong } from '../helpers/runner/long.js';
import { setStage, takePicture, violationsOf } from './stage.js';
import { takeTab } from './tabs.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

const hasRequests = spawnSync('python3', ['-c', 'import requests']).status === 0;

const stage = setStage();

/** What the page must not do: errors of its scripts, violations of its policy, requests to other hosts. */
let faults: string[] = [];

async function openPage(options: BrowserContextOptions = {}, hash = ''): Promise<Page> {
  const page = await takeTab(stage.browser, { viewport: { width: 1440, height: 900 }, ...options });
  faults = [];
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') faults.push(message.text());
  });
  page.on('request', (request) => {
    const { protocol, origin } = new URL(request.url());
    if (protocol !== 'data:' && origin !== new URL(stage.service.url).origin)
      faults.push(`a request to ${origin}`);
  });
  await page.goto(`${stage.service.url}docs${hash}`);
  await page.locator('#content[aria-busy="false"]').waitFor();
  return page;
}

/** Sends the form of an operation. @returns the line about the answer */
async function send(operation: Locator): Promise<string> {
  await operation.getByRole('button', { name: 'Send' }).click();
  await operation.locator('.answer:is([data-state="good"], [data-state="refused"])').waitFor();
  return (await operation.locator('.answer-status').textContent()) ?? '';
}

function formOf(page: Page, id: string): Locator {
  return page.locator(`#${id} form`);
}

async function codeIn(form: Locator, language: string): Promise<string> {
  await form.getByRole('radio', { name: language }).check();
  return (await form.locator('.code pre').textContent()) ?? '';
}

describe('the page of the HTTP API', () => {
  it('shows every operation, error and schema of the document', async () => {
    const page = await openPage();
    const document = (await (await fetch(`${stage.service.url}openapi.json`)).json()) as {
      paths: Record<string, Record<string, object>>;
      components: { schemas: object };
      'x-errors': object;
    };
    const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()}${path}`),
    );
    const headings = await page.locator('.operation h3').allTextContents();
    expect(headings).toHaveLength(operations.length);
    for (const [i, operation] of operations.entries())
      expect(headings.join('\n'), `${i}`).toContain(operation);
    expect(await page.locator('nav a').count()).toBe(operations.length + 2);
    expect(await page.locator('#error-rows tr').count()).toBe(Object.keys(document['x-errors']).length);
    expect(await page.locator('.schema').count()).toBe(Object.keys(document.components.schemas).length);
    expect(faults).toEqual([]);
  });

  it('sends a sample digit in each of the three forms, and shows the answer', async () => {
    const page = await openPage();
    const form = formOf(page, 'classify');
    for (const way of ['as a form', 'as JSON', 'as one bare image']) {
      await form.getByLabel('Sent').selectOption(way);
      expect(await send(form)).toMatch(/^200 OK \d+ ms, \d+ bytes$/);
      expect(await form.locator('.answer pre').textContent()).toContain('"class": 7');
      expect(await form.locator('.headers').textContent()).toContain('application/json');
    }
    await form.getByLabel('detail').selectOption('full');
    await form.getByRole('checkbox', { name: '3' }).check();
    await form.getByLabel('Sent').selectOption('as a form');
    await send(form);
    expect(await form.locator('.frames img').count()).toBe(2);
    const number = formOf(page, 'readNumbers');
    await number.getByLabel('pattern').fill('dd.dd');
    await number.getByLabel('detail').selectOption('full');
    expect(await send(number)).toMatch(/^200/);
    expect(await number.locator('.answer pre').textContent()).toContain('"raw": "20.47"');
    expect(faults).toEqual([]);
  });

  it("sends files of one's own, and shows a refusal as it came", async () => {
    const page = await openPage();
    const form = formOf(page, 'classify');
    await form.getByRole('checkbox', { name: '7' }).uncheck();
    await form.locator('input[type=file]').setInputFiles(join(root, 'README.md'));
    expect(await send(form)).toMatch(/^400 Bad Request/);
    expect(await form.locator('.answer pre').textContent()).toContain('"code": "not_an_image"');
    await form.locator('input[type=file]').setInputFiles(join(root, 'examples', 'digits', '4-photo.jpg'));
    expect(await send(form)).toMatch(/^200/);
    expect(await form.locator('.answer pre').textContent()).toContain('"class": 4');
    expect(faults.filter((fault) => !/400 \(Bad Request\)/.test(fault))).toEqual([]);
  });

  it('asks every route that takes no images', async () => {
    const page = await openPage();
    for (const id of ['live', 'ready', 'modelCard', 'service', 'openApiDocument', 'docsPage']) {
      expect(await send(formOf(page, id)), id).toMatch(/^200/);
    }
    expect(await formOf(page, 'modelCard').locator('.answer pre').textContent()).toContain('"network"');
    // Parameters of paths and bodies of text begin as their examples.
    for (const id of ['v2Model', 'v2Infer', 'v2VersionInfer', 'v1Predict']) {
      expect(await send(formOf(page, id)), id).toMatch(/^200/);
    }
    expect(await formOf(page, 'v2Infer').locator('.answer pre').textContent()).toContain('"data": [7]');
    await formOf(page, 'v2Model').getByLabel('model').fill('a b/c');
    expect(await send(formOf(page, 'v2Model'))).toMatch(/^404/);
    expect(await formOf(page, 'v2Model').locator('.code pre').textContent()).toContain(
      '/v2/models/a%20b%2Fc',
    );
    expect(faults.filter((fault) => !/404 \(Not Found\)/.test(fault))).toEqual([]);
  });

  it('shows code that does what the form does', async () => {
    const page = await openPage();
    const form = formOf(page, 'classify');
    const run = async (language: string, code: string): Promise<string> => {
      const [program, ...args] =
        language === 'curl'
          ? ['bash', '-o', 'pipefail', '-c', code]
          : language === 'Python'
            ? ['python3', '-c', code]
            : [process.execPath, '--input-type=module', '-e', code];
      return (await promisify(execFile)(program ?? '', args, { cwd: root })).stdout;
    };
    const languages = ['curl', ...(hasRequests ? ['Python'] : []), 'JavaScript'];
    await form.getByLabel('partial').selectOption('true');
    for (const way of ['as a form', 'as JSON', 'as one bare image']) {
      await form.getByLabel('Sent').selectOption(way);
      for (const language of languages) {
        expect(await run(language, await codeIn(form, language)), `${way}, ${language}`).toContain(
          '"class":7',
        );
      }
    }
    const model = formOf(page, 'modelCard');
    const infer = formOf(page, 'v2Infer');
    for (const language of languages) {
      expect(await run(language, await codeIn(model, language)), language).toContain('"network"');
      expect(await run(language, await codeIn(infer, language)), language).toContain('"data":[7]');
    }
    // The language that was chosen in one place holds in all.
    expect(await form.locator('.code pre').textContent()).toContain('await fetch(');
  });

  it('copies the code, and keeps a key in no place but its field', async () => {
    const page = await openPage();
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByLabel('API key').fill('the-key');
    const form = formOf(page, 'classify');
    await form.getByRole('button', { name: 'Copy' }).click();
    await form.getByRole('button', { name: 'Copied' }).waitFor();
    const copied = String(await page.evaluate('navigator.clipboard.readText()'));
    expect(copied).toContain('Bearer $INKDIGIT_API_KEY');
    const asked = page.waitForRequest((request) => request.url().includes('/mnist/classify'));
    await form.getByRole('button', { name: 'Send' }).click();
    expect((await asked).headers()['authorization']).toBe('Bearer the-key');
    const live = page.waitForRequest((request) => request.url().endsWith('/livez'));
    await formOf(page, 'live').getByRole('button', { name: 'Send' }).click();
    expect((await live).headers()['authorization']).toBeUndefined();
    expect(await page.content()).not.toContain('the-key');
    expect(await page.evaluate('localStorage.length + sessionStorage.length + document.cookie.length')).toBe(
      0,
    );
    expect(faults).toEqual([]);
  });

  it('goes where the address says, and opens what is folded there', async () => {
    const page = await openPage({}, '#schema-NumberAnswer');
    expect(await page.locator('#schema-NumberAnswer').getAttribute('open')).toBe('');
    expect(await page.locator('#schema-NumberAnswer').boundingBox()).toMatchObject({ y: expect.any(Number) });
    await page.locator('nav').getByText('/mnist/read').click();
    await page.waitForURL(/#readNumbers$/);
    expect(faults).toEqual([]);
  });

  it('fits into any width from 320 to 1920 pixels, light and dark', async () => {
    const page = await openPage();
    const form = formOf(page, 'classify');
    await form.getByLabel('detail').selectOption('full');
    await send(form);
    for (const width of [320, 390, 640, 800, 1280, 1440, 1920]) {
      await page.setViewportSize({ width, height: 900 });
      const overflows = 'document.documentElement.scrollWidth > document.documentElement.clientWidth';
      expect(await page.evaluate(overflows), `${width} pixels`).toBe(false);
      if (width !== 390 && width !== 1440) continue;
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        await takePicture(page, `docs-${width}-${colorScheme}`, { fullPage: true });
      }
    }
    expect(faults).toEqual([]);
  });

  it.each(['light', 'dark'] as const)('has nothing that axe finds wrong (%s)', async (colorScheme) => {
    const page = await openPage({ colorScheme, bypassCSP: true, reducedMotion: 'reduce' });
    await send(formOf(page, 'classify'));
    // All that is folded has the same few forms: one of each is opened, the others stay as the page comes.
    const folded = runsLong ? 'details' : '.operation:first-of-type details, .schema:nth-of-type(-n + 4)';
    await page.evaluate(`for (const one of document.querySelectorAll("${folded}")) one.open = true`);
    // The page in the dark differs by its colours alone.
    expect(await violationsOf(page, { colorsAlone: colorScheme === 'dark' })).toEqual([]);
  });

  it('says so where the document does not come', async () => {
    const page = await takeTab(stage.browser, {});
    await page.route('**/openapi.json', (route) => route.fulfill({ status: 503, body: '' }));
    await page.goto(`${stage.service.url}docs`);
    await page.locator('#failure', { hasText: 'openapi.json cannot be shown' }).waitFor();
  });

  it('is linked from the page to draw on', async () => {
    const page = await openPage();
    await page.goto(stage.service.url);
    await page.getByRole('link', { name: 'HTTP API' }).click();
    await page.locator('.operation').first().waitFor();
    expect(new URL(page.url()).pathname).toBe('/docs');
  });
});
