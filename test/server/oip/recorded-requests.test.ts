import { readFileSync } from 'node:fs';
import type { FastifyInstance, InjectOptions } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildTestApp } from '../../helpers/programs/test-app.js';

/** A request as a client sent it while `check-clients.py` ran, but for its host and its connection. */
interface RecordedRequest {
  readonly client: string;
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** In base64. */
  readonly body: string;
}

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a file of this folder
const recorded = JSON.parse(
  readFileSync(new URL('recorded-requests.json', import.meta.url), 'utf8'),
) as RecordedRequest[];

/** What the check asks for to see how it is refused. */
const REFUSED: Readonly<Record<string, number>> = {
  '/v2/models/none/infer': 404,
  '/v2/models/none/ready': 404,
  '/v2/models/none': 404,
  '/v2/repository/models/digits/load': 501,
};

function expectedStatus({ url, body }: RecordedRequest): number {
  const text = Buffer.from(body, 'base64').toString('latin1');
  // No input, and two bytes that are no image.
  const isFaulty = /"inputs":\s*\[\]/.test(text) || text.endsWith('\x02\0\0\0\x01\x02');
  return REFUSED[url] ?? (isFaulty ? 400 : 200);
}

let app: FastifyInstance;
beforeAll(async () => {
  app = await buildTestApp();
});
afterAll(() => app.close());

describe('what clients were recorded to send', () => {
  it.each(recorded.map((request) => [request.client, request.method, request.url, request] as const))(
    '%s: %s %s',
    async (_client, method, url, request) => {
      const options: InjectOptions = { method, url, headers: request.headers };
      const payload = Buffer.from(request.body, 'base64');
      const response = await app.inject(payload.length > 0 ? { ...options, payload } : options);
      expect(response.statusCode, response.body).toBe(expectedStatus(request));
      if (response.statusCode !== 200) {
        expect(response.headers['content-type']).toBe('application/json');
        expect(response.json()).toMatchObject({
          error: expect.stringMatching(/./),
          code: expect.any(String),
        });
      } else if (url.endsWith('/infer')) {
        const length = Number(
          response.headers['inference-header-content-length'] ?? response.rawPayload.length,
        );
        const { outputs } = JSON.parse(response.rawPayload.toString('utf8', 0, length));
        const [first] = outputs;
        expect(first).toMatchObject({ name: expect.any(String), shape: expect.any(Array) });
        // Clients find what follows the JSON by these sizes alone.
        const sizes = outputs.map((output: { parameters?: { binary_data_size?: number } }) => {
          return output.parameters?.binary_data_size ?? 0;
        });
        const packed = sizes.reduce((sum: number, size: number) => sum + size, 0);
        expect(response.rawPayload.length).toBe(length + packed);
      }
    },
  );
});
