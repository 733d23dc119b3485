import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { afterEach, describe, expect, it, vi } from 'vitest';
import fc from 'fast-check';
import { contentOf } from '../../../src/image/picture.js';
import { BodyBudget, HeldBody } from '../../../src/server/bodies/body-budget.js';
import { deferred } from '../../helpers/runner/deferred.js';
import { buildTestApp, formOf, pngOfDigit } from '../../helpers/programs/test-app.js';

const KIB = 1024;
const LARGE = 200 * KIB;

function bodyOf(budget: BodyBudget, bytes: number): { body: HeldBody; release: () => void } {
  const body = new HeldBody(budget);
  const release = body.hold();
  body.add(bytes);
  return { body, release };
}

describe('BodyBudget', () => {
  it('has room for a number of large bodies, and for small ones always', () => {
    const budget = new BodyBudget(2 * LARGE);
    const { release } = bodyOf(budget, LARGE);
    bodyOf(budget, LARGE);
    expect(() => bodyOf(budget, LARGE)).toThrow(`${2 * LARGE} in each process`);
    bodyOf(budget, 128 * KIB);
    expect(budget.hasRoomFor(1)).toBe(false);
    release();
    expect(budget.hasRoomFor(LARGE)).toBe(true);
    expect(budget.hasRoomFor(LARGE + 1)).toBe(false);
  });

  it('counts the first bytes too once a body turns out to be large', () => {
    const budget = new BodyBudget(LARGE);
    const { body } = bodyOf(budget, 128 * KIB);
    expect(budget.hasRoomFor(LARGE)).toBe(true);
    body.add(1);
    expect(budget.hasRoomFor(LARGE - 128 * KIB - 1)).toBe(true);
    expect(budget.hasRoomFor(LARGE - 128 * KIB)).toBe(false);
  });

  it('never holds more than it may, until the last holder of a body lets go, and all is free in the end', () => {
    const pieces = fc.array(fc.integer({ min: 0, max: LARGE }), { maxLength: 6 });
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), (bodies) => {
        const budget = new BodyBudget(5 * LARGE);
        let held = 0;
        const releases = bodies.map((chunks) => {
          const body = new HeldBody(budget);
          const holders = [body.hold(), body.hold()] as const;
          let arrived = 0;
          let counted = 0;
          for (const bytes of chunks) {
            arrived += bytes;
            const isCounted = arrived > 128 * KIB;
            if (isCounted && held - counted + arrived > 5 * LARGE) {
              expect(() => body.add(bytes)).toThrow('try again soon');
              break;
            }
            body.add(bytes);
            if (isCounted) {
              held += arrived - counted;
              counted = arrived;
            }
          }
          expect(budget.hasRoomFor(5 * LARGE - held)).toBe(true);
          expect(budget.hasRoomFor(5 * LARGE - held + 1)).toBe(false);
          return holders;
        });
        for (const [first] of releases) first();
        for (const [first] of releases) first();
        expect(budget.hasRoomFor(5 * LARGE - held + 1)).toBe(false);
        for (const [, second] of releases) second();
        expect(budget.hasRoomFor(5 * LARGE)).toBe(true);
        expect(budget.hasRoomFor(5 * LARGE + 1)).toBe(false);
      }),
    );
  });
});

const MAX_BODY = 512 * KIB;
const LIMITS = { maxBodyBytes: MAX_BODY, maxHeldBytes: 2 * MAX_BODY };
const BOUNDARY = 'b';
const FORM_START = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="a"; filename="a.png"\r\n\r\n`;

let app: FastifyInstance | undefined;
let url: URL;
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await app?.close();
  app = undefined;
});

async function start(changes: Parameters<typeof buildTestApp>[0] = {}): Promise<void> {
  app = await buildTestApp({ limits: LIMITS, ...changes });
  url = new URL(await app.listen({ port: 0, host: '127.0.0.1' }));
}

/** Sends the beginning of a request, and no more. */
async function begin(headers: string, body: string): Promise<Socket> {
  const socket = connect(Number(url.port), url.hostname).on('error', () => {});
  sockets.push(socket);
  await once(socket, 'connect');
  socket.write(`POST /mnist/classify HTTP/1.1\r\nHost: a\r\n${headers}\r\n\r\n${body}`);
  return socket;
}

function post(
  body: Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = { 'content-type': 'image/png' },
): Promise<Response> {
  return fetch(new URL('/mnist/classify', url), { method: 'POST', headers, body });
}

/** Until a body of this size is answered so. */
async function expectAnswer(bytes: number, status: number): Promise<void> {
  await vi.waitFor(async () => expect((await post(new Uint8Array(bytes))).status).toBe(status));
}

const IMAGE_TYPE = 'Content-Type: image/png';
const FORM_TYPE = `Content-Type: multipart/form-data; boundary=${BOUNDARY}`;
const LENGTH = `Content-Length: ${MAX_BODY}`;
const CHUNKED = 'Transfer-Encoding: chunked';

describe('large bodies', () => {
  it.each([
    ['of a length that is announced', `${IMAGE_TYPE}\r\n${LENGTH}`, 'x'],
    ['in chunks', `${IMAGE_TYPE}\r\n${CHUNKED}`, '1\r\nx\r\n'],
    ['of a form', `${FORM_TYPE}\r\n${LENGTH}`, 'x'],
    ['of a form in chunks', `${FORM_TYPE}\r\n${CHUNKED}`, '1\r\nx\r\n'],
  ])('%s that have hardly begun to arrive lock out no one', async (_what, headers, body) => {
    await start();
    await Promise.all(Array.from({ length: 8 }, () => begin(headers, body)));
    const answer = await post(new Uint8Array(MAX_BODY));
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ code: 'not_an_image' });
  });

  const arrived = 'x'.repeat(MAX_BODY - 1000);
  const chunk = `${arrived.length.toString(16)}\r\n${arrived}\r\n`;
  it.each([
    ['of a length that is announced', `${IMAGE_TYPE}\r\n${LENGTH}`, arrived],
    ['in chunks', `${IMAGE_TYPE}\r\n${CHUNKED}`, chunk],
    ['of a form', `${FORM_TYPE}\r\n${LENGTH}`, FORM_START + arrived.slice(FORM_START.length)],
    [
      'of a form in chunks',
      `${FORM_TYPE}\r\n${CHUNKED}`,
      `${FORM_START.length.toString(16)}\r\n${FORM_START}\r\n${chunk}`,
    ],
  ])(
    '%s that stall near their end are held, others refused; room comes back',
    async (_what, headers, body) => {
      await start();
      const stalled = await Promise.all([begin(headers, body), begin(headers, body)]);
      await expectAnswer(400_000, 503);
      const refused = await post(new Uint8Array(400_000));
      expect(refused.headers.get('retry-after')).toBe('1');
      expect(await refused.json()).toMatchObject({ code: 'overloaded' });
      const form = formOf([{ name: 'a', filename: 'a.png', content: await pngOfDigit(4) }]);
      expect((await post(new Uint8Array(form.payload), form.headers)).status).toBe(200);
      for (const socket of stalled) socket.destroy();
      await expectAnswer(400_000, 400);
    },
  );

  it.each([
    ['a file', IMAGE_TYPE, 'x'],
    ['a form', FORM_TYPE, FORM_START],
  ])('that find no room on their way are refused then, as %s in chunks', async (_what, type, body) => {
    await start();
    const late = await begin(`${type}\r\n${CHUNKED}`, `${body.length.toString(16)}\r\n${body}\r\n`);
    await Promise.all([1, 2].map(() => begin(`${IMAGE_TYPE}\r\n${LENGTH}`, arrived)));
    await expectAnswer(400_000, 503);
    let text = '';
    late.setEncoding('utf8').on('data', (piece: string) => (text += piece));
    late.write(chunk);
    await vi.waitFor(() => expect(text).toContain('"code":"overloaded"'));
    expect(text).toMatch(/^HTTP\/1\.1 503 /);
    // The rest is read and dropped, and the connection serves the next request.
    late.write(`0\r\n\r\nGET /livez HTTP/1.1\r\nHost: a\r\n\r\n`);
    await vi.waitFor(() => expect(text).toContain('"live"'));
  });

  it.each([
    ['a file', IMAGE_TYPE, 'x'],
    ['a form', FORM_TYPE, FORM_START],
  ])('that turn out to be too large are refused then, as %s in chunks', async (_what, type, body) => {
    await start();
    const socket = await begin(`${type}\r\n${CHUNKED}`, `${body.length.toString(16)}\r\n${body}\r\n`);
    let text = '';
    socket.setEncoding('utf8').on('data', (piece: string) => (text += piece));
    socket.write(chunk);
    socket.write(chunk);
    await vi.waitFor(() => expect(text).toContain('"code":"body_too_large"'));
    expect(text).toMatch(/^HTTP\/1\.1 413 /);
    socket.write(`${chunk}0\r\n\r\nGET /livez HTTP/1.1\r\nHost: a\r\n\r\n`);
    await vi.waitFor(() => expect(text).toContain('"live"'));
  });

  it('of forms are refused by what they announce, like any other', async () => {
    await start();
    const socket = await begin(`${FORM_TYPE}\r\nContent-Length: ${MAX_BODY + 1}`, '');
    const [head] = await once(socket.setEncoding('utf8'), 'data');
    expect(head).toMatch(/^HTTP\/1\.1 413 /);
    expect(head).toContain('"body_too_large"');
  });

  it.each([
    ['the client waits', (): void => {}],
    ['the client leaves', (socket: Socket): void => void socket.destroy()],
  ])('are held for as long as their picture is being decoded, though %s no longer', async (_how, end) => {
    const decoding = deferred();
    let begun = 0;
    await start({
      limits: { ...LIMITS, maxHeldBytes: MAX_BODY, timeoutMs: 100 },
      readImage: async () => {
        begun += 1;
        await decoding.promise;
        return contentOf(new Uint8Array(784));
      },
    });
    const socket = await begin(`${IMAGE_TYPE}\r\nContent-Length: 400000`, 'x'.repeat(400_000));
    await vi.waitFor(() => expect(begun).toBe(1));
    const closed = once(socket.resume(), 'close');
    end(socket);
    await expectAnswer(400_000, 503);
    socket.destroy();
    await closed;
    await expectAnswer(400_000, 503);
    decoding.resolve();
    await expectAnswer(400_000, 200);
  });
});
