import { request as send, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import type { FastifyInstance, InjectOptions } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiKeys, digestOfKey } from '../../../src/server/security/api-keys.js';
import { buildTestApp, pngOfDigit } from '../../helpers/programs/test-app.js';

const KEY = 'a-key-of-many-characters';
const OTHER_KEY = 'another-key-of-many-characters';

const apps: FastifyInstance[] = [];
afterAll(() => Promise.all(apps.map((app) => app.close())));

async function build(...changes: Parameters<typeof buildTestApp>): Promise<FastifyInstance> {
  const app = await buildTestApp(...changes);
  apps.push(app);
  return app;
}

/** What an answer to several Origin headers says; only a real connection carries them. */
async function headersOf(app: FastifyInstance, origins: readonly string[]): Promise<IncomingHttpHeaders> {
  if (!app.server.listening) await app.listen({ port: 0, host: '127.0.0.1' });
  const address = app.server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const asked = send({ port, path: '/livez', agent: false }).setHeader('origin', origins);
  return new Promise((resolve, reject) => {
    asked.once('response', (response) => resolve(response.resume().headers)).once('error', reject);
    asked.end();
  });
}

describe('security headers', () => {
  let app: FastifyInstance;
  let port: number;
  beforeAll(async () => {
    app = await build();
    port = Number(new URL(await app.listen({ port: 0, host: '127.0.0.1' })).port);
  });

  /** All that comes back, until the connection ends. */
  async function exchange(text: string): Promise<string> {
    const socket = connect(port, '127.0.0.1');
    socket.write(text);
    let answer = '';
    for await (const chunk of socket.setEncoding('utf8')) answer += String(chunk);
    return answer;
  }

  const line = (what: string): string => `${what} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n`;

  it.each([
    ['200', `${line('GET /livez')}\r\n`, 200],
    ['JSON for programs', `${line('GET /')}\r\n`, 200],
    ['204', `${line('OPTIONS /model')}\r\n`, 204],
    ['404', `${line('GET /nothing')}\r\n`, 404],
    ['405', `${line('DELETE /model')}\r\n`, 405],
    ['a path that is none', `${line('GET /%zz')}\r\n`, 400],
    [
      'a body that is no JSON',
      `${line('POST /mnist/classify')}Content-Type: application/json\r\nContent-Length: 1\r\n\r\n{`,
      400,
    ],
    ['a wrong expectation', `${line('GET /livez')}Expect: the-impossible\r\n\r\n`, 200],
    ['nonsense', 'NONSENSE\r\n\r\n', 400],
    ['a proxy', 'CONNECT example.org:443 HTTP/1.1\r\nHost: example.org\r\n\r\n', 405],
    ['too many headers', `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
  ])('are on the answer to %s', async (_what, text, status) => {
    const [head = '', body = ''] = (await exchange(text)).split('\r\n\r\n');
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    const lines = head.toLowerCase().split('\r\n');
    expect(lines).toEqual(
      expect.arrayContaining([
        'x-content-type-options: nosniff',
        'referrer-policy: no-referrer',
        "content-security-policy: default-src 'none'; frame-ancestors 'none'",
        'x-frame-options: deny',
        'cross-origin-resource-policy: same-origin',
      ]),
    );
    expect(head).not.toMatch(/^(server|x-powered-by):/im);
    if (status >= 400)
      expect(JSON.parse(body)).toMatchObject({ errors: [], message: expect.stringMatching(/./) });
  });

  it('leave the page its own policy', async () => {
    const { headers } = await app.inject({ url: '/index.html' });
    expect(headers['content-security-policy']).toContain("script-src 'self'");
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY' });
  });
});

describe('a service with keys', () => {
  let app: FastifyInstance;
  const log: string[] = [];
  beforeAll(async () => {
    app = await build({
      access: { keyDigests: [KEY, OTHER_KEY].map(digestOfKey), corsOrigins: [] },
      logger: { level: 'trace', stream: { write: (text: string) => log.push(text) } },
    });
  });

  async function classify(headers: Record<string, string>): Promise<number> {
    const payload = await pngOfDigit(4);
    const request: InjectOptions = { method: 'POST', url: '/mnist/classify', payload };
    const response = await app.inject({ ...request, headers: { 'content-type': 'image/png', ...headers } });
    return response.statusCode;
  }

  it('answers a client that has one of them, in either header', async () => {
    expect(await classify({ authorization: `Bearer ${KEY}` })).toBe(200);
    expect(await classify({ authorization: `bearer  ${OTHER_KEY}` })).toBe(200);
    expect(await classify({ 'x-api-key': KEY })).toBe(200);
    expect(await classify({ authorization: 'Basic abc', 'x-api-key': OTHER_KEY })).toBe(200);
  });

  it.each([
    ['none', {}, undefined],
    ['a wrong one', { authorization: 'Bearer wrong' }, 'error="invalid_token"'],
    ['a part of one', { 'x-api-key': KEY.slice(0, -1) }, 'error="invalid_token"'],
    ['a digest', { 'x-api-key': digestOfKey(KEY) }, 'error="invalid_token"'],
    ['both together', { 'x-api-key': `${KEY},${OTHER_KEY}` }, 'error="invalid_token"'],
    ['one of another scheme', { authorization: `Basic ${KEY}` }, undefined],
    ['an empty one', { 'x-api-key': '' }, 'error="invalid_token"'],
  ])('refuses %s', async (_what, headers, fault) => {
    const response = await app.inject({ method: 'GET', url: '/model', headers });
    expect(response.statusCode).toBe(401);
    expect(response.json()).toMatchObject({ code: 'unauthorized', errors: [] });
    const asked = ['Bearer realm="inkdigit"', ...(fault ? [fault] : [])].join(', ');
    expect(response.headers['www-authenticate']).toBe(asked);
    expect(await classify(headers)).toBe(401);
    expect((await app.inject({ method: 'HEAD', url: '/model', headers })).statusCode).toBe(401);
  });

  it('asks before it looks at the body', async () => {
    const payload = 'x'.repeat(2 ** 21);
    const response = await app.inject({
      method: 'POST',
      url: '/mnist/classify',
      payload,
      headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
    });
    expect(response.statusCode).toBe(401);
  });

  it('tells everybody whether it lives and what it is, and shows its page', async () => {
    for (const url of ['/livez', '/readyz', '/', '/index.html', '/page.js']) {
      expect((await app.inject({ url })).statusCode, url).toBe(200);
    }
    expect((await app.inject({ url: '/nothing' })).statusCode).toBe(404);
    expect((await app.inject({ method: 'OPTIONS', url: '/mnist/classify' })).statusCode).toBe(204);
  });

  it('logs no key', async () => {
    await classify({ authorization: `Bearer ${KEY}` });
    await classify({ 'x-api-key': `${KEY}-wrong` });
    await app.inject({ url: `/model`, headers: { authorization: `Bearer ${KEY}x` } });
    expect(log.join('')).toContain('"code":"unauthorized"');
    expect(log.join('')).not.toContain(KEY);
  });
});

describe('ApiKeys', () => {
  it('accept what they were made from and nothing else', () => {
    const keys = new ApiKeys([digestOfKey('one'), digestOfKey('two')]);
    expect(['one', 'two', 'onetwo', 'One', '', 'o'].map((key) => keys.indexOf(key))).toEqual([
      0, 1, -1, -1, -1, -1,
    ]);
    expect(new ApiKeys([]).indexOf('')).toBe(-1);
  });
});

describe('pages of other origins', () => {
  const origin = 'https://example.org';
  const access = (...corsOrigins: string[]): { keyDigests: string[]; corsOrigins: string[] } => ({
    keyDigests: [digestOfKey(KEY)],
    corsOrigins,
  });
  const PREFLIGHT: InjectOptions = {
    method: 'OPTIONS',
    url: '/mnist/classify',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization',
    },
  };

  it('get no permission unless it was given', async () => {
    const app = await build();
    for (const request of [PREFLIGHT, { url: '/livez', headers: { origin } }]) {
      const { headers } = await app.inject(request);
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
      expect(headers['vary']).toBeUndefined();
    }
  });

  it('may ask where their origin is listed, and others may not', async () => {
    const app = await build({ access: access('https://other.example', origin) });
    const preflight = await app.inject(PREFLIGHT);
    expect(preflight.statusCode).toBe(204);
    expect(preflight.headers).toMatchObject({
      'access-control-allow-origin': origin,
      'access-control-allow-methods': 'OPTIONS, POST',
      'access-control-allow-headers': 'authorization, content-type, x-api-key',
      'access-control-max-age': '600',
      vary: 'origin',
      'cross-origin-resource-policy': 'same-origin',
    });
    for (const stranger of ['https://example.org.evil', 'http://example.org', 'null']) {
      const { headers } = await app.inject({ url: '/livez', headers: { origin: stranger } });
      expect(headers['access-control-allow-origin']).toBeUndefined();
      expect(headers['vary']).toBe('origin');
    }
    expect((await app.inject({ url: '/', headers: { origin } })).headers['vary']).toBe('accept, origin');
    const stranger = 'https://stranger.example';
    for (const [first, second] of [
      [origin, stranger],
      [stranger, origin],
    ] as const) {
      const headers = await headersOf(app, [first, second]);
      expect(headers['access-control-allow-origin']).toBeUndefined();
      expect(headers['vary']).toBe('origin');
    }
  });

  it('can read errors, a missing key among them', async () => {
    const app = await build({ access: access(origin) });
    for (const [url, status] of [
      ['/model', 401],
      ['/nothing', 404],
    ] as const) {
      const response = await app.inject({ url, headers: { origin } });
      expect(response.statusCode).toBe(status);
      expect(response.headers).toMatchObject({
        'access-control-allow-origin': origin,
        'access-control-expose-headers': 'retry-after, ratelimit, ratelimit-policy, x-inkdigit-model',
      });
    }
  });

  it('may all ask where every one may, without credentials', async () => {
    const app = await build({ access: access('*') });
    const { headers } = await app.inject(PREFLIGHT);
    expect(headers).toMatchObject({
      'access-control-allow-origin': '*',
      'cross-origin-resource-policy': 'cross-origin',
    });
    expect(headers['access-control-allow-credentials']).toBeUndefined();
    expect(headers['vary']).toBeUndefined();
  });
});
