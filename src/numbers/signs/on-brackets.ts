import { overlap } from '../../image/view/bounding-box.js';
import type { ReadCandidate } from '../candidate.js';
import type { DetectedSeparator } from '../detections.js';
import { logit, sigmoid } from '../odds.js';

const ON_BRACKET = {
  /** Of a box, the part that lies on a bracket's: then it is the bracket, or a piece of it. */
  leastCovered: 0.5,
  /** How much the logit of the bracket's probability counts against a digit there, and what is added to it. */
  weight: 1.5,
  bias: 1,
  /** Two brackets are of one pair so far apart, and so near in height, in their heights: one digit to four. */
  leastApart: 0.8,
  mostApart: 3.5,
  mostRise: 0.6,
} as const;

/**
 * Candidates, less probable where the detector sees a round bracket: to a reader it is a 1. A bracket without another
 * is more often a 1 than a bracket.
 */
export function apartFromBrackets(
  candidates: readonly ReadCandidate[],
  separators: readonly DetectedSeparator[],
): readonly ReadCandidate[] {
  const opening = separators.filter(({ mark }) => mark === '(');
  const closing = separators.filter(({ mark }) => mark === ')');
  const brackets = [
    ...opening.filter((open) => closing.some((closed) => isPair(open, closed))),
    ...closing.filter((closed) => opening.some((open) => isPair(open, closed))),
  ];
  if (brackets.length === 0) return candidates;
  return candidates.map((candidate) => {
    const { box } = candidate;
    let most = 0;
    for (const bracket of brackets) {
      const common = overlap(box, bracket.box);
      const covered = (common.width * common.height) / (box.width * box.height);
      if (covered > ON_BRACKET.leastCovered) most = Math.max(most, bracket.probability);
    }
    if (most === 0) return candidate;
    const against = ON_BRACKET.weight * (logit(most) + ON_BRACKET.bias);
    return { ...candidate, isDigit: sigmoid(logit(candidate.isDigit) - against) };
  });
}

function isPair({ box: open }: DetectedSeparator, { box: closed }: DetectedSeparator): boolean {
  const { leastApart, mostApart, mostRise } = ON_BRACKET;
  const height = (open.height + closed.height) / 2;
  const apart = (closed.x - open.x - open.width) / height;
  const rise = (closed.y + closed.height / 2 - open.y - open.height / 2) / height;
  return apart > leastApart && apart < mostApart && Math.abs(rise) < mostRise;
}
