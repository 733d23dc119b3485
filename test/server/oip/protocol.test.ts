import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import { afterAll, describe, expect, it } from 'vitest';
import { readImageSyncIfSmall } from '../../../src/image/read-image.js';
import type { ModelRepository } from '../../../src/server/oip/model-repository.js';
import { Readiness } from '../../../src/server/readiness.js';
import { digestOfKey } from '../../../src/server/security/api-keys.js';
import { fakeClassifier } from '../../helpers/models/fake-classifier.js';
import { base64OfDigit, buildTestApp } from '../../helpers/programs/test-app.js';

const apps: FastifyInstance[] = [];
afterAll(() => Promise.all(apps.map((app) => app.close())));

async function build(...changes: Parameters<typeof buildTestApp>): Promise<FastifyInstance> {
  const app = await buildTestApp(...changes);
  apps.push(app);
  return app;
}

const post = (app: FastifyInstance, url: string, content: unknown): Promise<LightMyRequestResponse> =>
  app.inject({ method: 'POST', url, payload: JSON.stringify(content) });

async function images(count: number): Promise<object> {
  const image = await base64OfDigit(1);
  const data = Array.from({ length: count }, () => image);
  return { inputs: [{ name: 'image', datatype: 'BYTES', shape: [count], data }] };
}

function expectError(response: LightMyRequestResponse, status: number, code: string): void {
  expect([response.statusCode, response.json().code], response.body).toEqual([status, code]);
  expect(response.json()).toEqual({ error: expect.stringMatching(/./), code, errors: expect.any(Array) });
  expect(response.headers['content-type']).toBe('application/json');
}

describe('the routes of /v2', () => {
  it('say what the service and its models are', async () => {
    const app = await build({ modelAlias: 'seven' });
    const get = async (url: string): Promise<unknown> => {
      const response = await app.inject(url);
      expect([response.statusCode, response.headers['content-type']]).toEqual([200, 'application/json']);
      return response.json();
    };
    expect(await get('/v2')).toMatchObject({ name: 'inkdigit', version: '1.2.3' });
    expect(await get('/v2/health/live')).toEqual({ live: true });
    expect(await get('/v2/health/ready')).toEqual({ live: true, ready: true });
    expect(await get('/v2/models')).toEqual({ models: ['seven', 'digits', 'frames', 'numbers'] });
    expect(await get('/v2/models/seven')).toMatchObject({ name: 'seven', versions: ['1'] });
    expect(await get('/v2/models/frames/versions/1')).toMatchObject({
      inputs: [{ name: 'frame', datatype: 'FP32', shape: [-1, 28, 28] }],
    });
    expect(await get('/v2/models/seven/ready')).toEqual({ name: 'seven', ready: true });
    expect(await get('/v2/models/digits/config')).toMatchObject({
      max_batch_size: 8,
      input: [{ data_type: 'TYPE_STRING', dims: [1] }],
    });
    expect(await get('/v1/models')).toEqual({ models: ['seven', 'digits', 'frames', 'numbers'] });
    expect(await get('/v1/models/digits')).toEqual({ name: 'digits', ready: true });
  });

  it('count what was asked', async () => {
    const app = await build();
    await post(app, '/v2/models/digits/infer', await images(2));
    await post(app, '/v2/models/digits/infer', { inputs: [] });
    const [digits, frames] = (await app.inject('/v2/models/stats')).json().model_stats;
    expect(digits).toMatchObject({
      name: 'digits',
      inference_count: 2,
      execution_count: 1,
      inference_stats: { success: { count: 1 }, fail: { count: 1 } },
    });
    expect(digits.inference_stats.success.ns).toBeGreaterThan(0);
    expect(frames).toMatchObject({ inference_count: 0, last_inference: 0 });
    expect((await app.inject('/v2/models/digits/stats')).json().model_stats).toEqual([digits]);
  });

  it('list the models of the repository, and take others into service where it can', async () => {
    const fixed = await build();
    expect((await fixed.inject({ method: 'POST', url: '/v2/repository/index' })).json()).toContainEqual({
      name: 'digits',
      version: '1',
      state: 'READY',
      reason: '',
    });
    expectError(await post(fixed, '/v2/repository/index', { ready: 1 }), 400, 'invalid_request');
    expectError(await post(fixed, '/v2/repository/models/digits/load', {}), 501, 'unsupported');
    expectError(await post(fixed, '/v2/repository/models/none/unload', {}), 404, 'model_not_found');
    const asked: string[] = [];
    const repository: ModelRepository = {
      version: '7',
      load: async (model) => void asked.push(`load ${model}`),
      unload: async (model) => void asked.push(`unload ${model}`),
    };
    const app = await build({ repository });
    const loaded = await post(app, '/v2/repository/models/digits/load', {});
    expect([loaded.statusCode, loaded.body, asked]).toEqual([200, '{}', ['load digits']]);
    const answer = await post(app, '/v2/models/digits/versions/7/infer', await images(1));
    expect(answer.json().model_version).toBe('7');
  });

  it('answer every error with `error` and `code`', async () => {
    const readiness = new Readiness();
    const app = await build({ readiness, access: { keyDigests: [digestOfKey('k')], corsOrigins: [] } });
    const headers = { 'x-api-key': 'k' };
    expectError(await app.inject('/v2/health/ready'), 503, 'not_ready');
    expectError(await app.inject({ url: '/v2/models/digits/ready', headers }), 503, 'not_ready');
    expectError(await app.inject('/v2'), 401, 'unauthorized');
    expectError(await app.inject({ url: '/v2/nothing', headers }), 404, 'route_not_found');
    expectError(await app.inject({ url: '/v2/models/none', headers }), 404, 'model_not_found');
    expectError(await app.inject({ url: '/v2/models/digits/versions/2', headers }), 404, 'model_not_found');
    expectError(
      await app.inject({ method: 'DELETE', url: '/v2/models/digits', headers }),
      405,
      'method_not_allowed',
    );
    expectError(await app.inject('/v2/%zz'), 400, 'invalid_request');
    const gzipped = { ...headers, 'content-encoding': 'gzip' };
    expectError(
      await app.inject({ method: 'POST', url: '/v2/models/digits/infer', headers: gzipped, payload: 'x' }),
      415,
      'unsupported_media_type',
    );
    const large = Buffer.alloc(2_000_000);
    expectError(
      await app.inject({ method: 'POST', url: '/v2/models/digits/infer', headers, payload: large }),
      413,
      'body_too_large',
    );
    expect((await app.inject('/v2/health/live')).statusCode).toBe(200);
  });

  it('share the queue and the deadlines of all requests', async () => {
    let answer = (): void => {};
    const told = new Promise<void>((resolve) => (answer = resolve));
    const fake = fakeClassifier();
    const app = await build({
      classifier: { ...fake, probabilities: async (frames) => (await told, fake.probabilities(frames)) },
      limits: { maxQueue: 8 },
    });
    const port = Number(new URL(await app.listen({ port: 0, host: '127.0.0.1' })).port);
    const ask = async (path: string, content: unknown): Promise<Response> =>
      fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST', body: JSON.stringify(content) });
    const first = ask('/v2/models/digits/infer', await images(8));
    await expect.poll(() => app.protocol.inference.isFull).toBe(true);
    for (const path of ['/v2/models/digits/infer', '/v1/models/digits:predict']) {
      const refused = await ask(path, await images(1));
      expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
      expect(refused.headers.get('content-type')).toBe('application/json');
      expect(await refused.json()).toMatchObject({ code: 'overloaded', error: expect.any(String) });
    }
    answer();
    expect((await first).status).toBe(200);
  });

  it('keep the deadline that a request brings', async () => {
    const fake = fakeClassifier();
    const app = await build({ classifier: { ...fake, probabilities: async () => new Promise(() => {}) } });
    const content = { ...(await images(1)), parameters: { timeout: 50_000 } };
    expectError(await post(app, '/v2/models/digits/infer', content), 504, 'deadline_exceeded');
  });
});

describe('/v1/models/{model}:predict', () => {
  it('takes images in base64, bare and as b64, and frames', async () => {
    const app = await build();
    const image = await base64OfDigit(6);
    for (const instance of [image, { b64: image }, { image }, { image: { b64: image } }]) {
      const response = await post(app, '/v1/models/digits:predict', {
        instances: [instance, { b64: image }],
      });
      expect(response.json(), response.body).toEqual({
        predictions: Array.from({ length: 2 }, () => ({ class: 6, probability: expect.any(Number) })),
      });
    }
    const frame = Array.from({ length: 28 }, (_row, y) =>
      Array.from({ length: 28 }, (_, x) => (x + y === 0 ? 4 / 255 : 0)),
    );
    const instances = [[frame, frame], [frame.flat()], [frame.map((row) => row.map((value) => [value]))]];
    for (const some of instances) {
      const response = await post(app, '/v1/models/frames:predict', { instances: some });
      expect(response.json().predictions?.[0]?.class, response.body).toBe(4);
    }
    expect((await post(app, '/v1/models/digits:predict', { instances: [] })).json()).toEqual({
      predictions: [],
    });
  });

  it.each<[string, unknown, number, string]>([
    ['no instances', {}, 400, 'invalid_request'],
    ['instances that are none', { instances: 'x' }, 400, 'invalid_request'],
    ['a number', { instances: [5] }, 400, 'invalid_request'],
    ['no base64', { instances: [{ b64: '!' }] }, 400, 'invalid_base64'],
    ['too many', { instances: Array.from({ length: 9 }, () => 'AAAA') }, 413, 'too_many_images'],
  ])('refuses %s', async (_what, content, status, code) => {
    const app = await build({ readImage: readImageSyncIfSmall });
    expectError(await post(app, '/v1/models/digits:predict', content), status, code);
  });
});
