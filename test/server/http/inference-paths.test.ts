import { afterEach, describe, expect, it } from 'vitest';
import type { FastifyInstance } from 'fastify';
import { asksForNumbers, inferenceRoute } from '../../../src/server/http/inference-paths.js';
import { buildTestApp } from '../../helpers/programs/test-app.js';

let app: FastifyInstance | undefined;
afterEach(() => app?.close());

describe('the routes that ask for inference', () => {
  it('are told by their URLs as the app tells them', async () => {
    const urls = [
      '/v2/models/digits/infer',
      '/v2/models/digits/infer?x=1',
      '/v2/models/a%2Fb/infer',
      '/v2/models/digits/versions/1/infer',
      '/v1/models/digits:predict',
    ];
    app = await buildTestApp();
    const routes: (string | undefined)[] = [];
    app.addHook('onRequest', async (request) => void routes.push(request.routeOptions.url));
    for (const url of urls) await app.inject({ method: 'POST', url, payload: '{}' });
    expect(routes).toHaveLength(urls.length);
    expect(urls.map(inferenceRoute)).toEqual(routes);
  });

  it.each(['/v2/models/digits/ready', '/v1/models/digits', '/v2/models/digits/infer/more', '/v2/infer'])(
    'are not %s',
    (url) => {
      expect(inferenceRoute(url)).toBe(undefined);
    },
  );

  it.each([
    ['/mnist/read', true],
    ['/mnist/read?length=4', true],
    ['/v2/models/numbers/infer', true],
    ['/v1/models/numbers:predict', true],
    ['/mnist/classify', false],
    ['/v2/models/digits/infer', false],
    ['/v2/models/digits/versions/numbers/infer', false],
  ])('%s asks for numbers: %s', (url, answer) => {
    expect(asksForNumbers(url)).toBe(answer);
  });
});
