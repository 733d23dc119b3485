import type { BoundingBox } from '../../image/view/bounding-box.js';
import type { DetectedSeparator } from '../detections.js';

/** How far from a line, in heights of its digits, a separator of it stands: above their middle, and below. */
const ABOVE = 0.75;
const BELOW = 0.95;

/**
 * What stands between the digits of a line.
 * @param boxes of its digits, from left to right
 * @returns for each digit what stands before it, or nothing: the most probable mark of each gap
 */
export function marksBefore(
  boxes: readonly BoundingBox[],
  separators: readonly DetectedSeparator[],
): string[] {
  return boxes.map((box, i) => {
    const before = boxes[i - 1];
    if (!before)
      return separators.some((sign) => sign.mark === '(' && isBeside(sign.box, box, -1)) ? '(' : '';
    const [likeliest] = separators
      .filter((separator) => isBetween(separator.box, before, box))
      .toSorted((a, b) => b.probability - a.probability);
    return likeliest?.mark ?? '';
  });
}

/** The bracket that is closed behind the last digit of a line, or nothing. @param boxes of its digits */
export function bracketBehind(
  boxes: readonly BoundingBox[],
  separators: readonly DetectedSeparator[],
): string {
  const last = boxes.at(-1);
  return last && separators.some(({ mark, box }) => mark === ')' && isBeside(box, last, 1)) ? ')' : '';
}

/** Whether a bracket stands before a digit, or behind it, within its height. @param side -1 or 1 */
function isBeside(bracket: BoundingBox, digit: BoundingBox, side: number): boolean {
  const apart = side * (middleX(bracket) - middleX(digit));
  const isNear = apart > 0 && apart < digit.width / 2 + digit.height;
  return isNear && Math.abs(middleY(bracket) - middleY(digit)) < digit.height / 2;
}

/** Whether a separator stands between two digits of a line. What was read as a digit is no separator as well. */
export function isBetween(separator: BoundingBox, before: BoundingBox, behind: BoundingBox): boolean {
  const height = (before.height + behind.height) / 2;
  const middle = (middleY(before) + middleY(behind)) / 2;
  const [x, y] = [middleX(separator), middleY(separator)];
  if (x <= middleX(before) || x >= middleX(behind)) return false;
  if (y <= middle - ABOVE * height || y >= middle + BELOW * height) return false;
  return !covers(before, x, y) && !covers(behind, x, y);
}

/** Whether a point lies well inside of a box: half of it, around its middle. */
function covers(box: BoundingBox, x: number, y: number): boolean {
  return Math.abs(x - middleX(box)) < box.width / 4 && Math.abs(y - middleY(box)) < box.height / 4;
}

function middleX({ x, width }: BoundingBox): number {
  return x + width / 2;
}

function middleY({ y, height }: BoundingBox): number {
  return y + height / 2;
}
