import { describe, expect, it } from 'vitest';
import { heatPixels, leftOut, squareAround } from '../../page/heat.js';
import type { InkStroke } from '../../page/ink.js';

describe('heat', () => {
  it('has one colour for and one against, and lets through what speaks of nothing', () => {
    const colors = { speaksFor: [1, 2, 3], speaksAgainst: [4, 5, 6] } as const;
    expect([...heatPixels(Float32Array.of(1, -1, 0.01), colors)]).toEqual([
      1, 2, 3, 255, 4, 5, 6, 255, 1, 2, 3, 0,
    ]);
  });

  it('sets in from nothing on, without an edge', () => {
    const colors = { speaksFor: [1, 2, 3], speaksAgainst: [4, 5, 6] } as const;
    const pixels = heatPixels(
      Float32Array.from({ length: 201 }, (_, i) => i / 200),
      colors,
    );
    const opacities = Array.from({ length: 201 }, (_, i) => pixels[4 * i + 3] ?? NaN);
    for (const [i, opacity] of opacities.entries()) {
      expect(opacity - (opacities[i - 1] ?? 0)).toBeGreaterThanOrEqual(0);
      expect(opacity - (opacities[i - 1] ?? 0)).toBeLessThan(20);
    }
  });

  it('lies where the network looked: the box in the middle, with room around it', () => {
    expect(squareAround([10, 20, 35, 70])).toEqual({ x: -22.5, y: 5, side: 100 });
  });
});

describe('leftOut', () => {
  it('is the drawing without each of its strokes, where there are a few', () => {
    const strokes: InkStroke[] = [1, 2, 3].map((x) => [{ x, y: 0, width: 1 }]);
    expect(leftOut(strokes)).toEqual([strokes.slice(1), [strokes[0], strokes[2]], strokes.slice(0, 2)]);
    expect(leftOut(strokes.slice(0, 1))).toEqual([]);
    expect(leftOut(Array.from({ length: 9 }, () => [{ x: 0, y: 0, width: 1 }]))).toEqual([]);
  });
});
