import type { BoundingBox } from '../../image/view/bounding-box.js';
import { medianOf } from '../../median.js';
import { isOne, type ReadCandidate } from '../candidate.js';
import type { DetectedSeparator } from '../detections.js';
import type { Choice, LatticePlace } from '../lattice.js';
import { logit } from '../odds.js';
import { groupsOf, isSameInk, type MarkGroup } from './mark-groups.js';

/** A place of a line. */
export interface LinePlace extends LatticePlace {
  /** In pixels of the picture's gray plane. */
  readonly box: BoundingBox;
  /** Where it may be a digit. */
  readonly candidate: ReadCandidate | undefined;
}

const PLACE = {
  /** Digits that one candidate may be read as: of sure ones too there is another, if it is improbable. */
  digits: 4,
  leastDigit: 1e-9,
  /** Of its width each side of a box may be shared with a neighbour; but strokes are as wide as a pen, in heights. */
  shared: 0.22,
  leastHalf: 0.05,
} as const;

/**
 * How much speaks for a separator, as logarithms of odds: a bias, and how much the logit of its probability counts, and
 * how far it reaches above and below the digits of its line, in their height. Chosen as the weights of forms are: so
 * that numbers are as probable as can be that validation writers wrote (decision 44).
 */
const MARKS: Readonly<Record<string, { bias: number; seen: number; above: number; below: number }>> = {
  '.': { bias: 0, seen: 1, above: 0, below: 0 },
  '-': { bias: 0, seen: 1.5, above: 0, below: 0 },
  '/': { bias: 0, seen: 0.65, above: 5.5, below: 1 },
  '(': { bias: 0.3, seen: 2, above: 1.5, below: 7 },
  ')': { bias: 0.3, seen: 2, above: 1.5, below: 7 },
};

/** How far a separator reaches above or below, at least and at most, for that to count. */
const REACH = [-0.1, 0.3] as const;

/**
 * What stands on a line: candidates, which may be separators instead, and separators elsewhere.
 * @param separators that may be of this line
 */
export function placesOf(
  candidates: readonly ReadCandidate[],
  separators: readonly DetectedSeparator[],
): LinePlace[] {
  const level = levelOf(candidates);
  const groups = groupsOf(separators);
  const elsewhere = new Set(groups);
  const places = candidates.map((candidate): LinePlace => {
    const logOdds = Math.log(candidate.isDigit / (1 - candidate.isDigit));
    const own = groups.filter(({ box }) => isSameInk(box, candidate.box));
    for (const group of own) elsewhere.delete(group);
    return {
      box: candidate.box,
      candidate,
      ...spanOf(candidate.box),
      digitOdds: Math.exp(logOdds),
      choices: [...digitsOf(candidate, logOdds), ...marksOf(logitsOf(own), candidate.box, level)],
    };
  });
  for (const group of elsewhere) {
    const middle = group.box.x + group.box.width / 2;
    places.push({
      box: group.box,
      candidate: undefined,
      // It may reach over or under its neighbours.
      start: middle,
      end: middle,
      digitOdds: 0,
      choices: marksOf(logitsOf([group]), group.box, level),
    });
  }
  return places;
}

function digitsOf({ probabilities }: ReadCandidate, logOdds: number): Choice[] {
  return Array.from(probabilities, (probability, digit) => ({ digit, probability }))
    .filter(({ probability }) => probability >= PLACE.leastDigit)
    .toSorted((a, b) => b.probability - a.probability)
    .slice(0, PLACE.digits)
    .map(({ digit, probability }) => ({ sign: String(digit), weight: logOdds + Math.log(probability) }));
}

/** The part of a line that a digit keeps to itself. */
function spanOf({ x, width, height }: BoundingBox): { readonly start: number; readonly end: number } {
  const middle = x + width / 2;
  const half = Math.max((0.5 - PLACE.shared) * width, PLACE.leastHalf * height);
  return { start: middle - half, end: middle + half };
}

function logitsOf(groups: readonly MarkGroup[]): Map<string, number> {
  const logits = new Map<string, number>();
  for (const { probabilities } of groups) {
    for (const [mark, probability] of probabilities) {
      logits.set(mark, Math.max(logit(probability), logits.get(mark) ?? -Infinity));
    }
  }
  return logits;
}

/** Where most digits of a line begin and end, from above, and how high they are. */
interface Level {
  readonly top: number;
  readonly bottom: number;
  readonly height: number;
}

function marksOf(logits: ReadonlyMap<string, number>, { y, height }: BoundingBox, level: Level): Choice[] {
  const reach = (value: number): number => Math.max(REACH[0], Math.min(REACH[1], value / level.height));
  return [...logits].flatMap(([sign, seen]) => {
    const mark = MARKS[sign];
    if (!mark) return [];
    const above = mark.above * reach(level.top - y);
    const below = mark.below * reach(y + height - level.bottom);
    return [{ sign, weight: mark.bias + mark.seen * seen + above + below }];
  });
}

/** Of likely digits that are no ones, if there are some: ones may be separators. */
function levelOf(candidates: readonly ReadCandidate[]): Level {
  const likely = candidates.filter(({ isDigit }) => isDigit > 0.5);
  const others = likely.filter((candidate) => !isOne(candidate));
  const used = [others, likely].find(({ length }) => length > 0) ?? candidates;
  const median = (valueOf: (box: BoundingBox) => number): number =>
    medianOf(used.map(({ box }) => valueOf(box))) ?? 0;
  return {
    top: median(({ y }) => y),
    bottom: median(({ y, height }) => y + height),
    height: Math.max(
      1,
      median(({ height }) => height),
    ),
  };
}
