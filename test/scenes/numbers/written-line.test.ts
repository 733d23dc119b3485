import { describe, expect, it } from 'vitest';
import { SEPARATORS } from '../../../src/image/view/detector-cells.js';
import { createRandom } from '../../../src/random.js';
import type { Hand } from '../../../src/scenes/hand.js';
import { HARD_CHANCES } from '../../../src/scenes/numbers/number-ranges.js';
import { bracket, lineAt, separate, type Sheet } from '../../../src/scenes/numbers/written-line.js';

const SIDE = 96;
const HAND: Partial<Hand> = { ink: 0, opacity: 1, radius: 2 };

function sheet(): Sheet {
  const canvas = { side: SIDE, levels: new Float32Array(SIDE * SIDE).fill(1) };
  const print = { level: 0.5, opacity: 1 };
  return {
    canvas,
    chance: HARD_CHANCES,
    hand: HAND as Hand,
    print,
    slope: 0,
    digits: [],
    separators: [],
    words: [],
    glyphs: [],
  };
}

describe('written lines', () => {
  it('tell which brackets are written, and where', () => {
    const random = createRandom(3);
    const written = sheet();
    const line = lineAt(written, SIDE / 2, 30, random);
    const between = bracket(written, line, true, 20, random);
    const end = bracket(written, line, false, between + 20, random);
    expect(written.separators.map(({ kind }) => SEPARATORS[kind])).toEqual(['(', ')']);
    const [open, closed] = written.separators;
    expect(open?.box.right).toBeLessThan(closed?.box.left ?? 0);
    expect(end).toBeGreaterThan(between);
  });

  it('have no bracket between digits by itself', () => {
    const written = sheet();
    const random = createRandom(5);
    for (let i = 0; i < 300; i++) separate(written, lineAt(written, SIDE / 2, 30, random), 30, random);
    const marks = new Set(written.separators.map(({ kind }) => SEPARATORS[kind]));
    expect([...marks].toSorted()).toEqual(['-', '.', '/']);
  });
});
