import type { BoundingBox } from '../../image/view/bounding-box.js';
import type { ReadCandidate } from '../candidate.js';

/** A digit of a line, as it was read. */
export interface LineDigit {
  readonly candidate: ReadCandidate;
  readonly class: number;
}

/** Signs of a line that look like ones. */
export interface FoundSigns {
  /** Digits of the line that are signs. */
  readonly digits: readonly ReadCandidate[];
  /** All of the signs. */
  readonly marks: readonly { readonly mark: string; readonly box: BoundingBox }[];
  /** 0..1: that they are. */
  readonly probability: number;
}

/** How far a stroke reaches above most digits of its line that are no ones, and below, in their height. */
export function reachOf(
  box: BoundingBox,
  digits: readonly LineDigit[],
): { readonly above: number; readonly below: number } {
  const others = digits.filter(({ class: digit }) => digit !== 1).map(({ candidate }) => candidate.box);
  const top = middleOf(others.map(({ y }) => y)) ?? box.y;
  const bottom = middleOf(others.map(({ y, height }) => y + height)) ?? box.y + box.height;
  const height = middleOf(others.map((other) => other.height)) ?? box.height;
  return { above: (top - box.y) / height, below: (box.y + box.height - bottom) / height };
}

/** The digit that a candidate is most probably. */
export function digitOf({ probabilities }: ReadCandidate): number {
  return probabilities.indexOf(Math.max(...probabilities));
}

function middleOf(values: readonly number[]): number | undefined {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}
