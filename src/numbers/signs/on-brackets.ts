import { shareOn } from '../../image/view/bounding-box.js';
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
  const brackets = separators.filter(({ mark }) => mark === '(' || mark === ')');
  const isOfPair = (one: DetectedSeparator): boolean =>
    brackets.some((other) => isPair(one, other) || isPair(other, one));
  return candidates.map((candidate) => {
    const { box } = candidate;
    let most = 0;
    for (const bracket of brackets) {
      // Pairs are looked for where it matters alone: there may be thousands of brackets.
      const isLikelier = shareOn(bracket.box, box) > ON_BRACKET.leastCovered && bracket.probability > most;
      if (isLikelier && isOfPair(bracket)) most = bracket.probability;
    }
    if (most === 0) return candidate;
    const against = ON_BRACKET.weight * (logit(most) + ON_BRACKET.bias);
    return { ...candidate, isDigit: sigmoid(logit(candidate.isDigit) - against) };
  });
}

function isPair(open: DetectedSeparator, closed: DetectedSeparator): boolean {
  const [a, b] = [open.box, closed.box];
  const height = (a.height + b.height) / 2;
  const apart = (b.x - a.x - a.width) / height;
  const rise = (b.y - a.y + (b.height - a.height) / 2) / height;
  const { leastApart, mostApart, mostRise } = ON_BRACKET;
  const isNear = apart > leastApart && apart < mostApart && Math.abs(rise) < mostRise;
  return open.mark === '(' && closed.mark === ')' && isNear;
}
