import { shareOn, type BoundingBox } from '../image/view/bounding-box.js';
import type { ReadCandidate } from './candidate.js';
import { logit, sigmoid } from './odds.js';
import { digitOf, numberPaths, type NumberPath } from './lattice.js';
import { evidenceOf, linesOf, separatorsOfLines } from './lines.js';
import { weightOfForm } from './signs/forms.js';
import { placesOf, type LinePlace } from './signs/line-places.js';
import type { DetectedSeparator } from './detections.js';
import type { NumberRules } from './rules.js';

/** A digit of a number. */
export interface PlacedDigit {
  readonly class: number;
  /** That there is a digit, and that it is this one. */
  readonly probability: number;
  /** `[10]`; what they lack to 1 is that there is none. */
  readonly probabilities: Float32Array;
  readonly box: BoundingBox;
}

/** A line of a number; where cells are asked for, an empty one is `undefined`. */
export interface PlacedLine {
  readonly digits: readonly (PlacedDigit | undefined)[];
  /** For each of them the separators that stand before it, or nothing; not in cells. */
  readonly marks?: readonly string[];
  /** A bracket that is closed behind the last one. */
  readonly markBehind?: string;
  readonly probability: number;
}

/** What else a picture may say, with its probability. */
export interface OtherNumber {
  /** The digits of each line. */
  readonly lines: readonly string[];
  readonly probability: number;
}

/** All digits of a picture, in reading order. */
export interface PlacedNumber {
  readonly lines: readonly PlacedLine[];
  /** Of all of it, 0..1. */
  readonly probability: number;
  /** Likely digits that belong to no line, the likeliest first. */
  readonly unread: readonly { readonly box: BoundingBox; readonly probability: number }[];
  readonly alternatives: readonly OtherNumber[];
  /** Whether there are more places that may be digits than are read in one picture. */
  readonly truncated?: boolean;
}

const NUMBER = {
  /** Likely digits that were not read are told of from here on. */
  unread: 0.3,
  alternatives: 5,
  /** Of the logit of a number's probability, and what is added to it. */
  slope: 0.75,
  shift: -0.38,
  /** Of two boxes the part of the smaller that lies on the other, at most: else they are of the same ink. */
  mostCovered: 0.4,
} as const;

/** A line with the numbers that it may be. */
interface LinePaths {
  readonly places: readonly LinePlace[];
  readonly paths: readonly NumberPath[];
}

/** Puts what was read in a picture together. */
export function numberOf(
  read: readonly ReadCandidate[],
  rules: NumberRules,
  separators: readonly DetectedSeparator[] = [],
): PlacedNumber {
  const lines = pathsOfLines(linesOf(read), rules, separators);
  const written = bestLines(
    lines.filter(({ paths }) => (paths[0]?.text ?? '') !== ''),
    rules.lines,
  );
  const chosen = new Set(written);
  // Of the other lines it counts that nothing is written there.
  let probability = 1;
  for (const line of lines) {
    const isWritten = chosen.has(line);
    probability *= isWritten ? (line.paths[0]?.probability ?? 0) : nothingIn(line, rules);
  }
  const placed = written.map(placedLine);
  const marks = written.flatMap((line) => shownMarks(line));
  const digits = read.filter(({ box }) => !marks.some((mark) => shareOn(mark, box) > NUMBER.mostCovered));
  return {
    lines: placed,
    probability: placed.length > 0 ? calibrated(probability) : probability,
    unread: unreadOf(digits, placed),
    alternatives: alternativesOf(written, probability),
  };
}

/** The likeliest signs of a line. */
function signsOf({
  places,
  paths,
}: LinePaths): { readonly place: LinePlace; readonly sign: string; readonly digit: number | undefined }[] {
  const [path] = paths;
  return (path?.places ?? []).flatMap((at, i) => {
    const place = places[at];
    const sign = path?.signs[i] ?? '';
    return place ? [{ place, sign, digit: digitOf(sign) }] : [];
  });
}

/** Boxes of the separators that the answer has: those between digits, and brackets. */
function shownMarks(line: LinePaths): BoundingBox[] {
  const signs = signsOf(line);
  const isDigit = ({ digit }: { readonly digit: number | undefined }): boolean => digit !== undefined;
  const [first, last] = [signs.findIndex(isDigit), signs.findLastIndex(isDigit)];
  return signs.flatMap(({ place, sign, digit }, i) => {
    const isShown = (i > first && i < last) || sign === '(' || sign === ')';
    return digit === undefined && isShown ? place.box : [];
  });
}

/** The line that says most first: what its digits and separators lie on is no digit of another line. */
function pathsOfLines(
  lines: readonly (readonly ReadCandidate[])[],
  rules: NumberRules,
  separators: readonly DetectedSeparator[],
): LinePaths[] {
  const taken: BoundingBox[] = [];
  const found = new Map<readonly ReadCandidate[], LinePaths>();
  const marksOf = separatorsOfLines(separators, lines);
  for (const line of lines.toSorted((a, b) => evidenceOf(b) - evidenceOf(a))) {
    const candidates = line.filter(({ box }) => !taken.some((other) => covers(other, box)));
    const places = placesOf(candidates, marksOf.get(line) ?? []);
    const paths = numberPaths(places, rules, weightOfForm);
    const paired = { places, paths };
    for (const { place } of signsOf(paired)) taken.push(place.box);
    found.set(line, paired);
  }
  return lines.flatMap((line) => found.get(line) ?? []);
}

/** Whether most of a box, or of a digit, lies on the other. */
function covers(digit: BoundingBox, box: BoundingBox): boolean {
  return Math.max(shareOn(digit, box), shareOn(box, digit)) > NUMBER.mostCovered;
}

function nothingIn({ places, paths }: LinePaths, { minLength }: NumberRules): number {
  if (minLength === 0) {
    const empty = paths.find(({ text }) => text === '');
    if (empty) return empty.probability;
  }
  return places.reduce((product, { digitOdds }) => product / (1 + digitOdds), 1);
}

/** The lines with the most digits that are likely, in their order. */
function bestLines(lines: readonly LinePaths[], most: number): LinePaths[] {
  if (lines.length <= most) return [...lines];
  const likely = (line: LinePaths): number =>
    signsOf(line).reduce(
      (sum, { place, digit }) => sum + (digit === undefined ? 0 : (place.candidate?.isDigit ?? 0)),
      0,
    );
  const kept = new Set(lines.toSorted((a, b) => likely(b) - likely(a)).slice(0, most));
  return lines.filter((line) => kept.has(line));
}

function placedLine(line: LinePaths): PlacedLine {
  const digits: PlacedDigit[] = [];
  const marks: string[] = [];
  let mark = '';
  for (const { place, sign, digit } of signsOf(line)) {
    if (digit === undefined || !place.candidate) {
      mark += sign;
      continue;
    }
    marks.push(digits.length === 0 ? mark.replace(/[^(]/g, '') : mark);
    digits.push(placedDigit(place.candidate, digit));
    mark = '';
  }
  const probability = calibrated(line.paths[0]?.probability ?? 0);
  return {
    digits: digits.map((digit) => asSureAs(digit, probability)),
    marks,
    markBehind: mark.replace(/[^)]/g, ''),
    probability,
  };
}

/** A digit, as probable as all of its line at least: what speaks for the line speaks for it. */
function asSureAs(digit: PlacedDigit, least: number): PlacedDigit {
  if (digit.probability >= least) return digit;
  const others = (1 - least) / (1 - digit.probability);
  const probabilities = digit.probabilities.map((value, i) => (i === digit.class ? least : value * others));
  return { ...digit, probability: least, probabilities };
}

/** As often as numbers are right: measured on numbers of two registers, of pens and on painted ones. */
function calibrated(probability: number): number {
  return sigmoid(NUMBER.slope * logit(probability) + NUMBER.shift);
}

/** A candidate as the digit that it was read as. */
export function placedDigit({ box, isDigit, probabilities }: ReadCandidate, digit: number): PlacedDigit {
  const all = probabilities.map((probability) => isDigit * probability);
  return { class: digit, probability: all[digit] ?? 0, probabilities: all, box };
}

/** Likely digits beside those that were read. */
export function unreadOf(
  candidates: readonly ReadCandidate[],
  lines: readonly PlacedLine[],
): PlacedNumber['unread'] {
  const read = lines.flatMap(({ digits }) => digits).filter((digit) => digit !== undefined);
  const unread: ReadCandidate[] = [];
  for (const candidate of candidates.toSorted((a, b) => b.isDigit - a.isDigit)) {
    const { isDigit, box } = candidate;
    if (isDigit < NUMBER.unread) break;
    if (![...read, ...unread].some((digit) => covers(digit.box, box))) unread.push(candidate);
  }
  return unread.map(({ box, isDigit }) => ({ box, probability: isDigit }));
}

/**
 * One line changed at a time, the likeliest first: they share what the number's own probability leaves, as their odds
 * say.
 * @param probability of the number, before it is calibrated
 */
function alternativesOf(lines: readonly LinePaths[], probability: number): OtherNumber[] {
  const own = calibrated(probability);
  const left = (1 - own) / Math.max(1 - probability, Number.EPSILON);
  const texts = lines.map(({ paths }) => paths[0]?.text ?? '');
  return lines
    .flatMap(({ paths }, i) => {
      const best = paths[0]?.probability ?? 0;
      return paths.slice(1).map((path) => ({
        lines: texts.with(i, path.text).filter((text) => text !== ''),
        // None is likelier than the number.
        probability: best > 0 ? Math.min(own, (left * probability * path.probability) / best) : 0,
      }));
    })
    .toSorted((a, b) => b.probability - a.probability)
    .slice(0, NUMBER.alternatives);
}
