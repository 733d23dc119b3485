import { Agent, request, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { contentOf } from '../../../src/image/picture.js';
import { FRAME_PIXELS } from '../../../src/image/frame.js';
import { digestOfKey } from '../../../src/server/security/api-keys.js';
import { Readiness } from '../../../src/server/readiness.js';
import { buildTestApp } from '../../helpers/programs/test-app.js';

// In front of the app, so only on real connections. There is room for two images; requests wait until `release`.

const ORIGIN = 'https://example.org';
const ONE_IMAGE = '{"requests":[{"image":"AAAA"}]}';
const TWO_IMAGES = '{"requests":[{"image":"AAAA"},{"image":"AAAA"}]}';

let app: FastifyInstance;
let agent: Agent;
let port: number;
/** Requests that were admitted, and what lets each go on. */
let inside: Promise<Answer>[] = [];
let waiting: (() => void)[] = [];
let isOpen = false;
let log: Record<string, unknown>[] = [];
afterEach(async () => {
  agent.destroy();
  await app.close();
});

async function start(changes: Parameters<typeof buildTestApp>[0] = {}): Promise<void> {
  inside = [];
  waiting = [];
  log = [];
  isOpen = false;
  agent = new Agent({ keepAlive: true, maxSockets: 1 });
  app = await buildTestApp({
    readImage: () => {
      const frame = contentOf(new Uint8Array(FRAME_PIXELS).fill(7));
      return isOpen ? frame : new Promise((resolve) => waiting.push(() => resolve(frame)));
    },
    limits: { maxBatch: 2, maxQueue: 2 },
    logger: { level: 'info', stream: { write: (line: string) => log.push(JSON.parse(line)) } },
    ...changes,
  });
  port = Number(new URL(await app.listen({ port: 0, host: '127.0.0.1' })).port);
}

/** Lets the admitted requests go on; all of them are answered. */
async function release(): Promise<void> {
  isOpen = true;
  for (const goOn of waiting) goOn();
  for (const answer of await Promise.all(inside)) expect(answer.status).toBe(200);
}

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

interface Asked {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Record<string, string>;
  readonly agent?: Agent;
}

async function send(body: string, asked: Asked = {}): Promise<Answer> {
  const sent = request({
    port,
    method: 'POST',
    path: '/mnist/classify',
    agent: new Agent(),
    ...asked,
    headers: { 'content-type': 'application/json', 'content-length': body.length, ...asked.headers },
  });
  sent.end(body);
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    sent.once('response', resolve).once('error', reject);
  });
  let text = '';
  for await (const piece of response.setEncoding('utf8')) text += String(piece);
  return { status: response.statusCode, headers: response.headers, body: text };
}

/** A connection, and all that has come over it. */
function talk(): { socket: Socket; text: () => string } {
  const socket = connect(port, '127.0.0.1').setEncoding('utf8');
  let text = '';
  socket.on('data', (piece: string) => (text += piece));
  return { socket, text: () => text };
}

function statusLines(text: string): string[] {
  return text.match(/HTTP\/1\.1 \d+/g) ?? [];
}

/** Sends `count` more requests of one image, until they are admitted. */
async function fill(images: number, asked: Asked = {}): Promise<void> {
  for (let i = 0; i < images; i++) inside.push(send(ONE_IMAGE, asked));
  await vi.waitFor(() => expect(waiting).toHaveLength(inside.length));
}

describe('the overload gate', () => {
  it.each([
    ['no one else', [], {}],
    ['the pages of one origin', [ORIGIN], { origin: ORIGIN }],
    ['the pages of another origin', [ORIGIN], { origin: 'https://other.example' }],
    ['the pages of every origin', ['*'], { origin: ORIGIN }],
  ])('says the same as the queue does, to %s', async (_whom, corsOrigins, headers) => {
    await start({ access: { keyDigests: [], corsOrigins } });
    await fill(1);
    // There is room for one, so the queue refuses this one; from then on the gate does.
    const byQueue = await send(TWO_IMAGES, { headers });
    const atGate = await send('not even JSON', { headers });
    expect(atGate.status).toBe(503);
    expect({ ...atGate, headers: { ...atGate.headers, date: '' } }).toEqual({
      ...byQueue,
      headers: { ...byQueue.headers, date: '' },
    });
    await release();
    expect((await send(TWO_IMAGES, { headers })).status).toBe(200);
  });

  it('cuts off a client that reads none of its refusals, and does not pile them up', async () => {
    await start({ limits: { maxBatch: 2, maxQueue: 2, requestTimeoutMs: 300 } });
    await fill(2);
    let written = 0;
    app.server.on('request', () => (written += 1));
    const accepted = new Promise<Socket>((resolve) => app.server.once('connection', resolve));
    const socket = connect(port, '127.0.0.1')
      .on('error', () => {})
      .pause();
    const held = await accepted;
    const cut = new Promise((resolve) => held.once('close', resolve));
    const post = 'POST /mnist/classify HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc';
    socket.write(post);
    await vi.waitFor(() => expect(held.bytesWritten).toBeGreaterThan(0));
    const oneAnswer = held.bytesWritten;
    const many = post.repeat(1_000);
    let heldBytes = 0;
    const sending = setInterval(() => {
      if (socket.writableLength === 0) socket.write(many);
      heldBytes = Math.max(heldBytes, held.writableLength);
    }, 5);
    await cut;
    clearInterval(sending);
    // What Node takes at once are 64 KiB of requests.
    expect(heldBytes).toBeLessThan((oneAnswer * 64 * 1024) / post.length + 64 * 1024);
    expect(written).toBeGreaterThan(1);
    socket.destroy();
    await release();
  });

  it('refuses any body without a reset, and the connection serves the next request', async () => {
    await start();
    await fill(2);
    const { socket, text } = talk();
    const head = (bytes: number): string =>
      `POST /mnist/classify HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: ${bytes}\r\n\r\n`;
    const large = Buffer.alloc(32 * 1024 * 1024, 'x');
    socket.write(head(large.length));
    await vi.waitFor(() => expect(text()).toContain('"overloaded"'));
    const sent = new Promise((resolve) => socket.write(large, resolve));
    await Promise.all([sent, release()]);
    socket.write(head(ONE_IMAGE.length) + ONE_IMAGE);
    await vi.waitFor(() => expect(statusLines(text())).toEqual(['HTTP/1.1 503', 'HTTP/1.1 200']));
    socket.destroy();
  });

  it('refuses one after the other on a connection, whether or not their answers are waited for', async () => {
    await start();
    await fill(2);
    const { socket, text } = talk();
    const head = 'POST /mnist/classify?detail=full HTTP/1.1\r\nHost: a\r\n';
    const chunked = `${head}Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n`;
    socket.write(`${head}Content-Length: 3\r\n\r\nabc${chunked}GET /livez HTTP/1.1\r\nHost: a\r\n\r\n`);
    await vi.waitFor(() => expect(text()).toContain('"live"'));
    expect(statusLines(text())).toEqual(['HTTP/1.1 503', 'HTTP/1.1 503', 'HTTP/1.1 200']);
    socket.destroy();
    await release();
  });

  it('is for nothing but requests to classify', async () => {
    await start();
    await fill(2);
    for (const [method, path, status] of [
      ['GET', '/livez', 200],
      ['GET', '/mnist/classify', 405],
      ['OPTIONS', '/mnist/classify', 204],
      ['POST', '/mnist/classify-all', 404],
      ['POST', '/', 405],
    ] as const) {
      expect((await send('', { method, path })).status, path).toBe(status);
    }
    await release();
  });

  it('does not ask for keys', async () => {
    const key = 'a-key-of-many-characters';
    await start({
      access: { keyDigests: [digestOfKey(key)], corsOrigins: [] },
      limits: { maxBatch: 1, maxQueue: 1 },
    });
    await fill(1, { headers: { 'x-api-key': key } });
    expect((await send(ONE_IMAGE)).status).toBe(503);
    await release();
    expect((await send(ONE_IMAGE)).status).toBe(401);
  });

  it('closes connections while the service drains', async () => {
    const readiness = new Readiness();
    readiness.markReady();
    await start({ readiness });
    await fill(2);
    expect((await send(ONE_IMAGE, { agent })).headers.connection).toBe('keep-alive');
    readiness.markDraining();
    expect((await send(ONE_IMAGE, { agent })).headers.connection).toBe('close');
    await release();
  });

  it('counts in the log every request that it refused, in a line a second', async () => {
    await start();
    await fill(2);
    const lines = (): unknown[] => log.filter(({ msg }) => msg === 'requests refused');
    for (let i = 0; i < 5; i++) await send(ONE_IMAGE, { agent });
    await vi.waitFor(() => expect(lines()).toHaveLength(1));
    for (let i = 0; i < 3; i++) await send(ONE_IMAGE, { agent });
    await release();
    agent.destroy();
    await app.close();
    const line = { path: '/mnist/classify', status: 503, code: 'overloaded' };
    expect(lines()).toMatchObject([
      { ...line, count: 5 },
      { ...line, count: 3 },
    ]);
    expect(log.filter(({ msg }) => msg === 'request')).toHaveLength(2);
  });
});
