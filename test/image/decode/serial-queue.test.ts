import { describe, expect, it } from 'vitest';
import { deferred } from '../../helpers/runner/deferred.js';
import { SerialQueue } from '../../../src/image/decode/serial-queue.js';

describe('SerialQueue', () => {
  it('runs one job at a time, in order, past one that fails', async () => {
    const queue = new SerialQueue();
    const log: string[] = [];
    const work =
      (name: string, fails = false) =>
      async (): Promise<string> => {
        log.push(`${name} in`);
        await new Promise((resolve) => setTimeout(resolve, 5));
        log.push(`${name} out`);
        if (fails) throw new Error(name);
        return name;
      };
    const results = await Promise.allSettled([
      queue.run(work('a')),
      queue.run(work('b', true)),
      queue.run(work('c')),
    ]);
    expect(log).toEqual(['a in', 'a out', 'b in', 'b out', 'c in', 'c out']);
    expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });

  it('never runs a job that was given up while it waited, and says so at once', async () => {
    const queue = new SerialQueue();
    const ran: string[] = [];
    const first = deferred();
    const running = queue.run(() => first.promise);
    const givenUp = new AbortController();
    const dropped = queue.run(async () => ran.push('dropped'), givenUp.signal);
    const wanted = queue.run(async () => ran.push('wanted'));
    givenUp.abort(new Error('no one waits'));
    await expect(dropped).rejects.toThrow('no one waits');
    expect(ran).toEqual([]);
    first.resolve();
    await Promise.all([running, wanted]);
    expect(ran).toEqual(['wanted']);
    await expect(queue.run(async () => ran.push('late'), givenUp.signal)).rejects.toThrow('no one waits');
    expect(ran).toEqual(['wanted']);
  });

  it('lets a job that is running end before the next begins, though it was given up', async () => {
    const queue = new SerialQueue();
    const first = deferred<string>();
    const givenUp = new AbortController();
    const running = queue.run(() => first.promise, givenUp.signal);
    let hasBegun = false;
    const next = queue.run(async () => (hasBegun = true));
    givenUp.abort(new Error('no one waits'));
    await new Promise((resolve) => setImmediate(resolve));
    expect(hasBegun).toBe(false);
    first.resolve('done');
    expect(await running).toBe('done');
    expect(await next).toBe(true);
  });
});
