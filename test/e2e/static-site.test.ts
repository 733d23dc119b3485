import { createServer, type Server } from 'node:http';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium } from '../../scripts/testing/chromium.mjs';
import { runCli } from '../helpers/programs/run-cli.js';
import { DrawingPage } from './drawing-page.js';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.webmanifest': 'application/manifest+json',
};

/** A server of files as any is: no headers but the type. */
function serveFolder(folder: string): Server {
  return createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://host').pathname;
    const file = join(folder, normalize(path.endsWith('/') ? `${path}index.html` : path));
    if (!statSync(file, { throwIfNoEntry: false })?.isFile()) response.writeHead(404).end();
    else {
      const type = TYPES[extname(file)] ?? 'application/octet-stream';
      response.writeHead(200, { 'content-type': type }).end(readFileSync(file));
    }
  });
}

const folder = mkdtempSync(join(tmpdir(), 'inkdigit-site-'));
let server: Server;
let url: string;
let browser: Browser;
beforeAll(async () => {
  await runCli(['page', '--out', join(folder, 'digits')]);
  server = serveFolder(folder).listen(0, '127.0.0.1');
  const executablePath = await findChromium();
  if (!executablePath) throw new Error('There is no Chromium; npm test sees to it, or set CHROME_PATH.');
  browser = await chromium.launch({ executablePath, args: ['--no-sandbox'], timeout: 120_000 });
  const { port } = server.address() as AddressInfo;
  url = `http://127.0.0.1:${port}/digits/`;
});
afterAll(async () => {
  await browser?.close();
  server?.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('the page as a site of files', () => {
  it('reads digits and numbers, and goes on without a network', async () => {
    const page = await DrawingPage.open(browser, url);
    await page.drawDigit(7);
    await page.reads(7);
    expect(await page.tab.locator('#source').textContent()).toBe('Read on this device');
    expect(await page.tab.locator('#privacy').textContent()).toMatch(/stays on this device/);
    expect(await page.tab.locator('#read-by').isVisible()).toBe(false);
    expect(await page.tab.locator('a[href="docs"]').first().isVisible()).toBe(false);
    await page.tab.evaluate('navigator.serviceWorker.ready');

    // The server is gone, and so is whatever else there may be.
    await new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
    await page.tab.context().setOffline(true);
    await page.tab.reload();
    await page.drawDigit(3);
    await page.reads(3);
    await page.tab.keyboard.press('Delete');
    await page.drawNumber('472', 90);
    await page.readsNumber('472');
    expect(page.requests.every((request) => request.method() === 'GET')).toBe(true);
    expect(page.faults()).toEqual([]);
    await page.close();
  });
});
