import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { buildTestApp } from '../../helpers/programs/test-app.js';

describe('the models of the page over HTTP', () => {
  it('are the files that ship, once: then 304', async () => {
    const app = await buildTestApp();
    const url = '/models/thumbnail.int8.onnx';
    const first = await app.inject(url);
    expect([first.statusCode, first.headers['content-type']]).toEqual([200, 'application/octet-stream']);
    const file = readFileSync(new URL('../../../models/thumbnail.int8.onnx', import.meta.url));
    expect(Buffer.compare(first.rawPayload, file)).toBe(0);
    const again = await app.inject({ url, headers: { 'if-none-match': String(first.headers.etag) } });
    expect([again.statusCode, again.body]).toEqual([304, '']);
    expect((await app.inject('/models/thumbnail.weights')).statusCode).toBe(404);
    await app.close();
  });
});
