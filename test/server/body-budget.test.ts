import { connect, type Socket } from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import fc from 'fast-check';
import { BodyBudget } from '../../src/server/body-budget.js';
import { buildTestApp, formOf, pngOfDigit } from '../helpers/test-app.js';

const LARGE = 200 * 1024;

describe('BodyBudget', () => {
  it('has room for so many large bodies, and for small ones always', () => {
    const budget = new BodyBudget(2 * LARGE);
    const release = budget.take(LARGE);
    expect(release).not.toBeNull();
    expect(budget.take(LARGE)).not.toBeNull();
    expect(budget.take(LARGE)).toBeNull();
    expect(budget.take(1000)).not.toBeNull();
    release?.();
    expect(budget.take(LARGE)).not.toBeNull();
  });

  it('never holds more than it may, and all of it is free again in the end', () => {
    const sizes = fc.array(fc.integer({ min: 0, max: 4 * LARGE }), { maxLength: 30 });
    fc.assert(
      fc.property(sizes, (bodies) => {
        const budget = new BodyBudget(5 * LARGE);
        let held = 0;
        const releases = bodies.map((bytes) => {
          const release = budget.take(bytes);
          if (release && bytes > 128 * 1024) held += bytes;
          return release;
        });
        expect(held).toBeLessThanOrEqual(5 * LARGE);
        // Twice: letting go again must not make room that is not there.
        for (const release of [...releases, ...releases]) release?.();
        expect(budget.take(5 * LARGE)).not.toBeNull();
        expect(budget.take(LARGE)).toBeNull();
      }),
    );
  });
});

describe('large bodies that stall', () => {
  it('are refused with 503 beyond the budget, while small requests are served; room comes back', async () => {
    const app = await buildTestApp({ limits: { maxBodyBytes: 512 * 1024, maxHeldBytes: 1024 * 1024 } });
    const url = new URL(await app.listen({ port: 0, host: '127.0.0.1' }));
    const stall = (): Socket => {
      const socket = connect(Number(url.port), url.hostname);
      socket.write(
        'POST /mnist/classify HTTP/1.1\r\nHost: a\r\nContent-Type: image/png\r\nContent-Length: 500000\r\n\r\nabc',
      );
      return socket;
    };
    const stalled = [stall(), stall()];
    const large = (): Promise<Response> =>
      fetch(new URL('/mnist/classify', url), {
        method: 'POST',
        headers: { 'content-type': 'image/png' },
        body: new Uint8Array(400_000),
      });
    const refused = await vi.waitFor(async () => {
      const response = await large();
      expect(response.status).toBe(503);
      return response;
    });
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(await refused.json()).toMatchObject({ code: 'overloaded' });

    const { payload, headers } = formOf([{ name: 'a', filename: 'a.png', content: await pngOfDigit(4) }]);
    const small = await fetch(new URL('/mnist/classify', url), { method: 'POST', headers, body: payload });
    expect(small.status).toBe(200);

    for (const socket of stalled) socket.destroy();
    await vi.waitFor(async () => expect((await large()).status).toBe(400));
    await app.close();
  });
});
