import { connect, type Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { contentOf } from '../../../src/image/picture.js';
import { deferred } from '../../helpers/runner/deferred.js';
import { buildTestApp, formOf, pngOfDigit, TEST_LIMITS } from '../../helpers/programs/test-app.js';

// What only shows on a real connection.

let app: FastifyInstance;
let url: string;
const log: string[] = [];
beforeAll(async () => {
  app = await buildTestApp({
    limits: { requestTimeoutMs: 300 },
    logger: { level: 'info', stream: { write: (line: string) => log.push(line) } },
  });
  url = await app.listen({ port: 0, host: '127.0.0.1' });
});
afterAll(() => app.close());

function open(): Socket {
  return connect(Number(new URL(url).port), '127.0.0.1');
}

/** Sends text as it is and gives all that comes back until the connection ends. */
async function exchange(text: string): Promise<string> {
  const socket = open();
  socket.write(text);
  let answer = '';
  for await (const chunk of socket.setEncoding('utf8')) answer += String(chunk);
  return answer;
}

describe('connections', () => {
  it.each([
    ['nonsense', 'GARBAGE\r\n\r\n', 400, 'invalid_request'],
    [
      'headers without end',
      `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`,
      431,
      'headers_too_large',
    ],
    [
      'a body that does not end',
      'POST /mnist/classify HTTP/1.1\r\nHost: a\r\nContent-Type: image/png\r\nContent-Length: 99\r\n\r\nabc',
      408,
      'request_timeout',
    ],
    ['headers that do not end', 'POST /mnist/classify HTTP/1.1\r\nHost: a\r\n', 408, 'request_timeout'],
  ])('answer %s with JSON', async (_what, text, status, code) => {
    const answer = await exchange(text);
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(answer).toMatch(/content-type: application\/json/i);
    expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')))).toMatchObject({ code, errors: [] });
  });

  it('do without a Host', async () => {
    expect(await exchange('GET /livez HTTP/1.1\r\nConnection: close\r\n\r\n')).toMatch(
      /^HTTP\/1\.1 200 [^]*"live"/,
    );
  });

  it('let a client that sends too much read why', async () => {
    const content = Buffer.alloc(TEST_LIMITS.maxBodyBytes * 8);
    const bodies = [
      { payload: content, headers: { 'content-type': 'image/png' } },
      { payload: content, headers: { 'content-type': 'application/json' } },
      formOf([{ name: 'a', filename: 'a.png', content }]),
    ];
    // A busy machine may take longer over these bodies than the other tests let a request take.
    const patient = await buildTestApp();
    const patientUrl = await patient.listen({ port: 0, host: '127.0.0.1' });
    for (const { payload, headers } of bodies) {
      const response = await fetch(`${patientUrl}/mnist/classify`, {
        method: 'POST',
        headers,
        body: payload,
      });
      expect(response.status).toBe(413);
      expect(await response.json()).toMatchObject({ code: 'body_too_large' });
    }
    await patient.close();
  });

  it('survive a client that leaves in the middle of its request, and do not call that bad HTTP', async () => {
    log.length = 0;
    const gone = new Promise((resolve) => {
      app.server.once('request', (request) => request.once('close', resolve));
    });
    const socket = open();
    socket.end(
      'POST /mnist/classify HTTP/1.1\r\nHost: a\r\nContent-Type: image/png\r\nContent-Length: 99\r\n\r\nabc',
    );
    await gone;
    const response = await fetch(`${url}/mnist/classify`, {
      method: 'POST',
      headers: { 'content-type': 'image/png' },
      body: await pngOfDigit(4),
    });
    expect(await response.json()).toMatchObject({ responses: [{ class: 4 }] });
    expect(log.join('')).not.toContain('bad HTTP');
    expect(log.join('')).not.toContain('"level":50');
    socket.destroy();
  });
});

describe('a fault on a connection', () => {
  const ONE_IMAGE = 'POST /mnist/classify HTTP/1.1\r\nHost: a\r\nContent-Type: image/png\r\n';

  /** A service that reads a picture when it is told to. */
  async function startHeld(): Promise<{ held: FastifyInstance; go: () => void; begun: () => number }> {
    const reading = deferred();
    let begun = 0;
    const held = await buildTestApp({
      readImage: async () => {
        begun += 1;
        await reading.promise;
        return contentOf(new Uint8Array(784));
      },
    });
    await held.listen({ port: 0, host: '127.0.0.1' });
    return { held, go: reading.resolve, begun: () => begun };
  }

  function talk(
    held: FastifyInstance,
    text: string,
  ): { socket: Socket; answers: () => string[]; text: () => string } {
    const address = held.server.address();
    const socket = connect(typeof address === 'object' ? (address?.port ?? 0) : 0, '127.0.0.1');
    let received = '';
    socket.setEncoding('utf8').on('data', (piece: string) => (received += piece));
    socket.write(text);
    return { socket, answers: () => received.match(/HTTP\/1\.1 \d+/g) ?? [], text: () => received };
  }

  it.each([
    ['nonsense', 'GARBAGE\r\n\r\n'],
    ['nonsense that goes on', `GARBAGE\r\n\r\n${'x'.repeat(200_000)}`],
    ['the body of the next request', `${ONE_IMAGE}Transfer-Encoding: chunked\r\n\r\nnot a size\r\n`],
  ])('in %s is answered after the answers that are due', async (_what, broken) => {
    const { held, go, begun } = await startHeld();
    const good = `${ONE_IMAGE}Content-Length: 1\r\n\r\nx`;
    const { socket, answers, text } = talk(held, `${good}${good}${broken}`);
    const closed = new Promise((resolve) => void socket.once('close', resolve));
    await vi.waitFor(() => expect(begun()).toBe(2));
    // And what comes after it changes nothing.
    socket.write('GARBAGE');
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(answers()).toEqual([]);
    go();
    await closed;
    expect(answers()).toEqual(['HTTP/1.1 200', 'HTTP/1.1 200', 'HTTP/1.1 400']);
    expect(text()).toContain('not a valid HTTP/1.1 request');
    await held.close();
  });

  it(
    'in the rest of a body that was refused before it arrived closes the connection, without a second ' +
      'answer',
    async () => {
      const { held } = await startHeld();
      const { socket, answers } = talk(
        held,
        `${ONE_IMAGE}Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n`,
      );
      const closed = new Promise((resolve) => void socket.on('error', () => {}).once('close', resolve));
      await vi.waitFor(() => expect(answers()).toEqual(['HTTP/1.1 415']));
      socket.write('not a size\r\n');
      await closed;
      expect(answers()).toEqual(['HTTP/1.1 415']);
      await held.close();
    },
  );

  it('ends what was pipelined on it: neither its answers nor its images are waited for', async () => {
    const { held, go, begun } = await startHeld();
    const good = `${ONE_IMAGE}Content-Length: 1\r\n\r\nx`;
    const { socket } = talk(held, good.repeat(3));
    await vi.waitFor(() => expect(begun()).toBe(3));
    socket.destroy();
    await held.openRequests.none();
    go();
    await held.close();
  });
});

describe('connections beyond those that a process may have', () => {
  it('are told so and closed, and there is room again when others end', async () => {
    const few = await buildTestApp({ limits: { maxConnections: 2 } });
    const port = Number(new URL(await few.listen({ port: 0, host: '127.0.0.1' })).port);
    const first = [connect(port, '127.0.0.1'), connect(port, '127.0.0.1')];
    await vi.waitFor(async () => {
      const count = await new Promise((resolve) =>
        few.server.getConnections((_error, connections) => resolve(connections)),
      );
      expect(count).toBe(2);
    });
    let text = '';
    for await (const piece of connect(port, '127.0.0.1').setEncoding('utf8')) text += String(piece);
    expect(text).toMatch(
      /^HTTP\/1\.1 503 [^]*retry-after: 1\r\n[^]*connection: close\r\n[^]*"code":"overloaded"/,
    );
    expect(text).toContain('2 in each process');
    for (const socket of first) socket.destroy();
    await vi.waitFor(async () => {
      const response = await fetch(`http://127.0.0.1:${port}/livez`);
      expect(response.status).toBe(200);
    });
    await few.close();
  });
});
