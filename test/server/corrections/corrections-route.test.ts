import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Collection, listCollected } from '../../../src/collected/collection.js';
import { digestOfKey } from '../../../src/server/security/api-keys.js';
import { base64OfDigit, buildTestApp } from '../../helpers/programs/test-app.js';

const PATH = '/mnist/corrections';
const KEY = { authorization: 'Bearer the-key' };

let folder: string;
let app: FastifyInstance;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'inkdigit-corrections-'));
  app = await buildTestApp({
    collection: new Collection(folder, 1e6),
    access: { keyDigests: [digestOfKey('the-key')], corsOrigins: [] },
  });
});
afterAll(async () => {
  await app.close();
  rmSync(folder, { recursive: true });
});

describe('POST /mnist/corrections', () => {
  it('keeps a picture with its label, once', async () => {
    const payload = { image: await base64OfDigit(7), label: '7' };
    const first = await app.inject({ method: 'POST', url: PATH, headers: KEY, payload });
    expect([first.statusCode, first.json()]).toEqual([201, { label: '7', added: 'new' }]);
    const again = await app.inject({ method: 'POST', url: PATH, headers: KEY, payload });
    expect(again.json()).toEqual({ label: '7', added: 'known' });
    expect(readdirSync(folder)).toEqual(['7']);
  });

  it('requires a key where the service has some', async () => {
    const payload = { image: await base64OfDigit(1), label: '1' };
    expect((await app.inject({ method: 'POST', url: PATH, payload })).statusCode).toBe(401);
  });

  it.each([
    [{ label: '7' }, 'invalid_request', /"image" is missing/],
    [{ image: 'AAAA', label: '11' }, 'invalid_request', /"label"/],
    [{ image: '*', label: '1' }, 'invalid_base64', /base64/],
    [{ image: 'AAAA', label: '1' }, 'not_an_image', /expected a PNG/],
    [{ image: 'AAAA', label: '../1' }, 'invalid_request', /"label"/],
  ])('refuses %j', async (payload, code, message) => {
    const answer = await app.inject({ method: 'POST', url: PATH, headers: KEY, payload });
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ code, message: expect.stringMatching(message) });
  });

  it('refuses what is not JSON', async () => {
    const headers = { ...KEY, 'content-type': 'image/png' };
    const answer = await app.inject({ method: 'POST', url: PATH, headers, payload: Buffer.from('x') });
    expect(answer.json()).toMatchObject({ code: 'invalid_request' });
  });

  it('keeps nothing of other requests, and is not there where it was not asked for', async () => {
    const before = (await listCollected(folder)).length;
    const payload = { requests: [{ image: await base64OfDigit(3) }] };
    await app.inject({ method: 'POST', url: '/mnist/classify', headers: KEY, payload });
    expect(await listCollected(folder)).toHaveLength(before);
    const other = await buildTestApp();
    const correction = { image: await base64OfDigit(3), label: '3' };
    expect((await other.inject({ method: 'POST', url: PATH, payload: correction })).statusCode).toBe(404);
    await other.close();
  });
});
