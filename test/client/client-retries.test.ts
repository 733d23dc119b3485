import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { clientOf, errorOf, images } from './clients.js';
import { answer, startFakeService } from './fake-service.js';
import { MnistClient } from '../../src/client/mnist-client.js';

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

  it('asks again where it has sent as many images as it may for now', async () => {
    const { url, batches } = await startFakeService({
      intercept: (response, request) => {
        if (request === 1) answer(response, 429, 'rate_limited', 'wait');
        return request === 1;
      },
    });
    expect(await clientOf(url).classify(images(8))).toEqual([{ class: 8, probability: 0.75 }]);
    expect(batches).toHaveLength(2);
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

  it.each([400, 404, 413, 500])('does not ask again on %i', async (status) => {
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
