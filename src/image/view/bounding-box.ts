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

/** What two boxes have in common; its sides are 0 where they have nothing. */
export function overlap(a: BoundingBox, b: BoundingBox): BoundingBox {
  const x = Math.max(a.x, b.x);
  const y = Math.max(a.y, b.y);
  return {
    x,
    y,
    width: Math.max(0, Math.min(a.x + a.width, b.x + b.width) - x),
    height: Math.max(0, Math.min(a.y + a.height, b.y + b.height) - y),
  };
}

/** The area that two boxes share. Most share none: little is worked out of those. */
function sharedArea(a: BoundingBox, b: BoundingBox): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  if (width <= 0) return 0;
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return height <= 0 ? 0 : width * height;
}

/**
 * Area shared by two boxes over the area that they cover together, 0..1: https://en.wikipedia.org/wiki/Jaccard_index.
 */
export function intersectionOverUnion(a: BoundingBox, b: BoundingBox): number {
  const shared = sharedArea(a, b);
  if (shared === 0) return 0;
  const covered = a.width * a.height + b.width * b.height - shared;
  return covered > 0 ? shared / covered : 0;
}

/** The share of a box that lies on another one, 0..1; a box has an area. */
export function shareOn(other: BoundingBox, box: BoundingBox): number {
  return sharedArea(other, box) / (box.width * box.height);
}
