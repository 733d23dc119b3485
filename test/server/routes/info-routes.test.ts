import { describe, expect, it } from 'vitest';
import { Readiness } from '../../../src/server/readiness.js';
import { fakeCard } from '../../helpers/models/fake-classifier.js';
import { buildTestApp, formOf, pngOfDigit } from '../../helpers/programs/test-app.js';

describe('what the service says of itself', () => {
  it('names itself and its routes at /', async () => {
    const app = await buildTestApp();
    const { routes, ...own } = (await app.inject('/')).json();
    expect(own).toEqual({ name: 'inkdigit', version: '1.2.3' });
    expect(routes.filter((route: string) => !/ \/v[12]/.test(route))).toEqual([
      'GET /',
      'GET /livez',
      'GET /healthz',
      'GET /readyz',
      'GET /model',
      'GET /index.html',
      'GET /page.js',
      'GET /models/mnist.int8.onnx',
      'GET /models/finder.int8.onnx',
      'GET /models/reader.int8.onnx',
      'GET /models/thumbnail.int8.onnx',
      'GET /models/detector.int8.onnx',
      'GET /models/verifier.int8.onnx',
      'POST /mnist/classify',
      'POST /mnist/read',
    ]);
    expect(routes).toContain('POST /v2/models/{model}/infer');
    expect(routes).toContain('POST /v1/models/{model}:predict');
    await app.close();
  });

  it("answers the model's card at /model, whole", async () => {
    const app = await buildTestApp();
    expect((await app.inject('/model')).json()).toEqual(fakeCard());
    await app.close();
  });

  it('answers what a card has recorded beyond what it must', async () => {
    const test = {
      accuracy: 0.5,
      correct: 1,
      count: 2,
      calibrationError: 0.01,
      negativeLogLikelihood: 0.7,
    };
    for (const robustness of [null, { meanError: 0.25, errors: { fog: 0.5, scale: 0 } }]) {
      const card = { ...fakeCard(), test, robustness };
      const app = await buildTestApp({ card });
      expect((await app.inject('/model')).json()).toEqual(card);
      await app.close();
    }
  });

  it('is live from the start, and ready only between warm-up and shutdown', async () => {
    const readiness = new Readiness();
    const app = await buildTestApp({ readiness });
    const statusOf = async (url: string): Promise<number> => (await app.inject(url)).statusCode;
    expect(await statusOf('/livez')).toBe(200);
    expect(await statusOf('/readyz')).toBe(503);
    expect((await app.inject('/readyz')).json()).toMatchObject({ code: 'not_ready', errors: [] });

    readiness.markReady();
    expect((await app.inject('/readyz')).json()).toEqual({ status: 'ready' });

    readiness.markDraining();
    readiness.markReady();
    const draining = await app.inject('/readyz');
    expect(draining.statusCode).toBe(503);
    expect(draining.json().message).toContain('shutting down');
    expect(draining.headers.connection).toBe('close');
    expect(await statusOf('/livez')).toBe(200);
    await app.close();
  });
});

describe('the log', () => {
  it('has one line a request, without query, content or what was wrong with it', async () => {
    const lines: string[] = [];
    const logger = { level: 'trace', stream: { write: (line: string) => lines.push(line) } };
    const app = await buildTestApp({ logger });
    const url = '/mnist/classify?detail=full&secretquery';
    const content = await pngOfDigit(1);
    const file = { name: 'secretfield', filename: 'secretname.png', content };
    await app.inject({ method: 'POST', url, ...formOf([file, file]) });
    const headers = { 'content-type': 'application/json' };
    await app.inject({ method: 'POST', url, headers, payload: '{"requests":[{"image":"secret!"}]}' });
    await app.inject({ method: 'POST', url, headers, payload: '{"secret' });
    await app.inject('/nowhere?secret');
    await app.close();

    expect(lines.join('')).not.toContain('secret');
    const requests = lines.map((line): unknown => JSON.parse(line)).filter(isRequestLine);
    expect(requests).toMatchObject([
      { method: 'POST', path: '/mnist/classify', status: 200, images: 2 },
      { method: 'POST', path: '/mnist/classify', status: 400, images: 1, code: 'invalid_base64' },
      { method: 'POST', path: '/mnist/classify', status: 400, images: 0, code: 'malformed_json' },
      { method: 'GET', path: '/nowhere', status: 404, images: 0, code: 'route_not_found' },
    ]);
  });
});

function isRequestLine(line: unknown): boolean {
  return typeof line === 'object' && line !== null && 'msg' in line && line.msg === 'request';
}
