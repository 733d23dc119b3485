import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fastify from 'fastify';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { inkdigit } from '../../src/embed/fastify.js';
import { createHandler, type Handler, type HandlerOptions } from '../../src/embed/handler.js';
import { parseExposition, valueOf } from '../helpers/surroundings/parse-exposition.js';
import { base64OfDigit, pngOfDigit } from '../helpers/programs/test-app.js';
import { writeTinyModel } from '../helpers/models/tiny-model.js';

let folder: string;
let modelPath: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'inkdigit-embed-'));
  modelPath = writeTinyModel(folder);
});
afterAll(() => rmSync(folder, { recursive: true }));

async function handlerOf(options: HandlerOptions = {}): Promise<Handler> {
  const handler = await createHandler({ modelPath, ...options });
  onTestFinished(() => handler.close());
  return handler;
}

/** @returns the server's address, without a slash at its end */
async function listen(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return `http://127.0.0.1:${port}`;
}

async function classify(url: string, digit: number, headers = {}): Promise<Response> {
  const init = { method: 'POST', headers: { 'content-type': 'image/png', ...headers } };
  return fetch(`${url}/mnist/classify`, { ...init, body: Uint8Array.from(await pngOfDigit(digit)) });
}

const ONE_ANSWER = { responses: [{ class: expect.any(Number), probability: expect.any(Number) }] };

describe('createHandler', () => {
  it('answers as the service does in a server of Node.js', async () => {
    const url = await listen(await handlerOf());
    const response = await classify(url, 3);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual(ONE_ANSWER);
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(await (await fetch(`${url}/readyz`)).json()).toEqual({ status: 'ready' });
    expect((await fetch(`${url}/nowhere`)).status).toBe(404);
    expect((await fetch(`${url}/mnist/classify`)).status).toBe(405);
  });

  it('has limits and keys of its own', async () => {
    const url = await listen(await handlerOf({ limits: { maxBatch: 1 }, apiKeys: ['secret'] }));
    expect((await classify(url, 3)).status).toBe(401);
    const image = await base64OfDigit(3);
    const response = await fetch(`${url}/mnist/classify`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-api-key': 'secret' },
      body: JSON.stringify({ requests: [{ image }, { image }] }),
    });
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ code: 'too_many_images' });
  });

  it('leaves other paths to what comes next, and says that a parser read the body before it', async () => {
    const handler = await handlerOf();
    const url = await listen((request, response) => {
      const next = (error?: unknown): void => void response.writeHead(418).end(String(error));
      if (request.headers['x-parse'] === undefined) handler(request, response, next);
      else request.resume().once('end', () => handler(request, response, next));
    });
    const other = await fetch(`${url}/other`);
    expect([other.status, await other.text()]).toEqual([418, 'undefined']);
    expect((await classify(url, 3)).status).toBe(200);
    const read = await classify(url, 3, { 'x-parse': 'yes' });
    expect(await read.text()).toContain('mount inkdigit before parsers');
  });

  it('is not ready once it drains, answers what is open, and closes once', async () => {
    const handler = await handlerOf();
    const url = await listen(handler);
    const body = await pngOfDigit(4);
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    onTestFinished(() => void socket.destroy());
    const head =
      'POST /mnist/classify HTTP/1.1\r\nhost: a\r\n' +
      `content-type: image/png\r\ncontent-length: ${body.length}\r\n`;
    socket.write(`${head}\r\n`);
    socket.write(body.subarray(0, 10));
    // Answered after the first bytes of the other have arrived.
    expect((await classify(url, 3)).status).toBe(200);
    handler.drain();
    expect((await fetch(`${url}/readyz`)).status).toBe(503);
    const closed = handler.close();
    socket.write(body.subarray(10));
    const [answer] = await once(socket, 'data');
    expect(String(answer)).toMatch(/^HTTP\/1.1 200 /);
    await closed;
    await handler.close();
    await handler[Symbol.asyncDispose]();
  });

  it('counts where it is told to, of itself alone, and answers it by a route if that is asked', async () => {
    const handler = await handlerOf({ metrics: 'route', apiKeys: ['secret'] });
    const url = await listen(handler);
    const key = { 'x-api-key': 'secret' };
    expect((await classify(url, 3, key)).status).toBe(200);
    expect((await fetch(`${url}/metrics`)).status).toBe(401);
    const answer = await fetch(`${url}/metrics`, { headers: key });
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=0.0.4/);
    const first = parseExposition(await answer.text());
    const families = parseExposition(handler.metrics());
    for (const one of [first, families]) {
      expect(valueOf(one, 'inkdigit_images_answered_total', { model: 'digits' })).toBe(1);
      expect(valueOf(one, 'inkdigit_refusals_total', { code: 'unauthorized' })).toBe(1);
    }
    expect(valueOf(families, 'inkdigit_images_in_flight_limit')).toBe(512);
    const route = { http_request_method: 'GET', http_route: '/metrics', http_response_status_code: '200' };
    await expect
      .poll(() =>
        valueOf(parseExposition(handler.metrics()), 'http_server_request_duration_seconds_count', route),
      )
      .toBe(1);
    // What the program around it says of its process, if it says so.
    const names = [...families.keys()];
    expect(names.filter((name) => /process|event_loop|workers?_/.test(name))).toEqual([]);
    expect(handler.metrics('openmetrics')).toMatch(/# EOF\n$/);
  });

  it('counts nothing unless it is told to, and has no route for it then', async () => {
    const silent = await handlerOf();
    expect(() => silent.metrics()).toThrow('with the option metrics');
    expect((await fetch(`${await listen(silent)}/metrics`)).status).toBe(404);
    const counting = await handlerOf({ metrics: true });
    expect((await fetch(`${await listen(counting)}/metrics`)).status).toBe(404);
    expect(counting.metrics()).toContain('inkdigit_build_info');
  });

  it('says which model is missing, and which limits exclude each other', async () => {
    await expect(createHandler({ modelPath: 'none.onnx' })).rejects.toMatchObject({ code: 'missing_file' });
    const limits = { maxQueue: 1 };
    await expect(createHandler({ modelPath, limits })).rejects.toMatchObject({ code: 'invalid_option' });
  });
});

describe('inkdigit, the plugin of Fastify', () => {
  it('answers under its prefix with its own limits, beside the routes and hooks of the app', async () => {
    const app = fastify({ bodyLimit: 10 });
    onTestFinished(() => app.close());
    app.addHook('preHandler', async (request, reply) => {
      void reply.header('x-app', 'yes');
      if (request.headers['x-deny'] !== undefined) return reply.code(403).send({ denied: true });
      return undefined;
    });
    await app.register(inkdigit, { prefix: '/digits', modelPath, metrics: 'route' });
    app.get('/', async () => ({ mine: true }));
    const url = await app.listen({ port: 0, host: '127.0.0.1' });
    expect(await (await fetch(url)).json()).toEqual({ mine: true });

    const response = await classify(`${url}/digits`, 3);
    expect(response.headers.get('x-app')).toBe('yes');
    expect(await response.json()).toEqual(ONE_ANSWER);
    expect((await classify(`${url}/digits`, 3, { 'x-deny': 'yes' })).status).toBe(403);
    const metrics = parseExposition(await (await fetch(`${url}/digits/metrics`)).text());
    expect(valueOf(metrics, 'inkdigit_images_answered_total', { model: 'digits' })).toBe(1);
    for (const path of ['/digits', '/digits/', '/digits?a=1']) {
      expect(await (await fetch(url + path)).json()).toMatchObject({ name: 'inkdigit' });
    }
    const missing = await fetch(`${url}/digits/nowhere`);
    expect(missing.status).toBe(404);
    expect(await missing.json()).toMatchObject({ code: 'route_not_found' });
  });

  it('closes with the app', async () => {
    const app = fastify();
    await app.register(inkdigit, { prefix: '/digits', modelPath });
    const url = await app.listen({ port: 0, host: '127.0.0.1' });
    expect((await classify(`${url}/digits`, 3)).status).toBe(200);
    await app.close();
    await expect(fetch(`${url}/digits/readyz`)).rejects.toThrow();
  });

  it('can stand in an app twice', async () => {
    const app = fastify();
    onTestFinished(() => app.close());
    await app.register(inkdigit, { prefix: '/a', modelPath, limits: { maxBatch: 1 } });
    await app.register(inkdigit, { prefix: '/b', modelPath });
    const image = await base64OfDigit(3);
    const url = await app.listen({ port: 0, host: '127.0.0.1' });
    const statuses = await Promise.all(
      ['/a', '/b'].map(async (prefix) => {
        const init = { method: 'POST', headers: { 'content-type': 'application/json' } };
        const body = JSON.stringify({ requests: [{ image }, { image }] });
        return (await fetch(`${url}${prefix}/mnist/classify`, { ...init, body })).status;
      }),
    );
    expect(statuses).toEqual([413, 200]);
  });
});
