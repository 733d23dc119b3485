import type { BoundingBox } from '../image/view/bounding-box.js';
import { medianOf } from '../median.js';
import { isOne, type ReadCandidate } from './candidate.js';
import { logit, sigmoid } from './odds.js';
import type { DetectedSeparator } from './detections.js';
import { isSameInk } from './signs/mark-groups.js';

const LINES = {
  /** Candidates that are as likely begin lines. */
  likely: 0.5,
  /** Neighbours' middles are apart by less, of the mean of their heights. */
  mostRise: 0.55,
  /** And so are their boxes along the line, of the same. */
  mostGap: 3.5,
  /** Heights of neighbours, larger by smaller. */
  mostRatio: 2.2,
  /** How much a gap counts against how much a neighbour rises, and the logarithm of that ratio. */
  gap: 0.05,
  unlike: 0.3,
  /** How much a height counts that is not like the others of its line: of the square of its logarithm. */
  oddHeight: 5,
  /** And of a one: a short one is a hyphen or a comma. */
  oddOne: 15,
  /** Logarithms of heights that differ by less are alike. */
  evenHeight: 0.35,
  /** How far from a digit a separator of its line stands, in its height: above its middle, below, and beside it. */
  above: 0.75,
  below: 0.95,
  beside: 2,
  /** How much farther away a digit counts that lies on the separator's ink. */
  itself: 10,
  /** Of one picture. */
  mostSeparators: 1024,
} as const;

/**
 * Sorts candidates into lines: each likely one goes with the nearest one to its left that is about as high and stands
 * about as high on the page, so that lines may rise and fall. What is less likely, smaller or larger goes with the line
 * that it stands on: it may be a piece of a digit or a separator, and begins no line that others follow.
 * @returns from the top; each from left to right
 */
export function linesOf(candidates: readonly ReadCandidate[]): ReadCandidate[][] {
  const likely = candidates.filter(({ isDigit }) => isDigit >= LINES.likely);
  const unlikely = candidates.filter(({ isDigit }) => isDigit < LINES.likely);
  const lines: ReadCandidate[][] = [];
  for (const line of chainsOf(likely).toSorted((a, b) => evidenceOf(b) - evidenceOf(a))) {
    const larger = lines.find((other) => line.every((candidate) => standsOn(candidate, other)));
    if (larger) larger.push(...line);
    else lines.push(line);
  }
  const others: ReadCandidate[] = [];
  const whole = lines.map((line) => [...line]);
  for (const candidate of unlikely) {
    const place = lines.findIndex((line) => standsOn(candidate, line));
    (whole[place] ?? others).push(candidate);
  }
  return [...whole, ...chainsOf(others)]
    .map((line) => withEvenHeights(line.toSorted((a, b) => middleX(a) - middleX(b))))
    .toSorted((a, b) => middleOfLine(a) - middleOfLine(b));
}

/** Candidates that follow each other, from left to right. */
function chainsOf(candidates: readonly ReadCandidate[]): ReadCandidate[][] {
  const lines: ReadCandidate[][] = [];
  for (const candidate of candidates.toSorted((a, b) => middleX(a) - middleX(b))) {
    let nearest: ReadCandidate[] | undefined;
    let least = Infinity;
    for (const line of lines) {
      // The last few: the very last may be a speck, or a piece of a digit.
      for (const other of line.slice(-4)) {
        const away = distance(other, candidate);
        if (away < least) {
          least = away;
          nearest = line;
        }
      }
    }
    if (nearest) nearest.push(candidate);
    else lines.push([candidate]);
  }
  return lines;
}

/** How much speaks for digits on a line: each counts for as high as it is. */
export function evidenceOf(line: readonly ReadCandidate[]): number {
  return line.reduce((sum, { isDigit, box }) => sum + isDigit ** 2 * box.height, 0);
}

/** Whether a candidate's middle lies within the height of the nearest digit of a line, and not far beside it. */
function standsOn(candidate: ReadCandidate, [first, ...others]: readonly ReadCandidate[]): boolean {
  if (!first) return false;
  const away = (other: ReadCandidate): number => Math.abs(middleX(other) - middleX(candidate));
  const nearest = others.reduce((best, other) => (away(other) < away(best) ? other : best), first);
  const height = heightOf(nearest);
  return (
    heightOf(candidate) <= LINES.mostRatio * height &&
    away(nearest) <= LINES.mostGap * height &&
    Math.abs(middleY(candidate) - middleY(nearest)) <= LINES.mostRise * height
  );
}

/** How far a candidate is from following another one, in heights; infinite where it cannot. */
function distance(left: ReadCandidate, right: ReadCandidate): number {
  const [a, b] = [left.box, right.box];
  const height = (heightOf(left) + heightOf(right)) / 2;
  const ratio = heightOf(left) / heightOf(right);
  const gap = (b.x - (a.x + a.width)) / height;
  if (gap > LINES.mostGap || ratio > LINES.mostRatio || ratio < 1 / LINES.mostRatio) return Infinity;
  const rise = Math.abs(middleY(left) - middleY(right)) / height;
  const away = rise + LINES.gap * Math.max(0, gap);
  return away < LINES.mostRise ? away + LINES.unlike * Math.abs(Math.log(ratio)) : Infinity;
}

function middleX({ box }: { readonly box: BoundingBox }): number {
  return box.x + box.width / 2;
}

function middleY({ box }: { readonly box: BoundingBox }): number {
  return box.y + box.height / 2;
}

function heightOf({ box }: ReadCandidate): number {
  return Math.max(1, box.height);
}

function middleOfLine(line: readonly ReadCandidate[]): number {
  return line.reduce((sum, candidate) => sum + middleY(candidate), 0) / line.length;
}

/** What is much lower or higher than the digits of its line is less probably one. */
function withEvenHeights(line: readonly ReadCandidate[]): ReadCandidate[] {
  const sure = line.filter(({ isDigit }) => isDigit > 0.5).map((candidate) => Math.log(heightOf(candidate)));
  if (sure.length < 2) return [...line];
  const usual = medianOf(sure) ?? 0;
  return line.map((candidate) => {
    const off = Math.max(0, Math.abs(Math.log(heightOf(candidate)) - usual) - LINES.evenHeight);
    if (off === 0) return candidate;
    return {
      ...candidate,
      isDigit: sigmoid(
        logit(candidate.isDigit) - (isOne(candidate) ? LINES.oddOne : LINES.oddHeight) * off ** 2,
      ),
    };
  });
}

/** The separators of each line: those that stand among its digits, or beside them; the likeliest of a picture. */
export function separatorsOfLines(
  separators: readonly DetectedSeparator[],
  lines: readonly (readonly ReadCandidate[])[],
): Map<readonly ReadCandidate[], DetectedSeparator[]> {
  const found = new Map<readonly ReadCandidate[], DetectedSeparator[]>(lines.map((line) => [line, []]));
  const likeliest = separators
    .toSorted((a, b) => b.probability - a.probability)
    .slice(0, LINES.mostSeparators);
  for (const separator of likeliest) {
    let nearest: readonly ReadCandidate[] | undefined;
    let least = Infinity;
    for (const line of lines) {
      for (const candidate of line) {
        if (candidate.isDigit < LINES.likely) continue;
        const tall = heightOf(candidate);
        const rise = (middleY(separator) - middleY(candidate)) / tall;
        const apart = Math.abs(middleX(separator) - middleX(candidate)) / tall;
        if (rise < -LINES.above || rise > LINES.below || apart > LINES.beside) continue;
        // A comma that looks like a digit as well is of the line that it stands on, not one of its own.
        const isItself = isSameInk(separator.box, candidate.box);
        const away = Math.abs(rise) + apart + (isItself ? LINES.itself : 0);
        if (away < least) [nearest, least] = [line, away];
      }
    }
    if (nearest) found.get(nearest)?.push(separator);
  }
  return found;
}
