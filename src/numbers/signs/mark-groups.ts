import { intersectionOverUnion, shareOn, type BoundingBox } from '../../image/view/bounding-box.js';
import type { DetectedSeparator } from '../detections.js';

/** Ink that may be a separator, and how probable each is. */
export interface MarkGroup {
  readonly box: BoundingBox;
  /** Mark, as `SEPARATORS` has it -> 0..1 */
  readonly probabilities: ReadonlyMap<string, number>;
}

/**
 * Boxes that overlap more, or whose middles are nearer in the longest of their sides, are of the same ink; and so is a
 * digit of which more lies on a separator.
 */
const SAME_INK = { overlap: 0.4, middle: 0.2, covered: 0.62 } as const;

/** What was detected of the same ink, in one close-up or several, together; boxes are of what is likeliest. */
export function groupsOf(separators: readonly DetectedSeparator[]): MarkGroup[] {
  const groups: { box: BoundingBox; probabilities: Map<string, number> }[] = [];
  for (const { box, mark, probability } of separators.toSorted((a, b) => b.probability - a.probability)) {
    const known = groups.find((group) => isSameMark(group.box, box));
    if (!known) groups.push({ box, probabilities: new Map([[mark, probability]]) });
    else if (!known.probabilities.has(mark)) known.probabilities.set(mark, probability);
  }
  return groups;
}

/** Whether a digit is of a separator's ink. */
export function isSameInk(mark: BoundingBox, digit: BoundingBox): boolean {
  return shareOn(mark, digit) > SAME_INK.covered || intersectionOverUnion(mark, digit) > SAME_INK.overlap;
}

function isSameMark(a: BoundingBox, b: BoundingBox): boolean {
  if (intersectionOverUnion(a, b) > SAME_INK.overlap) return true;
  const longest = Math.max(a.width, a.height, b.width, b.height);
  const away = Math.hypot(a.x + a.width / 2 - b.x - b.width / 2, a.y + a.height / 2 - b.y - b.height / 2);
  return away < SAME_INK.middle * longest;
}
