import { describe, expect, it } from 'vitest';
import { nibWidth } from '../../page/ink.js';

describe('nibWidth', () => {
  it.each([
    [0.5, 20],
    [1, 32],
    [0, 8],
    [7, 32],
  ])('follows the pressure of a pen: %d', (pressure, width) => {
    expect(nibWidth(20, 'pen', pressure)).toBeCloseTo(width, 10);
  });

  it.each(['mouse', 'touch', ''])('is the same for all pressures of "%s"', (type) => {
    expect([0, 0.5, 1].map((pressure) => nibWidth(20, type, pressure))).toEqual([20, 20, 20]);
  });
});
