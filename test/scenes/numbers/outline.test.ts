import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawGlyph, type Canvas, type GlyphStyle } from '../../../src/scenes/draw-glyph.js';
import { GlyphShapes } from '../../../src/scenes/glyph-shapes.js';
import { outlineOf, roomBetween } from '../../../src/scenes/numbers/outline.js';
import { barGlyphs } from '../glyphs.js';

const SIDE = 160;
const shapes = new GlyphShapes(barGlyphs);
const field = new Float32Array(48 * 48);

function styleAt(x: number, scale: number, shear: number): GlyphStyle {
  return {
    x,
    y: SIDE / 2,
    scaleX: scale,
    scaleY: scale,
    rotation: 0,
    shear,
    grow: 0,
    softness: 0.5,
    outline: 0,
    dashes: 0,
    dots: 0,
    bend: 0,
    bendX: field,
    bendY: field,
    ink: 0,
    opacity: 1,
    unevenness: 0,
    texture: new Float32Array(128 * 128),
  };
}

/** The first and the last pixel of each row that is inked. */
function rowsOf(glyph: number, style: GlyphStyle): Map<number, [from: number, to: number]> {
  const canvas: Canvas = { side: SIDE, levels: new Float32Array(SIDE * SIDE).fill(1) };
  drawGlyph(canvas, shapes, glyph, style);
  const rows = new Map<number, [number, number]>();
  canvas.levels.forEach((level, i) => {
    if (level > 0.5) return;
    const [x, y] = [i % SIDE, Math.floor(i / SIDE)];
    const [from = x] = rows.get(y) ?? [];
    rows.set(y, [from, x + 1]);
  });
  return rows;
}

const glyphs = fc.constantFrom(0, 1);
const scales = fc.double({ min: 0.7, max: 1.4, noNaN: true });
const shears = fc.double({ min: -0.3, max: 0.7, noNaN: true });

describe('outlineOf', () => {
  it('says where the ink of a glyph ends, however it leans', () => {
    fc.assert(
      fc.property(glyphs, scales, shears, (glyph, scale, shear) => {
        const style = styleAt(SIDE / 2, scale, shear);
        const rows = rowsOf(glyph, style);
        for (const side of ['left', 'right'] as const) {
          const { xs, ys } = outlineOf(shapes, glyph, style, side);
          ys.forEach((y, band) => {
            const row = rows.get(Math.floor(y)) ?? [NaN, NaN];
            // A band is several rows high, and a ring is not straight.
            const off = Math.abs((xs[band] ?? NaN) - row[side === 'left' ? 0 : 1]);
            expect(off).toBeLessThan(glyph === 0 ? 3 : 9);
          });
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('roomBetween', () => {
  it('is as far as the right one can move before ink meets ink', () => {
    fc.assert(
      fc.property(glyphs, glyphs, scales, shears, (first, second, scale, shear) => {
        const [left, right] = [styleAt(50, scale, shear), styleAt(110, scale, shear)];
        const room = roomBetween(
          outlineOf(shapes, first, left, 'right'),
          outlineOf(shapes, second, right, 'left'),
          1,
        );
        const [before, behind] = [rowsOf(first, left), rowsOf(second, right)];
        let least = Infinity;
        for (const [y, [, to]] of before) least = Math.min(least, (behind.get(y)?.[0] ?? Infinity) - to);
        expect(Math.abs(room - least)).toBeLessThan(4);
      }),
      { numRuns: 60 },
    );
  });

  it('is without end between what is above each other', () => {
    const upper = { ...styleAt(50, 1, 0), y: 30 };
    const lower = { ...styleAt(60, 1, 0), y: 120 };
    const edges = [outlineOf(shapes, 0, upper, 'right'), outlineOf(shapes, 0, lower, 'left')] as const;
    expect(roomBetween(...edges, 5)).toBe(Infinity);
  });
});
