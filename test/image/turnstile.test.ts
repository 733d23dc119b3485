import { describe, expect, it } from 'vitest';
import { Turnstile } from '../../src/image/turnstile.js';

describe('Turnstile', () => {
  it('lets one piece of work through at a time, in order, past one that fails', async () => {
    const turnstile = new Turnstile();
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
      turnstile.pass(work('a')),
      turnstile.pass(work('b', true)),
      turnstile.pass(work('c')),
    ]);
    expect(log).toEqual(['a in', 'a out', 'b in', 'b out', 'c in', 'c out']);
    expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });
});
