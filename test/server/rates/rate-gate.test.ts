import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ImageCounter } from '../../../src/server/rates/image-counter.js';
import type { Rates } from '../../../src/server/rates/rate-gate.js';
import type { RateLimit } from '../../../src/server/rates/rate-limit.js';
import { digestOfKey } from '../../../src/server/security/api-keys.js';
import type { TrustedProxies } from '../../../src/server/security/client-address.js';
import { base64OfDigit, buildTestApp } from '../../helpers/programs/test-app.js';

const KEYS = ['a-key-of-many-characters', 'another-key-of-many-characters'];

let nowMs = 0;
const take = vi.fn<Rates['take']>();
const apps: FastifyInstance[] = [];
afterEach(async () => {
  await Promise.all(apps.splice(0).map((app) => app.close()));
});

async function build(
  limits: readonly RateLimit[],
  settings: { keys?: readonly string[]; trustedProxies?: TrustedProxies } = {},
): Promise<FastifyInstance> {
  nowMs = 0;
  const counter = new ImageCounter(limits);
  take.mockReset().mockImplementation(async (caller, images) => counter.take(caller, images, nowMs));
  const { keys = [], trustedProxies } = settings;
  const app = await buildTestApp({
    rates: { limits, take, now: () => nowMs },
    access: { keyDigests: keys.map(digestOfKey), corsOrigins: [] },
    trustedProxies,
  });
  apps.push(app);
  return app;
}

async function send(
  app: FastifyInstance,
  images: number,
  request: { headers?: Record<string, string>; remoteAddress?: string; url?: string } = {},
): Promise<LightMyRequestResponse> {
  const image = await base64OfDigit(3);
  const payload = { requests: Array.from({ length: images }, () => ({ image })) };
  return app.inject({ method: 'POST', url: '/mnist/classify', payload, ...request });
}

describe('limits for callers', () => {
  it('are counted in images, told in the headers, and refused by 429', async () => {
    const app = await build([{ images: 5, seconds: 60 }]);
    const first = await send(app, 3);
    expect(first.statusCode).toBe(200);
    expect(first.headers).toMatchObject({
      'ratelimit-policy': '"minute";q=5;qu="images";w=60',
      ratelimit: '"minute";r=2;t=60',
    });
    nowMs = 20_500;
    const second = await send(app, 3);
    expect(second.statusCode).toBe(429);
    expect(second.json()).toMatchObject({
      code: 'rate_limited',
      message: 'This caller has sent as many images as it may (5 in a minute); try again in 40 s.',
    });
    expect(second.headers).toMatchObject({ 'retry-after': '40', ratelimit: '"minute";r=2;t=40' });
    // What fits still passes.
    expect((await send(app, 2)).statusCode).toBe(200);
    nowMs = 60_000;
    expect((await send(app, 5)).statusCode).toBe(200);
  });

  it('refuse who has nothing left before a body is read, without asking who counts', async () => {
    const app = await build([{ images: 2, seconds: 1 }]);
    await send(app, 2);
    expect((await send(app, 1)).statusCode).toBe(429);
    take.mockClear();
    const refused = await app.inject({ method: 'POST', url: '/mnist/classify', payload: 'no JSON at all' });
    expect(refused.statusCode).toBe(429);
    expect(refused.headers['retry-after']).toBe('1');
    expect(take).not.toHaveBeenCalled();
    expect((await app.inject('/model')).statusCode).toBe(200);
    nowMs = 1000;
    expect((await send(app, 1)).statusCode).toBe(200);
  });

  it('say of too large requests that they never fit', async () => {
    const app = await build([
      { images: 100, seconds: 60 },
      { images: 4, seconds: 1 },
    ]);
    const answer = await send(app, 5);
    expect(answer.statusCode).toBe(413);
    expect(answer.json()).toMatchObject({
      code: 'too_many_images',
      message: expect.stringContaining('at most 4 in a second from one caller, got 5'),
    });
    expect((await send(app, 4)).headers['ratelimit']).toBe('"minute";r=96;t=60, "second";r=0;t=1');
  });

  it('hold for reading numbers as well', async () => {
    const app = await build([{ images: 1, seconds: 60 }]);
    await send(app, 1);
    expect((await send(app, 1, { url: '/mnist/read' })).statusCode).toBe(429);
  });

  it('count a request that is at fault as one image', async () => {
    const app = await build([{ images: 1, seconds: 60 }]);
    const wrong = await app.inject({ method: 'POST', url: '/mnist/classify', payload: { requests: 5 } });
    expect(wrong.statusCode).toBe(400);
    expect((await send(app, 1)).statusCode).toBe(429);
    const other = await build([{ images: 1, seconds: 60 }]);
    expect((await send(other, 0)).statusCode).toBe(200);
    expect((await send(other, 1)).statusCode).toBe(429);
  });

  it('are of each key where keys are asked for, wherever it comes from', async () => {
    const app = await build([{ images: 2, seconds: 60 }], { keys: KEYS });
    const [one = '', other = ''] = KEYS;
    const by = (key: string, remoteAddress: string): Promise<LightMyRequestResponse> =>
      send(app, 2, { headers: { 'x-api-key': key }, remoteAddress });
    expect((await by(one, '192.0.2.1')).statusCode).toBe(200);
    expect((await by(one, '192.0.2.2')).statusCode).toBe(429);
    expect((await by(other, '192.0.2.2')).statusCode).toBe(200);
    // One that is not let in costs no one anything.
    expect((await send(app, 1)).statusCode).toBe(401);
    expect(take.mock.calls.map(([caller]) => caller)).toEqual(['key 0', 'key 0', 'key 1']);
  });

  it('are of each address, or of its network of IPv6', async () => {
    const app = await build([{ images: 1, seconds: 60 }]);
    const from = async (remoteAddress: string): Promise<number> =>
      (await send(app, 1, { remoteAddress })).statusCode;
    expect(await from('192.0.2.1')).toBe(200);
    expect(await from('192.0.2.2')).toBe(200);
    expect(await from('::ffff:192.0.2.1')).toBe(429);
    expect(await from('2001:db8:1:2:3::4')).toBe(200);
    expect(await from('2001:db8:1:2:ffff::1')).toBe(429);
    expect(await from('2001:db8:1:3::1')).toBe(200);
  });

  it('believe X-Forwarded-For of proxies that are trusted, and of no other', async () => {
    const forwarded = { 'x-forwarded-for': '198.51.100.7, 192.0.2.9' };
    const limits = [{ images: 10, seconds: 60 }];
    const asked = async (
      trustedProxies: TrustedProxies | undefined,
      remoteAddress: string,
    ): Promise<string | undefined> => {
      const app = await build(limits, trustedProxies && { trustedProxies });
      await send(app, 1, { headers: forwarded, remoteAddress });
      return take.mock.calls[0]?.[0];
    };
    expect(await asked(undefined, '10.0.0.1')).toBe('10.0.0.1');
    expect(await asked({ hops: 1 }, '10.0.0.1')).toBe('192.0.2.9');
    expect(await asked({ hops: 2 }, '10.0.0.1')).toBe('198.51.100.7');
    expect(await asked({ networks: ['10.0.0.0/8'] }, '10.0.0.1')).toBe('192.0.2.9');
    expect(await asked({ networks: ['10.0.0.0/8'] }, '203.0.113.5')).toBe('203.0.113.5');
    expect(await asked({ networks: ['10.0.0.0/8', '192.0.2.9'] }, '::ffff:10.0.0.1')).toBe('198.51.100.7');
  });

  it('cost nothing where there are none', async () => {
    const app = await buildTestApp();
    apps.push(app);
    const answer = await send(app, 3);
    expect(answer.statusCode).toBe(200);
    expect(answer.headers).not.toHaveProperty('ratelimit');
  });
});
