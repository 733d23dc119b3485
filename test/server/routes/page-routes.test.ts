import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readPageFiles } from '../../../src/server/routes/page-files.js';
import { buildTestApp } from '../../helpers/test-app.js';

/** What Chromium sends when an address is typed. */
const BROWSER_ACCEPT = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';

describe('the page over HTTP', () => {
  let app: FastifyInstance;
  beforeAll(async () => {
    app = await buildTestApp();
  });
  afterAll(() => app.close());

  it('is what / gives to a browser, and JSON what it gives to others', async () => {
    const page = await app.inject({ url: '/', headers: { accept: BROWSER_ACCEPT } });
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(page.body).toBe('<p>');
    expect(page.headers.vary).toBe('accept');
    for (const accept of ['*/*', 'application/json']) {
      const json = await app.inject({ url: '/', headers: { accept } });
      expect(json.json()).toMatchObject({ name: 'inkdigit' });
      expect(json.headers.vary).toBe('accept');
    }
  });

  it('has its files under their own names, each with its type', async () => {
    const html = await app.inject('/index.html');
    expect([html.statusCode, html.headers['content-type'], html.body]).toEqual([
      200,
      'text/html; charset=utf-8',
      '<p>',
    ]);
    const script = await app.inject('/page.js');
    expect([script.statusCode, script.headers['content-type'], script.body]).toEqual([
      200,
      'text/javascript; charset=utf-8',
      '0',
    ]);
    expect((await app.inject({ method: 'HEAD', url: '/page.js' })).body).toBe('');
    expect((await app.inject({ method: 'POST', url: '/page.js' })).statusCode).toBe(405);
  });

  it('forbids everything that the page does not need', async () => {
    for (const url of ['/index.html', '/page.js']) {
      const { headers } = await app.inject(url);
      const policy = String(headers['content-security-policy']);
      expect(policy).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self';/);
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toMatch(/unsafe|\*|https?:/);
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['referrer-policy']).toBe('no-referrer');
    }
  });

  it.each(['"b"', 'W/"b"', '"x", "b"', '*'])('answers 304 to who has it already (%s)', async (tag) => {
    const answer = await app.inject({ url: '/page.js', headers: { 'if-none-match': tag } });
    expect([answer.statusCode, answer.body, answer.headers.etag]).toEqual([304, '', '"b"']);
    expect(answer.headers['cache-control']).toBe('no-cache');
  });

  it.each(['"a"', 'b', ''])('sends it whole to who has another (%s)', async (tag) => {
    const answer = await app.inject({ url: '/page.js', headers: { 'if-none-match': tag } });
    expect([answer.statusCode, answer.body]).toEqual([200, '0']);
  });
});

describe('readPageFiles', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'inkdigit-page-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('reads the page first, and gives every content a tag of its own', async () => {
    const url = pathToFileURL(`${folder}/`);
    for (const name of ['index.html', 'page.js', 'style.css', 'icon.svg']) {
      writeFileSync(join(folder, name), name);
    }
    const files = await readPageFiles(url);
    expect(files.map((file) => file.path)).toEqual(['/index.html', '/page.js', '/style.css', '/icon.svg']);
    expect(files.map((file) => file.body.toString())).toContain('style.css');
    expect(new Set(files.map((file) => file.etag)).size).toBe(4);
    writeFileSync(join(folder, 'page.js'), 'changed');
    const [, script] = await readPageFiles(url);
    expect(script?.etag).not.toBe(files[1]?.etag);
  });

  it('says which file is missing and what to do', async () => {
    rmSync(join(folder, 'style.css'));
    await expect(readPageFiles(pathToFileURL(`${folder}/`))).rejects.toMatchObject({
      code: 'missing_file',
      message: expect.stringMatching(/style\.css.*npm start/),
    });
  });
});
