import { describe, expect, it } from 'vitest';
import { MnistClient } from '../../src/client/exports.js';
import { startServer, unusedPort } from '../data/download/local-server.js';
import { clientOf, errorOf, images } from './clients.js';
import { answer, sendJson, startFakeService } from './fake-service.js';

describe('classify', () => {
  it('gives the answers in the order of the images', async () => {
    const { url } = await startFakeService();
    expect(await clientOf(url).classify(images(3, 1, 4))).toEqual([
      { class: 3, probability: 0.75 },
      { class: 1, probability: 0.75 },
      { class: 4, probability: 0.75 },
    ]);
  });

  it('takes bytes, buffers, blobs, base64 and data URLs', async () => {
    const { url } = await startFakeService();
    const whole = new Uint8Array([9, 5, 9]);
    const [bytes] = images(1);
    const answers = await clientOf(url).classify([
      bytes ?? '',
      new Uint8Array([2]).buffer,
      new Blob([new Uint8Array([3])]),
      Buffer.from([4]).toString('base64'),
      whole.subarray(1, 2),
    ]);
    expect(answers.map((read) => read.class)).toEqual([1, 2, 3, 4, 5]);
  });

  it('gives with partial what is wrong with a bad image at its place, over several requests', async () => {
    const { url, batches } = await startFakeService({ maxBatch: 2 });
    const client = clientOf(url, { maxBatch: 2, concurrency: 1 });
    const error = { code: 'not_an_image', message: '77 is no digit' };
    expect(await client.classify(images(1, 77, 77, 4, 5), { partial: true })).toEqual([
      { class: 1, probability: 0.75 },
      { error },
      { error },
      { class: 4, probability: 0.75 },
      { class: 5, probability: 0.75 },
    ]);
    expect(batches).toEqual([[1, 77], [77, 4], [5]]);
    const [full] = await client.classify(images(1), { partial: true, detail: 'full' });
    expect(full).toMatchObject({ class: 1, digit: true });
  });

  it('gives with partial what is too large alone at its place', async () => {
    const { url } = await startFakeService({
      intercept: (response, request) => {
        if (request > 2) return false;
        answer(response, 413, 'body_too_large', 'too large');
        return true;
      },
    });
    const client = clientOf(url, { concurrency: 1 });
    expect(await client.classify(images(1, 2), { partial: true })).toEqual([
      { error: { code: 'body_too_large', message: 'too large' } },
      { class: 2, probability: 0.75 },
    ]);
  });

  it('sends its key with every request, and no other header where it has none', async () => {
    const { url, requests } = await startFakeService();
    await clientOf(url, { apiKey: 'the-key' }).classify(images(7));
    await clientOf(url, { apiKey: 'the-key' })
      .ready()
      .catch(() => {});
    await clientOf(url).classify(images(7));
    expect(requests.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer the-key',
      'Bearer the-key',
      undefined,
    ]);
  });

  it.each(['', 'a key', 'key\n', 'clé'])('refuses the key %j without repeating it', (apiKey) => {
    expect(() => new MnistClient({ apiKey })).toThrow(
      'Expected apiKey to be ASCII characters without spaces.',
    );
  });

  it('asks for all ten probabilities only when told to', async () => {
    const { url, requests } = await startFakeService();
    const [full, frame] = await clientOf(url).classify(images(7, 2), { detail: 'full' });
    expect(full?.probabilities).toHaveLength(10);
    expect(full?.probabilities[7]).toBe(0.75);
    expect(full?.frame).toMatch(/^data:image\/png;base64,/);
    expect([full?.box, frame?.box]).toEqual([[1, 2, 3, 4], undefined]);
    await clientOf(url).classify(images(7));
    expect(requests.map((request) => request.url)).toEqual([
      '/mnist/classify?detail=full',
      '/mnist/classify',
    ]);
  });

  it('splits into requests of maxBatch and joins the answers in order', async () => {
    const { url, batches } = await startFakeService();
    const values = Array.from({ length: 23 }, (_, i) => i % 10);
    const answers = await clientOf(url, { maxBatch: 5, concurrency: 3 }).classify(images(...values));
    expect(answers.map((read) => read.class)).toEqual(values);
    expect(batches.map((batch) => batch.length).toSorted((a, b) => b - a)).toEqual([5, 5, 5, 5, 3]);
  });

  it('has at most `concurrency` requests in flight', async () => {
    let open = 0;
    let most = 0;
    const fetch: typeof globalThis.fetch = async (input, init) => {
      most = Math.max(most, ++open);
      const response = await globalThis.fetch(input, init);
      open--;
      return response;
    };
    const { url } = await startFakeService();
    await clientOf(url, { maxBatch: 1, concurrency: 3, fetch }).classify(images(1, 2, 3, 4, 5, 6, 7));
    expect(most).toBe(3);
  });

  it('learns that the server takes fewer images in a request', async () => {
    const { url, batches } = await startFakeService({ maxBatch: 4 });
    const client = clientOf(url, { maxBatch: 16, concurrency: 1 });
    const values = Array.from({ length: 40 }, (_, i) => i % 10);
    expect((await client.classify(images(...values))).map((read) => read.class)).toEqual(values);
    const refused = batches.filter((batch) => batch.length > 4).length;
    await client.classify(images(...values));
    expect(batches.filter((batch) => batch.length > 4)).toHaveLength(refused);
  });

  it('names an image that is too large alone', async () => {
    const { url } = await startFakeService({
      intercept: (response) => {
        answer(response, 413, 'body_too_large', 'at most 9 bytes');
        return true;
      },
    });
    const error = await errorOf(clientOf(url).classify(images(1, 2)));
    expect(error).toMatchObject({ code: 'body_too_large', status: 413 });
    expect(error.items).toEqual([
      { index: 0, message: 'at most 9 bytes' },
      { index: 1, message: 'at most 9 bytes' },
    ]);
  });

  it('sends nothing for no images', async () => {
    const { url, requests } = await startFakeService();
    expect(await clientOf(url).classify([])).toEqual([]);
    expect(requests).toHaveLength(0);
  });

  it('keeps the path of the address', async () => {
    const { url, requests } = await startServer((_, response) =>
      sendJson(response, 200, { responses: [{ class: 1, probability: 1 }] }),
    );
    await clientOf(`${url}digits`).classify(images(1));
    expect(requests[0]?.url).toBe('/digits/mnist/classify');
  });
});

describe('errors', () => {
  it("has the server's code, status, message and items", async () => {
    const { url } = await startFakeService();
    const error = await errorOf(clientOf(url).classify(images(1, 200, 2)));
    expect(error).toMatchObject({ code: 'not_an_image', status: 400, message: 'bad images' });
    expect(error.items).toEqual([{ index: 1, message: '200 is no digit' }]);
  });

  it("names every bad image of all requests by its place in the caller's list", async () => {
    const { url } = await startFakeService();
    const values = Array.from({ length: 20 }, (_, i) => ([2, 11, 12, 19].includes(i) ? 100 + i : 1));
    const error = await errorOf(clientOf(url, { maxBatch: 4 }).classify(images(...values)));
    expect(error.items.map(({ index }) => index)).toEqual([2, 11, 12, 19]);
    expect(error.items[3]).toEqual({ index: 19, message: '119 is no digit' });
    expect(error.code).toBe('not_an_image');
    expect(error.message).toContain('4 images');
  });

  it('says where the server was expected and how to start one', async () => {
    const server = `http://127.0.0.1:${await unusedPort()}/`;
    const error = await errorOf(clientOf(server).classify(images(1)));
    expect(error.code).toBe('unreachable');
    expect(error.message).toContain(server);
    expect(error.message).toContain('ECONNREFUSED');
    expect(error.message).toContain('npm start');
  });

  it('gives up waiting after timeoutMs, for headers and for a body', async () => {
    const silent = await startServer(() => {});
    const endless = await startServer((_, response) => void response.writeHead(200).write('{'));
    for (const { url } of [silent, endless]) {
      const error = await errorOf(clientOf(url, { timeoutMs: 50 }).classify(images(1)));
      expect(error.code).toBe('timeout');
      expect(error.message).toBe(`The server at ${url} did not answer within 50 ms.`);
    }
  });

  it.each([
    ['a web page', '<html></html>', 200],
    ['too few answers', '{"responses":[]}', 200],
    ['answers of another form', '{"responses":[{"digit":1}]}', 200],
  ])('does not take %s for an answer', async (_, body, status) => {
    const { url } = await startServer((__, response) => response.writeHead(status).end(body));
    const error = await errorOf(clientOf(url).classify(images(1)));
    expect(error).toMatchObject({ code: 'invalid_answer', status });
    expect(error.message).toContain(url);
  });

  it('stops at once when aborted, with the reason', async () => {
    const abort = new AbortController();
    const reason = new Error('the page was left');
    const { url, requests } = await startServer(() => abort.abort(reason));
    const options = { signal: abort.signal };
    await expect(clientOf(url).classify(images(1, 2, 3), options)).rejects.toBe(reason);
    const sent = requests.length;
    await expect(clientOf(url).classify(images(1), options)).rejects.toBe(reason);
    expect(requests).toHaveLength(sent);
  });

  it('ends the other requests of a call when one fails', async () => {
    const { url, batches } = await startFakeService({
      intercept: (response, request) => {
        if (request === 2) answer(response, 500, 'internal', 'broken');
        return request <= 2;
      },
    });
    const error = await errorOf(
      clientOf(url, { maxBatch: 1, concurrency: 2 }).classify(images(1, 2, 3, 4, 5)),
    );
    expect(error).toMatchObject({ code: 'internal', status: 500 });
    expect(batches).toHaveLength(2);
  });

  it.each([
    [{ server: '' }, 'got ""'],
    [{ server: '/digits/' }, 'got "/digits/"'],
    [{ server: 'mailto:someone' }, 'got "mailto:someone"'],
    [{ server: 'ftp://example.org/' }, 'got "ftp://example.org/"'],
    [{ timeoutMs: 0 }, 'timeoutMs'],
    [{ timeoutMs: 2 ** 31 }, 'timeoutMs'],
    [{ maxBatch: 0.5 }, 'maxBatch'],
    [{ retries: -1 }, 'retries'],
    [{ concurrency: Number.NaN }, 'concurrency'],
  ])('refuses the options %j', (options, reason) => {
    expect(() => new MnistClient(options)).toThrow(reason);
  });
});

describe('model and ready', () => {
  it("reads the model's card", async () => {
    const card = { name: 'mnist', file: { bytes: 3, sha256: 'abc' }, epochs: 4 };
    const { url, requests } = await startServer((_, response) => sendJson(response, 200, card));
    expect(await clientOf(url).model()).toEqual(card);
    expect(requests[0]?.url).toBe('/model');
  });

  it('refuses what is no card', async () => {
    const { url } = await startServer((_, response) => sendJson(response, 200, {}));
    expect((await errorOf(clientOf(url).model())).code).toBe('invalid_answer');
  });

  it.each([
    [200, true],
    [503, false],
  ])('on %i ready is %s', async (status, expected) => {
    const { url, requests } = await startServer((_, response) => sendJson(response, status, { status: '' }));
    expect(await clientOf(url).ready()).toBe(expected);
    expect(requests.map((request) => request.url)).toEqual(['/readyz']);
  });

  it('a server that cannot be reached is not ready; another kind of server is an error', async () => {
    expect(await clientOf(`http://127.0.0.1:${await unusedPort()}/`).ready()).toBe(false);
    const { url } = await startServer((_, response) => response.writeHead(404).end());
    expect((await errorOf(clientOf(url).ready())).code).toBe('invalid_answer');
  });
});
