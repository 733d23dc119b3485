import { OVERVIEW_SIDE, VIEW_SIDE } from '../image/view/sizes.js';
import { between, wholeBetween, type Random } from '../random.js';
import type { GlyphSet, SceneGlyphs, ScenePainter } from './types.js';

/** A stand-in: a glyph of any size on even ground. */
export function createScenePainter({ digits, others }: SceneGlyphs): ScenePainter {
  return {
    drawView(random, levels) {
      const isDigit = random() < 0.75 || others.labels.length === 0;
      const set = isDigit ? digits : others;
      const glyph = wholeBetween(random, 0, set.labels.length - 1);
      const side = between(random, 28, 60);
      drawGlyph(random, levels, VIEW_SIDE, set, glyph, side, VIEW_SIDE / 2, VIEW_SIDE / 2);
      return isDigit ? (set.labels[glyph] ?? 0) : 10;
    },
    drawOverview(random, levels, targets, weights) {
      const glyph = wholeBetween(random, 0, digits.labels.length - 1);
      const side = between(random, 16, 64);
      const [x, y] = [between(random, 8, OVERVIEW_SIDE - 8), between(random, 8, OVERVIEW_SIDE - 8)];
      drawGlyph(random, levels, OVERVIEW_SIDE, digits, glyph, side, x, y);
      const cell = 6 * Math.floor(y / 16) + Math.floor(x / 16);
      targets.fill(0);
      weights.fill(0).fill(1, 0, 72);
      targets[cell] = 1;
      targets[36 + cell] = 1;
      const box = [
        x / 16 - Math.floor(x / 16) - 0.5,
        y / 16 - Math.floor(y / 16) - 0.5,
        Math.log(side / 16),
        Math.log(side / 16),
      ];
      for (const [i, value] of box.entries()) {
        targets[72 + 36 * i + cell] = value;
        weights[72 + 36 * i + cell] = 1;
      }
    },
  };
}

function drawGlyph(
  random: Random,
  levels: Uint8Array,
  width: number,
  { masks, side: glyphSide }: GlyphSet,
  glyph: number,
  side: number,
  x: number,
  y: number,
): void {
  const ground = between(random, 0, 255);
  const ink = ground > 128 ? 0 : 255;
  levels.fill(ground);
  const scale = glyphSide / side;
  for (let row = 0; row < width; row++) {
    for (let column = 0; column < width; column++) {
      const u = Math.floor((column - x) * scale + glyphSide / 2);
      const v = Math.floor((row - y) * scale + glyphSide / 2);
      if (u < 0 || v < 0 || u >= glyphSide || v >= glyphSide) continue;
      const share = masks[(glyph * glyphSide + v) * glyphSide + u]! / 255;
      levels[row * width + column] = ground + share * (ink - ground);
    }
  }
}
