import { expect, it } from 'vitest';
import { inTurn } from '../../../src/batch/readers/in-turn.js';

it('does one thing after the other, and goes on where one fails', async () => {
  const turn = inTurn();
  const seen: string[] = [];
  const work = (name: string) => async (): Promise<string> => {
    seen.push(`begin ${name}`);
    await new Promise((resolve) => setImmediate(resolve));
    seen.push(`end ${name}`);
    if (name === 'b') throw new Error('b failed');
    return name;
  };
  const results = await Promise.allSettled(['a', 'b', 'c'].map((name) => turn(work(name))));
  expect(seen).toEqual(['begin a', 'end a', 'begin b', 'end b', 'begin c', 'end c']);
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
});
