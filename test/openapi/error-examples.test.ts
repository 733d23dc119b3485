import { once } from 'node:events';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance, InjectOptions } from 'fastify';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Collection } from '../../src/collected/collection.js';
import { errorExamples } from '../../src/openapi/error-examples.js';
import type { RequestErrorCode } from '../../src/openapi/request-errors.js';
import { ImageCounter } from '../../src/server/rates/image-counter.js';
import { statusOf } from '../../src/server/http/error-table.js';
import { DEFAULT_LIMITS, type Limits } from '../../src/server/limits.js';
import { Readiness } from '../../src/server/readiness.js';
import { digestOfKey } from '../../src/server/security/api-keys.js';
import { fakeClassifier } from '../helpers/models/fake-classifier.js';
import { base64OfDigit, buildTestApp } from '../helpers/programs/test-app.js';
import { announcing } from '../image/raw-files.js';

// Each error of the document, provoked: what the service answers is the example, word for word.

const apps = new Set<FastifyInstance>();
afterEach(async () => {
  for (const app of apps) await app.close();
  apps.clear();
});

async function start(
  changes: Parameters<typeof buildTestApp>[0] = {},
  limits: Partial<Limits> = {},
): Promise<FastifyInstance> {
  const app = await buildTestApp({ ...changes, limits: { ...DEFAULT_LIMITS, ...limits } });
  apps.add(app);
  return app;
}

interface Came {
  readonly status: number;
  readonly body: unknown;
}

async function ask(app: FastifyInstance, options: InjectOptions): Promise<Came> {
  const answer = await app.inject({ method: 'POST', url: '/mnist/classify', ...options });
  return { status: answer.statusCode, body: answer.json() };
}

async function post(payload: string, limits: Partial<Limits> = {}): Promise<Came> {
  return ask(await start({}, limits), { headers: { 'content-type': 'application/json' }, payload });
}

function bodyOf(...images: readonly string[]): string {
  return JSON.stringify({ requests: images.map((image) => ({ image })) });
}

/** Bytes on a connection, and what comes back until it ends. */
async function send(bytes: string, limits: Partial<Limits> = {}): Promise<Came> {
  const app = await start({}, limits);
  await app.listen({ host: '127.0.0.1', port: 0 });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it listens on a port
  const { port } = app.server.address() as AddressInfo;
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write(bytes);
  let text = '';
  for await (const chunk of socket.setEncoding('utf8')) text += String(chunk);
  const [head = '', body = ''] = text.split('\r\n\r\n');
  return { status: Number(head.split(' ')[1]), body: JSON.parse(body) };
}

const seven = readFileSync(new URL('../../examples/digits/7.png', import.meta.url));

/** A test waits for no default: what is answered with another limit is put as it would be with that. */
function withLimit({ status, body }: Came, own: string, byDefault: string): Came {
  return { status, body: JSON.parse(JSON.stringify(body).replace(own, byDefault)) };
}

/** A model that never answers. */
function silentClassifier(): { classifier: ReturnType<typeof fakeClassifier>; isAsked: () => boolean } {
  const probabilities = vi.fn(() => new Promise<Float32Array>(() => {}));
  return {
    classifier: { ...fakeClassifier(), probabilities, logits: probabilities },
    isAsked: () => probabilities.mock.calls.length > 0,
  };
}

type Provoked = Exclude<
  RequestErrorCode,
  'route_not_found' | 'method_not_allowed' | 'model_not_found' | 'unsupported'
>;

const PROVOKE: Readonly<Record<Provoked, () => Promise<Came>>> = {
  malformed_json: () => post('{"requests":'),
  invalid_request: () => send('This is not HTTP\r\n\r\n'),
  invalid_base64: () => post(bodyOf('iVBORw0*')),
  not_an_image: () => post(bodyOf('aGVsbG8gd29ybGQ=')),
  truncated_image: () => post(bodyOf(seven.subarray(0, 150).toString('base64'))),
  corrupt_image: () => {
    const damaged = Buffer.from(seven);
    damaged.fill(0x58, 100, 104);
    return post(bodyOf(damaged.toString('base64')));
  },
  too_many_pixels: () => post(bodyOf(announcing(6000, 5000)['png']!.toString('base64'))),
  unauthorized: async () =>
    ask(await start({ access: { keyDigests: [digestOfKey('a')], corsOrigins: [] } }), {}),
  request_timeout: () => send('GET / HTTP/1.1\r\nHost: a\r\nX: ', { requestTimeoutMs: 300 }),
  too_many_images: async () => post(bodyOf(...Array<string>(65).fill(await base64OfDigit(1)))),
  body_too_large: async () => ask(await start(), { headers: { 'content-length': '33554433' } }),
  unsupported_media_type: async () => ask(await start(), { headers: { 'content-encoding': 'gzip' } }),
  rate_limited: async () => {
    const limits = [{ images: 1, seconds: 60 }];
    const counter = new ImageCounter(limits);
    const take = async (caller: string, images: number) => counter.take(caller, images, 0);
    const app = await start({ rates: { limits, take, now: () => 0 } });
    const payload = bodyOf(await base64OfDigit(1));
    const options = { headers: { 'content-type': 'application/json' }, payload };
    await ask(app, options);
    return ask(app, options);
  },
  collection_full: async () => {
    const folder = mkdtempSync(join(tmpdir(), 'inkdigit-full-'));
    const app = await start({ collection: new Collection(folder, 1) });
    const payload = JSON.stringify({ image: await base64OfDigit(1), label: '1' });
    const headers = { 'content-type': 'application/json' };
    const came = await ask(app, { url: '/mnist/corrections', headers, payload });
    rmSync(folder, { recursive: true });
    return withLimit(came, '(1)', '(268435456)');
  },
  headers_too_large: () => send(`GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`),
  internal: async () => {
    const fail = (): Promise<never> => Promise.reject(new Error('broken'));
    const broken = { ...fakeClassifier(), probabilities: fail, logits: fail };
    const app = await start({ classifier: broken });
    const payload = await base64OfDigit(1);
    return ask(app, { headers: { 'content-type': 'application/json' }, payload: bodyOf(payload) });
  },
  not_ready: async () => {
    const readiness = new Readiness();
    readiness.markReady();
    readiness.markDraining();
    return ask(await start({ readiness }), { method: 'GET', url: '/readyz' });
  },
  overloaded: async () => {
    const { classifier, isAsked } = silentClassifier();
    const app = await start({ classifier }, { maxQueue: 1, maxBatch: 1, timeoutMs: 3_000 });
    const options = {
      headers: { 'content-type': 'application/json' },
      payload: bodyOf(await base64OfDigit(1)),
    };
    void ask(app, options);
    await vi.waitFor(() => expect(isAsked()).toBe(true));
    return withLimit(await ask(app, options), '(1 in each', '(512 in each');
  },
  deadline_exceeded: async () => {
    const { classifier } = silentClassifier();
    const app = await start({ classifier }, { timeoutMs: 50 });
    const payload = bodyOf(await base64OfDigit(1));
    const came = await ask(app, { headers: { 'content-type': 'application/json' }, payload });
    return withLimit(came, 'within 50 ms', 'within 30000 ms');
  },
};

describe('every error of the OpenAPI document', () => {
  const examples = errorExamples();

  it('is provoked here', () => {
    expect(Object.keys(examples).toSorted()).toEqual(Object.keys(PROVOKE).toSorted());
  });

  it.each(Object.entries(PROVOKE))('%s is what the service answers', async (code, provoke) => {
    const { status, body } = await provoke();
    expect(body).toEqual(examples[code]?.value);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys are codes
    expect(status).toBe(statusOf(code as Provoked));
  });
});
