import { connect, type Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildTestApp, formOf, pngOfDigit, TEST_LIMITS } from '../helpers/test-app.js';

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
