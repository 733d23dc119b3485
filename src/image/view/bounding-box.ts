/**
 * A rectangle in pixels: `x … x + width` across, `y … y + height` down, fractions and places beyond the picture
 * allowed.
 */
export interface BoundingBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Area shared by two boxes over the area that they cover together, 0..1: https://en.wikipedia.org/wiki/Jaccard_index.
 */
export function intersectionOverUnion(a: BoundingBox, b: BoundingBox): number {
  const across = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const down = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  const shared = Math.max(0, across) * Math.max(0, down);
  const covered = a.width * a.height + b.width * b.height - shared;
  return covered > 0 ? shared / covered : 0;
}
