/** Paths of a pen in any size; y points down. */
import type { Glyph, Point, Stroke } from '../../drawing/glyphs.js';
import { between, type Random } from '../../random.js';

/** A full turn around a point. */
export function ring(x: number, y: number, radius: number): Stroke {
  return Array.from({ length: 11 }, (_, i): Point => {
    const angle = (i / 10) * 2 * Math.PI;
    return [x + radius * Math.cos(angle), y + radius * Math.sin(angle)];
  });
}

/** Two or three glyphs in a row, like a word. */
export function sideBySide(glyphs: readonly Glyph[], random: Random): Glyph {
  let left = 0;
  return glyphs.flatMap((glyph) => {
    const gap = between(random, 0.1, 0.25);
    const moved = glyph.map((stroke) => stroke.map(([x, y]): Point => [x + left, y]));
    left = Math.max(...moved.flatMap((stroke) => stroke.map(([x]) => x))) + gap;
    return moved;
  });
}

/** A stroke with a sharp corner at every point. */
export function cornered(points: Stroke): Stroke {
  return points.flatMap((point) => [point, point]);
}

/** A closed stroke with sharp corners. */
export function closed(corners: Stroke): Stroke {
  return cornered([...corners, ...corners.slice(0, 1)]);
}

/** Rotated clockwise about the origin. */
export function turned(glyph: Glyph, angle: number): Glyph {
  if (angle === 0) return glyph;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return glyph.map((stroke) => stroke.map(([x, y]): Point => [x * cos - y * sin, x * sin + y * cos]));
}
