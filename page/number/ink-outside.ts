import type { InkStroke } from '../ink.js';

/** How far around its box a digit may reach, as a share of the box's longer side. */
const MARGIN = 0.12;

/** A blot, or the end of a stroke, is no other digit. */
const LEAST_SHARE = 0.12;

/**
 * Whether there is more ink than a digit's.
 * @param box of the digit: x, y, width and height in units of the paper
 */
export function isInkOutside(
  strokes: readonly InkStroke[],
  [x = 0, y = 0, width = 0, height = 0]: readonly number[],
): boolean {
  const margin = MARGIN * Math.max(width, height);
  let outside = 0;
  let all = 0;
  for (const stroke of strokes) {
    stroke.forEach((point, i) => {
      const before = stroke[i - 1];
      // A dot is as long as it is wide.
      const length = before ? Math.hypot(point.x - before.x, point.y - before.y) : point.width;
      const reach = margin + point.width / 2;
      const isInside =
        point.x >= x - reach &&
        point.x <= x + width + reach &&
        point.y >= y - reach &&
        point.y <= y + height + reach;
      all += length;
      if (!isInside) outside += length;
    });
  }
  return outside > LEAST_SHARE * all;
}
