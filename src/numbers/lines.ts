import type { ReadCandidate } from './candidate.js';
import { logit, sigmoid } from './odds.js';

const LINES = {
  /** Neighbours' middles are apart by less, of the mean of their heights. */
  mostRise: 0.55,
  /** And so are their boxes along the line, of the same. */
  mostGap: 3.5,
  /** Heights of neighbours, larger by smaller. */
  mostRatio: 2.2,
  /** How much a height counts that is not like the others of its line: of the square of its logarithm. */
  oddHeight: 5,
  /** Logarithms of heights that differ by less are alike. */
  evenHeight: 0.35,
} as const;

/**
 * Sorts candidates into lines: each goes with the nearest one to its left that is about as high and stands about as
 * high on the page. So lines may rise and fall.
 * @returns from the top; each from left to right
 */
export function linesOf(candidates: readonly ReadCandidate[]): ReadCandidate[][] {
  const sorted = candidates.toSorted((a, b) => middleX(a) - middleX(b));
  const lines: ReadCandidate[][] = [];
  for (const candidate of sorted) {
    let nearest: ReadCandidate[] | undefined;
    let least: number = LINES.mostRise;
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
  return lines.map(withEvenHeights).toSorted((a, b) => middleOfLine(a) - middleOfLine(b));
}

/** How far a candidate is from following another one, in heights; infinite where it cannot. */
function distance(left: ReadCandidate, right: ReadCandidate): number {
  const [a, b] = [left.box, right.box];
  const height = (heightOf(left) + heightOf(right)) / 2;
  const ratio = heightOf(left) / heightOf(right);
  const gap = (b.x - (a.x + a.width)) / height;
  if (gap > LINES.mostGap || ratio > LINES.mostRatio || ratio < 1 / LINES.mostRatio) return Infinity;
  const rise = Math.abs(middleY(left) - middleY(right)) / height;
  return rise + 0.05 * Math.max(0, gap);
}

function middleX({ box }: ReadCandidate): number {
  return box.x + box.width / 2;
}

function middleY({ box }: ReadCandidate): number {
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
  const usual = sure.toSorted((a, b) => a - b)[sure.length >> 1] ?? 0;
  return line.map((candidate) => {
    const off = Math.max(0, Math.abs(Math.log(heightOf(candidate)) - usual) - LINES.evenHeight);
    if (off === 0) return candidate;
    return { ...candidate, isDigit: sigmoid(logit(candidate.isDigit) - LINES.oddHeight * off ** 2) };
  });
}
