import { expect, it } from 'vitest';
import { runSync, runYielding, type Task } from '../../src/image/task.js';

function* countTo(end: number, seen: (count: number) => void): Task<string> {
  for (let count = 1; count <= end; count++) {
    seen(count);
    yield;
  }
  return 'done';
}

it('is finished at once, or with everybody else having a turn at every pause', async () => {
  const events: string[] = [];
  expect(runSync(countTo(2, (count) => events.push(`at once ${count}`)))).toBe('done');
  setImmediate(() => events.push('other'));
  const result = runYielding(countTo(2, (count) => events.push(`work ${count}`)));
  expect(await result).toBe('done');
  expect(events).toEqual(['at once 1', 'at once 2', 'work 1', 'other', 'work 2']);
});

it('that fails rejects', async () => {
  const failing = function* failing(): Task<never> {
    yield;
    throw new Error('broken');
  };
  await expect(runYielding(failing())).rejects.toThrow('broken');
});

it('that was given up goes no further than to its next pause', async () => {
  const counts: number[] = [];
  const givenUp = new AbortController();
  const result = runYielding(
    countTo(5, (count) => {
      counts.push(count);
      if (count === 2) givenUp.abort(new Error('no one waits'));
    }),
    givenUp.signal,
  );
  await expect(result).rejects.toThrow('no one waits');
  expect(counts).toEqual([1, 2]);
});
