import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { brotliCompressSync, brotliDecompressSync, gzipSync } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readPageFiles, type PageFile } from '../../../src/server/routes/page-files.js';
import { buildTestApp } from '../../helpers/programs/test-app.js';

/** What Chromium sends when an address is typed. */
const BROWSER_ACCEPT = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';

const NAMES = [
  'index.html',
  'page.js',
  'chunk.js',
  'later.js',
  'de.js',
  'es.js',
  'fr.js',
  'reader.js',
  'style.css',
  'icon.svg',
  'sample.jpg',
  'docs.html',
  'docs.js',
  'docs.css',
  'openapi.json',
];

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

describe('a file that the build compressed', () => {
  const whole = Buffer.from('0;'.repeat(1000));
  const forms = {
    identity: { body: whole, etag: '"c"' },
    br: { coding: 'br', body: brotliCompressSync(whole), etag: '"c-br"' },
    gzip: { coding: 'gzip', body: gzipSync(whole), etag: '"c-gzip"' },
  } as const;
  const html: PageFile = {
    path: '/index.html',
    contentType: 'text/html; charset=utf-8',
    ...forms.identity,
    encoded: [forms.br, forms.gzip],
  };
  const data: PageFile = { ...html, path: '/data.json', contentType: 'application/json' };
  let app: FastifyInstance;
  beforeAll(async () => {
    const access = { keyDigests: [], corsOrigins: ['https://example.org'] };
    app = await buildTestApp({ page: [html, data], access });
  });
  afterAll(() => app.close());

  it.each([
    ['gzip, deflate, br', 'br'],
    ['gzip', 'gzip'],
    ['br;q=0.1, gzip', 'gzip'],
    ['identity', 'identity'],
    [undefined, 'identity'],
  ] as const)('is sent to %j as %s, with a tag of its own, also to HEAD', async (accepted, coding) => {
    const headers = accepted === undefined ? {} : { 'accept-encoding': accepted };
    for (const method of ['GET', 'HEAD'] as const) {
      const answer = await app.inject({ method, url: '/index.html', headers });
      expect(answer.statusCode).toBe(200);
      expect(answer.headers['content-encoding']).toBe(coding === 'identity' ? undefined : coding);
      expect(answer.headers).toMatchObject({
        'content-type': 'text/html; charset=utf-8',
        'content-length': String(forms[coding].body.length),
        etag: forms[coding].etag,
        vary: 'accept-encoding, origin',
      });
      expect(answer.rawPayload.equals(method === 'HEAD' ? Buffer.of() : forms[coding].body)).toBe(true);
    }
  });

  it('is not sent again to who has it in the coding that it would come in', async () => {
    const askedWith = async (tag: string): Promise<unknown[]> => {
      const headers = { 'accept-encoding': 'br', 'if-none-match': tag };
      const answer = await app.inject({ url: '/index.html', headers });
      return [
        answer.statusCode,
        answer.headers['content-encoding'],
        answer.headers.etag,
        answer.headers.vary,
      ];
    };
    const vary = 'accept-encoding, origin';
    expect(await askedWith('"c-br"')).toEqual([304, undefined, '"c-br"', vary]);
    expect(await askedWith('W/"c-br"')).toEqual([304, undefined, '"c-br"', vary]);
    expect(await askedWith('"c-gzip"')).toEqual([200, 'br', '"c-br"', vary]);
    expect(await askedWith('"c"')).toEqual([200, 'br', '"c-br"', vary]);
  });

  it('varies at / by what is asked for as well', async () => {
    const headers = { accept: BROWSER_ACCEPT, 'accept-encoding': 'br' };
    const page = await app.inject({ url: '/', headers });
    expect([page.headers['content-encoding'], page.headers.vary]).toEqual([
      'br',
      'accept, accept-encoding, origin',
    ]);
    expect(brotliDecompressSync(page.rawPayload).equals(whole)).toBe(true);
    const json = await app.inject({ url: '/', headers: { 'accept-encoding': 'br' } });
    expect([json.headers['content-encoding'], json.headers.vary]).toEqual([undefined, 'accept, origin']);
  });

  it('that is data allows nothing, like any other answer', async () => {
    const { headers } = await app.inject('/data.json');
    expect(headers['content-security-policy']).toBe("default-src 'none'; frame-ancestors 'none'");
    expect(headers['content-type']).toBe('application/json');
    expect(headers['cache-control']).toBe('no-cache');
  });
});

describe('readPageFiles', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'inkdigit-page-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('reads the page first, and gives every content a tag of its own', () => {
    const url = pathToFileURL(`${folder}/`);
    for (const name of NAMES) writeFileSync(join(folder, name), name);
    const files = readPageFiles(url);
    expect(files.map((file) => file.path)).toEqual(
      NAMES.map((name) => (name === 'docs.html' ? '/docs' : `/${name}`)),
    );
    expect(files.map((file) => file.body.toString())).toContain('style.css');
    expect(new Set(files.map((file) => file.etag)).size).toBe(NAMES.length);
    writeFileSync(join(folder, 'page.js'), 'changed');
    const [, script] = readPageFiles(url);
    expect(script?.etag).not.toBe(files[1]?.etag);
  });

  it('reads what the build compressed with the file, and gives it a tag of its own', () => {
    writeFileSync(join(folder, 'page.js.gz'), 'smaller');
    const [, script] = readPageFiles(pathToFileURL(`${folder}/`));
    const etag = script?.etag.replace(/"$/, '-gzip"');
    expect(script?.encoded).toEqual([{ coding: 'gzip', body: Buffer.from('smaller'), etag }]);
  });

  it('says which file is missing and what to do', () => {
    rmSync(join(folder, 'style.css'));
    const expected = { code: 'missing_file', message: expect.stringMatching(/style\.css.*npm start/) };
    expect(() => readPageFiles(pathToFileURL(`${folder}/`))).toThrow(expect.objectContaining(expected));
  });
});
