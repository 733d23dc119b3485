import { describe, expect, test } from 'vitest';
import { createRandom } from '../../src/random.js';
import { DISTANCE_STEPS, GlyphShapes } from '../../src/scenes/glyph-shapes.js';
import { barGlyphs, slantedGlyphs } from './glyphs.js';

describe('glyphs by their distances', () => {
  test('tell how far each pixel is from the edge of the ink', () => {
    const { side } = barGlyphs;
    const { distances } = new GlyphShapes(barGlyphs);
    // A bar of 8 x 40 pixels in the middle: the distance is that to a rectangle, but for what steps from pixel to pixel
    // add.
    for (let y = 0; y < side; y++) {
      for (let x = 0; x < side; x++) {
        const [outX, outY] = [Math.abs(x + 0.5 - 24) - 4, Math.abs(y + 0.5 - 24) - 20];
        const isInside = outX < 0 && outY < 0;
        const distance = isInside ? -Math.max(outX, outY) : -Math.hypot(Math.max(0, outX), Math.max(0, outY));
        if (Math.abs(distance) > 15 || x < 2 || y < 2 || x > 45 || y > 45) continue;
        expect(Math.abs((distances[y * side + x] ?? 0) / DISTANCE_STEPS - distance)).toBeLessThan(
          // Beside a corner it goes round it.
          0.85 + 0.09 * Math.abs(distance),
        );
      }
    }
  });

  test('know the width of their strokes and the box of their ink', () => {
    const { radii, halfWidths, halfHeights } = new GlyphShapes(barGlyphs);
    expect(halfWidths[0]).toBe(4);
    expect(halfHeights[0]).toBe(20);
    expect(radii[0]).toBeGreaterThan(3);
    expect(radii[0]).toBeLessThan(4.2);
  });

  test('know how far they lean', () => {
    const { slants } = new GlyphShapes(barGlyphs);
    expect(slants[0]).toBeCloseTo(0, 5);
    expect(slants[1]).toBeCloseTo(0, 2);
    expect(new GlyphShapes(slantedGlyphs).slants[0]).toBeCloseTo(0.4, 1);
  });

  test('are picked by their weights', () => {
    const shapes = new GlyphShapes({ ...barGlyphs, weights: Float32Array.of(1, 0, 3) });
    const random = createRandom(1);
    const counts = [0, 0, 0];
    for (let i = 0; i < 4000; i++) counts[shapes.pick(random)]! += 1;
    expect(counts[1]).toBe(0);
    expect(Math.abs((counts[0] ?? 0) - 1000)).toBeLessThan(120);
  });

  test('come from one hand together, as often as it wrote', () => {
    expect(new GlyphShapes(barGlyphs).ofOneHand(createRandom(1))).toEqual([]);
    const shapes = new GlyphShapes({ ...barGlyphs, hands: Int32Array.of(5, -1, 5) });
    const random = createRandom(1);
    for (let i = 0; i < 20; i++) expect(shapes.ofOneHand(random)).toEqual([0, 2]);
    const two = new GlyphShapes({ ...barGlyphs, hands: Int32Array.of(5, 3, 5) });
    const counts = [0, 0];
    for (let i = 0; i < 600; i++) counts[two.ofOneHand(random).length - 1]! += 1;
    expect(counts[1]! / 600).toBeGreaterThan(0.58);
    expect(counts[1]! / 600).toBeLessThan(0.75);
  });
});
