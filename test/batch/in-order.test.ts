import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { inOrder } from '../../src/batch/in-order.js';

async function* numbers(count: number, taken: number[] = []): AsyncGenerator<number> {
  for (let i = 0; i < count; i++) {
    taken.push(i);
    yield i;
  }
}

async function collect<T>(items: AsyncIterable<T>, into: T[] = []): Promise<T[]> {
  for await (const item of items) into.push(item);
  return into;
}

it('gives results in the order of the things, whichever is done first', async () => {
  const work = async (thing: number): Promise<number> => {
    await delay((7 * thing) % 5);
    return 10 * thing;
  };
  expect(await collect(inOrder(numbers(9), 4, work))).toEqual([0, 10, 20, 30, 40, 50, 60, 70, 80]);
});

it('takes no more than it may', async () => {
  const taken: number[] = [];
  let release = (): void => {};
  const first = new Promise<void>((resolve) => (release = resolve));
  const all = collect(inOrder(numbers(20, taken), 3, (thing) => (thing === 0 ? first : Promise.resolve())));
  await delay(5);
  expect(taken).toEqual([0, 1, 2]);
  release();
  expect(await all).toHaveLength(20);
});

it('gives what was done before a fault, of the things as of the work', async () => {
  async function* broken(): AsyncGenerator<number> {
    yield* numbers(2);
    throw new Error('the archive is cut off');
  }
  const got: number[] = [];
  await expect(
    collect(
      inOrder(broken(), 8, async (thing) => thing),
      got,
    ),
  ).rejects.toThrow('cut off');
  expect(got).toEqual([0, 1]);
  const work = async (thing: number): Promise<number> => {
    if (thing === 3) throw new Error('no 3');
    return thing;
  };
  const some: number[] = [];
  await expect(collect(inOrder(numbers(9), 4, work), some)).rejects.toThrow('no 3');
  expect(some).toEqual([0, 1, 2]);
});

it('lets the things go where no result is asked for any more', async () => {
  let isClosed = false;
  async function* endless(): AsyncGenerator<number> {
    try {
      for (let i = 0; ; i++) yield i;
    } finally {
      isClosed = true;
    }
  }
  for await (const result of inOrder(endless(), 2, async (thing) => thing)) if (result === 3) break;
  expect(isClosed).toBe(true);
});
