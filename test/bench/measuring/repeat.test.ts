import { expect, it } from 'vitest';
import { repeat } from '../../../bench/measuring/repeat.js';

it('repeat acts again and again, and has ended when the last act has', async () => {
  let begun = 0;
  let done = 0;
  let third = (): void => {};
  const thirdTime = new Promise<void>((resolve) => (third = resolve));
  const end = repeat(0, async () => {
    begun += 1;
    await Promise.resolve();
    done += 1;
    if (done === 3) third();
  });
  await thirdTime;
  await end();
  expect(done).toBe(begun);
  const atEnd = done;
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(done).toBe(atEnd);
});
