import type { BoundingBox } from '../image/view/bounding-box.js';
import type { PlacedNumber } from './number-of.js';

/** How clearly the digits of a field were read: the mean of their probabilities; 0 where there is none. */
export function clarityOf({ lines }: PlacedNumber): number {
  const digits = lines.flatMap((line) => line.digits).filter((digit) => digit !== undefined);
  return digits.reduce((sum, { probability }) => sum + probability, 0) / Math.max(1, digits.length);
}

/**
 * A number that was read in a picture turned as `turn` does, with boxes in the picture as it was.
 * @param orientation 3, 6 or 8
 * @param picture its size before it was turned
 */
export function turnedBack(
  { lines, unread, ...number }: PlacedNumber,
  orientation: 3 | 6 | 8,
  picture: { readonly width: number; readonly height: number },
): PlacedNumber {
  const back = (box: BoundingBox): BoundingBox => boxBefore(box, orientation, picture);
  return {
    ...number,
    lines: lines.map((line) => ({
      ...line,
      digits: line.digits.map((digit) => digit && { ...digit, box: back(digit.box) }),
    })),
    unread: unread.map((digit) => ({ ...digit, box: back(digit.box) })),
  };
}

function boxBefore(
  { x, y, width, height }: BoundingBox,
  orientation: 3 | 6 | 8,
  picture: { readonly width: number; readonly height: number },
): BoundingBox {
  switch (orientation) {
    case 3:
      return { x: picture.width - x - width, y: picture.height - y - height, width, height };
    case 6:
      return { x: y, y: picture.height - x - width, width: height, height: width };
    case 8:
      return { x: picture.width - y - height, y: x, width: height, height: width };
  }
}
