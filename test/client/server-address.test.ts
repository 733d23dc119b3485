import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { inspect } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startServer, unusedPort } from '../data/download/local-server.js';
import { clientOf, errorOf, images } from './clients.js';
import { sendJson, startFakeService } from './fake-service.js';

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
