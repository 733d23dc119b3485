import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { inspect } from 'node:util';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { MnistClient, MnistClientError, type MnistClientOptions } from '../../src/client/exports.js';
import { startServer, unusedPort } from '../data/download/local-server.js';
import { answer, sendJson, startFakeService } from './fake-service.js';

/** Images that the fake service reads as these digits. */
function images(...values: number[]): Uint8Array[] {
  return values.map((value) => new Uint8Array([value]));
}

function clientOf(server: string, options: MnistClientOptions = {}): MnistClient {
  return new MnistClient({ server, retryDelayMs: 1, ...options });
}

async function errorOf(promise: Promise<unknown>): Promise<MnistClientError> {
  const thrown: unknown = await promise.then(
    () => new Error('expected an error'),
    (reason: unknown) => reason,
  );
  if (thrown instanceof MnistClientError) return thrown;
  throw thrown;
}

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

describe('the address of the server', () => {
  it.each(['', '/', '///', '/mnist/classify', '/mnist/classify/', '?a=1', '#top'])(
    'may end with %j',
    async (end) => {
      const { url, requests } = await startFakeService();
      await clientOf(url.replace(/\/$/, end)).classify(images(1));
      expect(requests[0]?.url).toBe('/mnist/classify');
    },
  );

  it('may lack http://', async () => {
    const { url, requests } = await startFakeService();
    await clientOf(url.replace('http://', '')).classify(images(1));
    await clientOf(url.replace('http://127.0.0.1', 'localhost').replace(/\/$/, '')).classify(images(1));
    expect(requests).toHaveLength(2);
  });

  it.each([
    'http://user:s3cret@127.0.0.1:8000/',
    'user:s3cret@127.0.0.1:8000',
    'ftp://user:s3cret@127.0.0.1/',
    'http://user:s3cret#@127.0.0.1/',
    'http://user:12/s3cret@127.0.0.1/',
    'http://s3cret@127.0.0.1/',
    new URL('http://:s3cret@127.0.0.1/'),
  ])('with a password is refused, and not repeated: %s', (server) => {
    let thrown: unknown;
    try {
      clientOf(server instanceof URL ? server.href : server);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({ code: 'invalid_option' });
    expect(inspect(thrown, { depth: 9, showHidden: true })).not.toContain('s3cret');
    expect(inspect(thrown)).toContain('apiKey');
  });
});

describe('redirects', () => {
  /** A server that sends every request on, with the path it came to. */
  const redirecting = (status: number, to: string) =>
    startServer((request, response) => {
      response.writeHead(status, { location: `${to}${request.url}` }).end('moved');
    });

  it.each([307, 308])('%i is followed with the same images, elsewhere without the key', async (status) => {
    const service = await startFakeService();
    const { url, requests } = await redirecting(status, service.url.replace(/\/$/, ''));
    const answers = await clientOf(url, { apiKey: 'the-key' }).classify(images(4));
    expect(answers).toEqual([{ class: 4, probability: 0.75 }]);
    expect(requests[0]?.headers.authorization).toBe('Bearer the-key');
    expect(service.batches).toEqual([[4]]);
    expect(service.requests[0]?.headers).not.toHaveProperty('authorization');
    expect(service.requests[0]?.headers['content-type']).toBe('application/json');
  });

  it('is followed with the key on the same origin', async () => {
    const { url, requests } = await startServer((request, response) => {
      if (request.url?.startsWith('/v2/'))
        sendJson(response, 200, { responses: [{ class: 1, probability: 1 }] });
      else response.writeHead(308, { location: `/v2${request.url}` }).end();
    });
    await clientOf(url, { apiKey: 'the-key' }).classify(images(1));
    expect(requests.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer the-key',
      'Bearer the-key',
    ]);
  });

  it.each([301, 302, 303])('%i is named with the new address, which works', async (status) => {
    const service = await startFakeService();
    const { url } = await redirecting(status, `${service.url}sub`);
    const error = await errorOf(clientOf(url).classify(images(1)));
    expect(error.code).toBe('moved');
    expect(error.message).toContain(`The server at ${url} has moved to ${service.url}sub/;`);
    expect(await errorOf(clientOf(url).model())).toMatchObject({ code: 'moved' });
    expect(await errorOf(clientOf(url).ready())).toMatchObject({ code: 'moved' });
    expect(service.requests).toHaveLength(0);
  });

  it('to nowhere end, and no password of theirs is told', async () => {
    const round = await startServer((request, response) => {
      response.writeHead(307, { location: request.url }).end();
    });
    expect(await errorOf(clientOf(round.url).classify(images(1)))).toMatchObject({ code: 'moved' });
    expect(round.requests.length).toBeLessThan(10);
    for (const [status, code] of [
      [301, 'moved'],
      [307, 'unreachable'],
    ] as const) {
      const to = `http://user:s3cret@127.0.0.1:${await unusedPort()}`;
      const { url } = await redirecting(status, to);
      const error = await errorOf(clientOf(url, { retries: 0 }).classify(images(1)));
      expect(error.code).toBe(code);
      expect(inspect(error, { depth: 9 })).not.toContain('s3cret');
    }
  });

  it('does not send images that came over https on in the clear', async () => {
    const asked: string[] = [];
    const fetch: typeof globalThis.fetch = async (input) => {
      asked.push(input instanceof Request ? input.url : input.toString());
      return new Response(null, { status: 308, headers: { location: 'http://example.org/mnist/classify' } });
    };
    const error = await errorOf(clientOf('https://example.org/', { fetch }).classify(images(1)));
    expect(error.message).toContain('has moved to http://example.org/;');
    expect(asked).toEqual(['https://example.org/mnist/classify']);
  });

  it.each([
    ['that keeps the request is left to the browser, which hides it', 200, { class: 1, probability: 1 }],
    ['that turned it into GET is named', 405, undefined],
  ])('%s', async (_what, status, expected) => {
    const fetch: typeof globalThis.fetch = async (_input, init) => {
      if (init?.redirect === 'manual') return opaqueRedirect();
      const body = JSON.stringify({ responses: [{ class: 1, probability: 1 }] });
      const response = new Response(body, { status });
      Object.defineProperties(response, {
        redirected: { value: true },
        url: { value: 'https://example.org/new/mnist/classify' },
      });
      return response;
    };
    const answers = clientOf('https://example.org/', { fetch }).classify(images(1));
    if (expected) expect(await answers).toEqual([expected]);
    else expect((await errorOf(answers)).message).toContain('has moved to https://example.org/new/;');
  });

  /** What browsers give for a redirect that is not to be followed. */
  function opaqueRedirect(): Response {
    const response = Response.error();
    Object.defineProperty(response, 'type', { value: 'opaqueredirect' });
    return response;
  }
});

describe('a proxy', () => {
  const PAGE = '<html><h1>It is not the service that says so</h1></html>';

  it('that takes smaller bodies than the service gets smaller ones', async () => {
    const { url, batches } = await startFakeService({
      intercept: (response, request) => {
        if ((batches[request - 1]?.length ?? 0) <= 2) return false;
        response.writeHead(413, { 'content-type': 'text/html' }).end(PAGE);
        return true;
      },
    });
    const answers = await clientOf(url, { concurrency: 1 }).classify(images(1, 2, 3, 4, 5, 6, 7));
    expect(answers.map((read) => read.class)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  it('that takes no such image is named', async () => {
    const { url } = await startServer((_, response) => response.writeHead(413).end(PAGE));
    const error = await errorOf(clientOf(url).classify(images(1, 2)));
    expect(error).toMatchObject({ code: 'body_too_large', status: 413 });
    expect(error.items.map(({ index }) => index)).toEqual([0, 1]);
    expect(error.items[0]?.message).toContain(`A proxy before the server at ${url}`);
  });

  it.each([502, 503, 504])(
    'that answers %i in place of the service is asked again, then named',
    async (status) => {
      let failures = 2;
      const { url, batches } = await startFakeService({
        intercept: (response) => {
          if (failures-- <= 0) return false;
          response.writeHead(status, { 'content-type': 'text/html' }).end(PAGE);
          return true;
        },
      });
      expect(await clientOf(url).classify(images(8))).toEqual([{ class: 8, probability: 0.75 }]);
      expect(batches).toHaveLength(3);
      failures = 99;
      const error = await errorOf(clientOf(url, { retries: 0 }).classify(images(8)));
      expect(error).toMatchObject({ code: 'unreachable', status });
      expect(error.message).toContain(`gets no answer from it (HTTP ${status})`);
    },
  );

  it.each([502, 504])('that answers %i means that the service is not ready', async (status) => {
    const { url } = await startServer((_, response) => response.writeHead(status).end(PAGE));
    expect(await clientOf(url).ready()).toBe(false);
  });
});

describe('http and https mixed up', () => {
  it('names http where it is spoken', async () => {
    const { url } = await startFakeService();
    const error = await errorOf(clientOf(url.replace('http:', 'https:')).classify(images(1)));
    expect(error.code).toBe('unreachable');
    expect(error.message).toContain(`that port speaks http, not https. Give ${url}.`);
  });

  it.each([
    ['a server that closes', (socket: Socket) => void socket.destroy()],
    ['a server that says so', (socket: Socket) => void socket.end(HTTPS_ONLY)],
  ])('names https for %s', async (_what, answerPlain) => {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', () => answerPlain(socket));
    }).listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const error = await errorOf(clientOf(`http://127.0.0.1:${port}/`).classify(images(1)));
    expect(error.code).toBe('unreachable');
    expect(error.message).toContain(`https://127.0.0.1:${port}/`);
  });

  const HTTPS_ONLY = 'HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n';
});

describe('retries', () => {
  const unavailable = (failures: number, retryAfter?: string) =>
    startFakeService({
      intercept: (response, request) => {
        if (request > failures) return false;
        if (retryAfter !== undefined) response.setHeader('retry-after', retryAfter);
        answer(response, 503, 'not_ready', 'try again');
        return true;
      },
    });

  it('asks again on 503', async () => {
    const { url, batches } = await unavailable(2, '0');
    expect(await clientOf(url).classify(images(8))).toEqual([{ class: 8, probability: 0.75 }]);
    expect(batches).toEqual([[8], [8], [8]]);
  });

  it('gives up after as many retries as it was told', async () => {
    const { url, batches } = await unavailable(99);
    expect(await errorOf(clientOf(url, { retries: 2 }).classify(images(8)))).toMatchObject({
      code: 'not_ready',
      status: 503,
    });
    expect(batches).toHaveLength(3);
  });

  it('does not wait longer than it was allowed to', async () => {
    const { url, batches } = await unavailable(1, '3600');
    expect(await errorOf(clientOf(url).classify(images(8)))).toMatchObject({
      status: 503,
      retryAfterMs: 3_600_000,
    });
    expect(batches).toHaveLength(1);
  });

  it.each([
    [0, 2000],
    [0.5, 2500],
  ])('waits as long as asked and the share %d of half of it', async (random, expectedMs) => {
    vi.spyOn(Math, 'random').mockReturnValue(random);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => {
      vi.restoreAllMocks();
      vi.useRealTimers();
    });
    let requests = 0;
    const fetch: typeof globalThis.fetch = async () => {
      requests += 1;
      if (requests === 1) return new Response('', { status: 503, headers: { 'retry-after': '2' } });
      return Response.json({ responses: [{ class: 1, probability: 1 }] });
    };
    const answers = new MnistClient({ fetch }).classify(images(1));
    await vi.advanceTimersByTimeAsync(expectedMs - 1);
    expect(requests).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(await answers).toHaveLength(1);
  });

  it('does not ask again when the service itself had no time: it would work as long again', async () => {
    const { url, batches } = await startFakeService({
      intercept: (response) => {
        answer(response, 504, 'deadline_exceeded', 'too slow');
        return true;
      },
    });
    expect(await errorOf(clientOf(url).classify(images(8)))).toMatchObject({ code: 'deadline_exceeded' });
    expect(batches).toHaveLength(1);
  });

  it('asks again when the connection is reset', async () => {
    const { url, batches } = await startFakeService({
      intercept: (response, request) => {
        if (request === 1) response.destroy();
        return request === 1;
      },
    });
    expect(await clientOf(url).classify(images(8))).toEqual([{ class: 8, probability: 0.75 }]);
    expect(batches).toHaveLength(2);
  });

  it.each([400, 404, 413, 429, 500])('does not ask again on %i', async (status) => {
    const { url, batches } = await startFakeService({
      intercept: (response) => {
        answer(response, status, 'some_code', 'no');
        return true;
      },
    });
    expect((await errorOf(clientOf(url).classify(images(8)))).status).toBe(status);
    expect(batches).toHaveLength(1);
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
