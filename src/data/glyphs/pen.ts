import { GLYPH_EXTENT, GLYPH_SIDE, type InkMask } from './fit-mask.js';
import type { PenPoint } from '../datasets/parse-unipen.js';

/**
 * Writes recorded strokes with a round pen into a mask of `GLYPH_SIDE`: centred, the longer side of the ink
 * `GLYPH_EXTENT`, with an edge one pixel soft.
 * @param penWidth in pixels of the mask
 * @returns `[GLYPH_SIDE, GLYPH_SIDE]`, 255 full ink
 */
export function penMask(strokes: readonly (readonly PenPoint[])[], penWidth: number): Uint8Array {
  let left = Infinity;
  let right = -Infinity;
  let top = Infinity;
  let bottom = -Infinity;
  for (const stroke of strokes) {
    for (const [x, y] of stroke) {
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
    }
  }
  const scale = (GLYPH_EXTENT - penWidth) / Math.max(right - left, bottom - top, 1e-9);
  const centreX = (left + right) / 2;
  const centreY = (top + bottom) / 2;
  const toX = (x: number): number => (x - centreX) * scale + GLYPH_SIDE / 2;
  const toY = (y: number): number => (y - centreY) * scale + GLYPH_SIDE / 2;
  const mask = { width: GLYPH_SIDE, height: GLYPH_SIDE, data: new Uint8Array(GLYPH_SIDE * GLYPH_SIDE) };
  for (const stroke of strokes) {
    let [x0, y0] = stroke[0]!;
    for (let i = Math.min(1, stroke.length - 1); i < stroke.length; i++) {
      const [x1, y1] = stroke[i]!;
      // A tablet records points much closer together than a pixel; the last one ends the stroke.
      const near = Math.max(Math.abs(x1 - x0), Math.abs(y1 - y0)) * scale < LEAST_STEP;
      if (near && i < stroke.length - 1) continue;
      drawSegment(mask, [toX(x0), toY(y0)], [toX(x1), toY(y1)], penWidth / 2);
      [x0, y0] = [x1, y1];
    }
  }
  return mask.data;
}

/** Pixels of the mask between two points of a path. */
const LEAST_STEP = 1;

/** Writes a straight part of a stroke with a round pen, its edge a pixel soft. Lengths are in pixels. */
export function drawSegment(
  { width, height, data }: InkMask,
  [x0, y0]: PenPoint,
  [x1, y1]: PenPoint,
  radius: number,
): void {
  const reach = radius + 0.5;
  const dx = x1 - x0;
  const dy = y1 - y0;
  const squared = dx * dx + dy * dy;
  const firstX = Math.max(0, Math.floor(Math.min(x0, x1) - reach));
  const lastX = Math.min(width - 1, Math.ceil(Math.max(x0, x1) + reach));
  const firstY = Math.max(0, Math.floor(Math.min(y0, y1) - reach));
  const lastY = Math.min(height - 1, Math.ceil(Math.max(y0, y1) + reach));
  for (let row = firstY; row <= lastY; row++) {
    for (let column = firstX; column <= lastX; column++) {
      const x = column + 0.5;
      const y = row + 0.5;
      const along = squared === 0 ? 0 : ((x - x0) * dx + (y - y0) * dy) / squared;
      const place = Math.max(0, Math.min(1, along));
      const awayX = x - x0 - place * dx;
      const awayY = y - y0 - place * dy;
      const away = awayX * awayX + awayY * awayY;
      if (away >= reach * reach) continue;
      const ink = Math.min(255, Math.round(255 * (reach - Math.sqrt(away))));
      const i = row * width + column;
      if (ink > data[i]!) data[i] = ink;
    }
  }
}
