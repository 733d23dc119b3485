import { OVERVIEW_SIDE } from '../../../src/image/view/sizes.js';
import { wholeBetween, type Random } from '../../../src/random.js';
import type { ScenePainter } from '../../../src/scenes/painter.js';
import { SHOWN_SIDES } from '../../../src/network/network.js';
import type { GlyphSet, SceneGlyphs } from '../../../src/scenes/types.js';

const none: GlyphSet = {
  side: 1,
  masks: new Uint8Array(0),
  labels: new Uint8Array(0),
  weights: new Float32Array(0),
};

/** What `fakePainter` needs: nothing. */
export const NO_GLYPHS: SceneGlyphs = { digits: none, others: none };

/**
 * Views and thumbnails with a bright square in one of eleven places, which is the label; overviews with a bright
 * square whose cell is that of the digit, and in half of them a darker one whose cell is that of another.
 */
export function fakePainter(): ScenePainter {
  return {
    drawToRead(shown, random, levels) {
      const label = wholeBetween(random, 0, 10);
      grain(levels, random);
      const cell = SHOWN_SIDES[shown] / 4;
      const [row, column] = [Math.floor(label / 4) + 0.5, (label % 4) + 0.5];
      square(levels, 4 * cell, cell * row, cell * column, 0.75 * cell, 255);
      return label;
    },
    drawToFind(shown, random, { levels, targets, weights }) {
      if (shown === 'closeup') throw new Error('this painter draws no close-ups');
      grain(levels, random);
      targets.fill(0);
      weights.fill(0).fill(1, 0, 72);
      if (random() < 0.5) targets[drawAt(random, levels, 120)] = 1;
      const cell = drawAt(random, levels, 255);
      targets[cell] = 1;
      targets[36 + cell] = 1;
      for (let plane = 2; plane < 6; plane++) {
        targets[36 * plane + cell] = 0.5;
        weights[36 * plane + cell] = 1;
      }
    },
  };
}

/** @returns the cell */
function drawAt(random: Random, levels: Uint8Array, level: number): number {
  const [row, column] = [wholeBetween(random, 0, 5), wholeBetween(random, 0, 5)];
  square(levels, OVERVIEW_SIDE, 16 * row + 8, 16 * column + 8, 10, level);
  return 6 * row + column;
}

function grain(levels: Uint8Array, random: Random): void {
  for (let i = 0; i < levels.length; i++) levels[i] = 20 * random();
}

/** Around a middle. */
function square(
  levels: Uint8Array,
  width: number,
  row: number,
  column: number,
  side: number,
  level: number,
): void {
  for (let i = row - side / 2; i < row + side / 2; i++) {
    levels.fill(level, i * width + column - side / 2, i * width + column + side / 2);
  }
}
