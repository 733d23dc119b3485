import type { GlyphStyle } from '../draw-glyph.js';
import { BANDS, type GlyphShapes } from '../glyph-shapes.js';

/** Where the ink of a character ends on one side, band by band from its top to its bottom; in pixels of the canvas. */
export interface Outline {
  /** `[BANDS]`: the middle of each band. */
  readonly ys: readonly number[];
  /** `[BANDS]`: infinite where there is no ink. */
  readonly xs: readonly number[];
}

type Placed = Pick<GlyphStyle, 'x' | 'y' | 'scaleX' | 'scaleY' | 'shear' | 'grow'>;

/** The left or the right side of a glyph. How it is turned and bent is left out. */
export function outlineOf(
  shapes: GlyphShapes,
  glyph: number,
  style: Placed,
  side: 'left' | 'right',
): Outline {
  const { x, y, scaleX, scaleY, shear, grow } = style;
  const halfHeight = shapes.halfHeights[glyph]!;
  const bands = Array.from({ length: BANDS }, (_, band) => ((2 * band + 1) / BANDS - 1) * halfHeight);
  return {
    ys: bands.map((v) => y + scaleY * v),
    xs: bands.map((v, band) => {
      const [left, right] = [shapes.lefts[glyph * BANDS + band]!, shapes.rights[glyph * BANDS + band]!];
      const edge = side === 'left' ? left - grow : right + grow;
      return left < right ? x + scaleX * edge - shear * scaleY * v : side === 'left' ? Infinity : -Infinity;
    }),
  };
}

/**
 * How far the right character can move to the left until ink meets ink.
 * @param reach how far above or below each other ink is taken to meet, in pixels
 * @returns infinite where they are above each other
 */
export function roomBetween(left: Outline, right: Outline, reach: number): number {
  let room = Infinity;
  left.ys.forEach((y, i) => {
    right.ys.forEach((otherY, j) => {
      if (Math.abs(otherY - y) <= reach) room = Math.min(room, right.xs[j]! - left.xs[i]!);
    });
  });
  return room;
}
