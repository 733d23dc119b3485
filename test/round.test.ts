import { expect, it } from 'vitest';
import { roundHalfToEven } from '../src/round.js';

it('rounds halves to the even number, and the rest to the nearest', () => {
  expect([0, 0.5, 0.51, 1.49, 1.5, 2.5, 3.5, 254.5].map(roundHalfToEven)).toEqual([0, 0, 1, 1, 2, 2, 4, 254]);
});
