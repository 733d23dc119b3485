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

/**
 * Area shared by two boxes over the area that they cover together, 0..1: https://en.wikipedia.org/wiki/Jaccard_index.
 */
export function intersectionOverUnion(a: BoundingBox, b: BoundingBox): number {
  const common = overlap(a, b);
  const shared = common.width * common.height;
  const covered = a.width * a.height + b.width * b.height - shared;
  return covered > 0 ? shared / covered : 0;
}

/** The share of a box that lies on another one, 0..1; a box has an area. */
export function shareOn(other: BoundingBox, box: BoundingBox): number {
  const common = overlap(other, box);
  return (common.width * common.height) / (box.width * box.height);
}
