import { describe, expect, it } from 'vitest';
import { clarityOf, type CloseUp } from '../../src/numbers/close-ups.js';
import type { Look } from '../../src/numbers/detections.js';
import { linesInDoubt, secondCloseUps, together } from '../../src/numbers/looks.js';
import type { PlacedLine } from '../../src/numbers/number-of.js';

const BOX = { x: 90, y: 84, width: 20, height: 32 };
const HERE: CloseUp = { x: 50, y: 50, side: 100, columns: 12 };
const BESIDE: CloseUp = { ...HERE, x: 54, y: 54 };
const ELSEWHERE: CloseUp = { ...HERE, x: 500 };

/** A close-up in which one digit is seen, or none. */
function look(closeUp: CloseUp, seen?: { box?: typeof BOX; isDigit: number; digit: number }): Look {
  const { box = BOX, isDigit, digit } = seen ?? { isDigit: 0, digit: 0 };
  const probabilities = Float32Array.from({ length: 10 }, (_, i) => (i === digit ? 0.91 : 0.01));
  const digits = seen ? [{ box, isDigit, probabilities, clarity: clarityOf(closeUp, box) }] : [];
  return { closeUp, digits, separators: [] };
}

describe('together', () => {
  it('leaves what one close-up shows as it is', () => {
    const seen = look(HERE, { isDigit: 0.9, digit: 4 });
    expect(together([seen, look(ELSEWHERE)], 10)).toEqual(seen.digits);
  });

  it('has of one digit in two the mean of both: their logits, their logarithms, their boxes', () => {
    const moved = { ...BOX, x: 92 };
    const [digit, ...others] = together(
      [look(HERE, { isDigit: 0.9, digit: 4 }), look(BESIDE, { box: moved, isDigit: 0.5, digit: 9 })],
      10,
    );
    expect(others).toEqual([]);
    // Odds of 9 and 1, about half of each.
    expect(digit?.isDigit).toBeCloseTo(0.75, 1);
    expect(digit?.probabilities[4]).toBeCloseTo(digit?.probabilities[9] ?? NaN, 1);
    expect(digit?.box.x).toBeGreaterThan(90.8);
    expect(digit?.box.x).toBeLessThan(91.2);
  });

  it('believes less in what another close-up does not see that shows the place as well', () => {
    const seen = look(HERE, { isDigit: 0.9, digit: 4 });
    const [digit] = together([seen, look(BESIDE)], 10);
    // Between 0.9 and the least that counts, 0.03, in logits.
    expect(digit?.isDigit).toBeLessThan(0.5);
    expect(digit?.probabilities[4]).toBeCloseTo(0.91, 5);
  });

  it('knows a narrow 1 again that is seen a little beside itself', () => {
    const one = { ...BOX, width: 6 };
    const [digit, ...others] = together(
      [
        look(HERE, { box: one, isDigit: 0.9, digit: 1 }),
        look(BESIDE, { box: { ...one, x: one.x + 3 }, isDigit: 0.9, digit: 1 }),
      ],
      10,
    );
    expect(others).toEqual([]);
    expect(digit?.isDigit).toBeCloseTo(0.9, 5);
  });

  it('does not ask a close-up that shows it much worse', () => {
    const seen = look(HERE, { isDigit: 0.9, digit: 4 });
    const edge = look({ ...HERE, x: 95 }, { isDigit: 0.1, digit: 7 });
    expect(together([seen, edge], 10)).toEqual(seen.digits);
  });

  it('keeps digits beside each other apart, and no more than are asked for', () => {
    const next = look(HERE, { box: { ...BOX, x: 108 }, isDigit: 0.8, digit: 1 });
    const both = [look(HERE, { isDigit: 0.9, digit: 4 }), { ...next, closeUp: ELSEWHERE }];
    expect(together(both, 10)).toHaveLength(2);
    expect(together(both, 1).map(({ isDigit }) => isDigit)).toEqual([0.9]);
  });
});

function line(probability: number, count = 3): PlacedLine {
  const digits = Array.from({ length: count }, (_, i) => ({
    class: 5,
    probability,
    probabilities: new Float32Array(10).fill(0.1),
    box: { ...BOX, x: 90 + 22 * i },
  }));
  return { digits, probability };
}

describe('linesInDoubt', () => {
  it('has those that are not clear', () => {
    const [sure, unsure] = [line(0.95), line(0.6)];
    const number = { lines: [sure, unsure], probability: 0.5, unread: [], alternatives: [] };
    expect(linesInDoubt(number)).toEqual([unsure]);
  });
});

describe('secondCloseUps', () => {
  const picture = { width: 200_000, height: 200 };

  it('shows lines as large as their digits are', () => {
    const [closeUp, ...others] = secondCloseUps([line(0.6)], { picture });
    expect(others).toEqual([]);
    expect(closeUp?.side).toBe(3.125 * 32);
    // Half a cell further down than the middle of the line.
    expect((closeUp?.y ?? NaN) + 50).toBeCloseTo(100 + 100 / 24, 6);
    expect(secondCloseUps([], { picture })).toEqual([]);
  });

  it('looks once more at a part of a long picture alone', () => {
    const squares = (count: number): number =>
      secondCloseUps([line(0.6, count)], { picture }).reduce((sum, { columns }) => sum + columns / 12, 0);
    expect(squares(20)).toBeGreaterThan(4);
    expect(squares(5000)).toBeGreaterThan(80);
    expect(squares(5000)).toBeLessThanOrEqual(96);
  });
});
