import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startService, type FuzzedService } from '../../../fuzz/service.js';
import { pngOfDigit } from '../../helpers/programs/test-app.js';

// Clients that take their time, or go away, beside one that wants an answer; against the service as it ships.

const REQUEST_TIMEOUT_MS = 1_000;

let service: FuzzedService;
const sockets = new Set<Socket>();
beforeAll(async () => {
  service = await startService(1, ['--request-timeout-ms', String(REQUEST_TIMEOUT_MS)]);
});
afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  await service.stop();
});

async function open(): Promise<Socket> {
  const socket = connect(service.port, '127.0.0.1').on('error', () => {});
  sockets.add(socket);
  await once(socket, 'connect');
  return socket;
}

/** Another client gets its answer. */
async function expectService(): Promise<void> {
  const response = await fetch(`http://127.0.0.1:${service.port}/mnist/classify`, {
    method: 'POST',
    headers: { 'content-type': 'image/png', connection: 'close' },
    body: await pngOfDigit(4),
  });
  expect(response.status).toBe(200);
  expect(service.complaints).toEqual([]);
}

/** All that comes back, until the connection ends. */
async function answerOf(socket: Socket): Promise<string> {
  let text = '';
  for await (const chunk of socket.setEncoding('utf8')) text += String(chunk);
  return text;
}

const HEAD =
  'POST /mnist/classify HTTP/1.1\r\nHost: a\r\nContent-Type: image/png\r\nContent-Length: 1000\r\n\r\n';

// They wait for one limit of the service: all at once.
describe.concurrent('slow clients', () => {
  it.each([
    ['headers', '', 'GET / HTTP/1.1\r\nHost: a\r\nX: '],
    ['a body', HEAD, ''],
    ['a body in chunks', HEAD.replace('Content-Length: 1000', 'Transfer-Encoding: chunked'), '100\r\n'],
  ])('that send %s byte by byte are told that it takes too long', async (_what, head, begin) => {
    const socket = await open();
    socket.write(head + begin);
    const dripping = setInterval(() => socket.writable && socket.write('x'), 50);
    const answered = answerOf(socket).finally(() => clearInterval(dripping));
    await expectService();
    const answer = await answered;
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(answer).toContain('"code":"request_timeout"');
  });

  it('that do not read their answers are cut off', async () => {
    const socket = (await open()).pause();
    const ask = 'GET /page.js HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(100);
    const closed = new Promise((resolve) => void socket.once('close', resolve));
    // As long as the service takes more, until it waits for us: then nothing moves, and it gives up.
    for (let i = 0; i < 20 && !socket.destroyed; i++) socket.write(ask);
    await expectService();
    // A cut connection shows when something is read from it.
    const reading = setInterval(() => socket.write(' '), 200);
    await closed.finally(() => clearInterval(reading));
  });
});

describe('idle connections', () => {
  it('are held by the thousand, harm no one and are closed after a time', async () => {
    const before = service.workerMegabytes();
    const idle = await Promise.all(Array.from({ length: 1_000 }, open));
    const closed = idle.map(
      (socket) => new Promise((resolve) => void socket.resume().once('close', resolve)),
    );
    await expectService();
    const held = service.workerMegabytes();
    if (before !== null && held !== null) expect(held - before).toBeLessThan(100);
    await Promise.all(closed);
    await expectService();
  });
});

describe('clients that vanish', () => {
  it.each([
    ['in their headers', 'POST /mnist/class'],
    ['in their body', `${HEAD}abc`],
    ['before their answer', `${HEAD}${'x'.repeat(1_000)}`],
  ])('%s leave the others unharmed', async (_what, text) => {
    const leaving = await Promise.all(
      Array.from({ length: 100 }, async () => {
        const socket = await open();
        socket.write(text);
        return socket;
      }),
    );
    await delay(20);
    leaving.forEach((socket, i) => (i % 2 === 0 ? socket.resetAndDestroy() : socket.destroy()));
    await expectService();
  });
});
