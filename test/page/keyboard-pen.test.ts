import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PAPER_SIDE } from '../../page/ink.js';
import { describePen, pressKey, RESTING_PEN } from '../../page/keyboard-pen.js';

const start = { x: 100, y: 100, isDown: false };

describe('pressKey', () => {
  it.each([
    ['ArrowRight', 110, 100],
    ['ArrowLeft', 90, 100],
    ['ArrowUp', 100, 90],
    ['ArrowDown', 100, 110],
    ['Home', 90, 90],
    ['PageUp', 110, 90],
    ['End', 90, 110],
    ['PageDown', 110, 110],
  ])('moves with %s', (key, x, y) => {
    expect(pressKey(start, key, false)).toEqual({ x, y, isDown: false });
  });

  it('moves in small steps with Shift, and leaves the pen down as it is', () => {
    expect(pressKey({ ...start, isDown: true }, 'ArrowRight', true)).toEqual({
      x: 103,
      y: 100,
      isDown: true,
    });
  });

  it('puts the pen down and up', () => {
    for (const key of [' ', 'Enter']) {
      const down = pressKey(start, key, false);
      expect(down.isDown).toBe(true);
      expect(pressKey(down, key, false)).toEqual(start);
      expect(pressKey(down, 'Escape', false)).toEqual(start);
    }
  });

  it('gives the very pen back for keys that are not its own', () => {
    for (const key of ['a', 'Tab', 'Delete', 'Escape', 'toString'])
      expect(pressKey(start, key, false)).toBe(start);
  });

  it('never leaves the paper', () => {
    const keys = fc.array(fc.constantFrom('ArrowLeft', 'PageDown', 'ArrowUp', 'Home', 'End'), {
      maxLength: 200,
    });
    fc.assert(
      fc.property(keys, fc.boolean(), (pressed, isFine) => {
        const { x, y } = pressed.reduce((pen, key) => pressKey(pen, key, isFine), RESTING_PEN);
        expect(Math.min(x, y)).toBeGreaterThan(0);
        expect(Math.max(x, y)).toBeLessThan(PAPER_SIDE);
      }),
    );
  });
});

describe('describePen', () => {
  it('says where the pen is and whether it writes', () => {
    expect(describePen({ x: 70, y: 140, isDown: true })).toBe(
      'Pen down, 25% from the left, 50% from the top.',
    );
    expect(describePen(RESTING_PEN)).toMatch(/^Pen up/);
  });
});
