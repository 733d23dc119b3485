import { expect, it } from 'vitest';
import { finish, finishInTurns, finishSoon, type Work } from '../../src/image/work.js';

function* countTo(end: number, seen: (count: number) => void): Work<string> {
  for (let count = 1; count <= end; count++) {
    seen(count);
    yield;
  }
  return 'done';
}

it('is finished at once, or with everybody else having a turn at every pause', async () => {
  const events: string[] = [];
  expect(finish(countTo(2, (count) => events.push(`at once ${count}`)))).toBe('done');
  setImmediate(() => events.push('other'));
  const result = finishInTurns(countTo(2, (count) => events.push(`work ${count}`)));
  expect(await result).toBe('done');
  expect(events).toEqual(['at once 1', 'at once 2', 'work 1', 'other', 'work 2']);
});

it('is finished at once unless it takes too long, which hands over the rest', async () => {
  const counts: number[] = [];
  const count = (end: number): Work<string> => countTo(end, (at) => counts.push(at));
  let nowMs = 100;
  const clock = (): number => (nowMs += 3);
  const never = (): never => {
    throw new Error('nothing is left');
  };
  expect(finishSoon(count(3), 6, never, clock)).toBe('done');
  counts.length = 0;
  const handedOver: number[] = [];
  const rest = finishSoon(
    count(5),
    6,
    (work) => {
      handedOver.push(...counts);
      return finishInTurns(work);
    },
    clock,
  );
  expect(rest).toBeInstanceOf(Promise);
  expect(await rest).toBe('done');
  expect(handedOver).toEqual([1, 2, 3, 4]);
  expect(counts).toEqual([1, 2, 3, 4, 5]);
});

it('that fails rejects', async () => {
  const failing = function* failing(): Work<never> {
    yield;
    throw new Error('broken');
  };
  await expect(finishInTurns(failing())).rejects.toThrow('broken');
});

it('that was given up goes no further than to its next pause', async () => {
  const counts: number[] = [];
  const givenUp = new AbortController();
  const result = finishInTurns(
    countTo(5, (count) => {
      counts.push(count);
      if (count === 2) givenUp.abort(new Error('nobody waits'));
    }),
    givenUp.signal,
  );
  await expect(result).rejects.toThrow('nobody waits');
  expect(counts).toEqual([1, 2]);
});
