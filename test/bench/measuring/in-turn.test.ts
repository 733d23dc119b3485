import { describe, expect, it } from 'vitest';
import { measureInTurn } from '../../../bench/measuring/in-turn.js';

describe('measureInTurn', () => {
  it('measures one after the other, round after round', async () => {
    const order: string[] = [];
    const contender = (name: string, values: number[]) => ({
      name,
      measure: async () => {
        order.push(name);
        return values.shift() ?? NaN;
      },
    });
    const rounds: number[] = [];
    const samples = await measureInTurn([contender('a', [1, 2]), contender('b', [3, 4])], 2, (round) =>
      rounds.push(round),
    );
    expect(order).toEqual(['a', 'b', 'a', 'b']);
    expect(samples).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(rounds).toEqual([1, 2]);
  });
});
