import { shareOn, type BoundingBox } from '../image/view/bounding-box.js';
import type { ReadCandidate } from './candidate.js';
import { logit, sigmoid } from './odds.js';
import { findBrackets } from './signs/brackets.js';
import { findDate } from './signs/dates.js';
import type { LineDigit } from './signs/found-signs.js';
import { apartFromBrackets } from './signs/on-brackets.js';
import { rankedByForm } from './signs/usual-forms.js';
import { evidenceOf, linesOf } from './lines.js';
import { numberPaths, type NumberPath } from './lattice.js';
import type { DetectedSeparator } from './detections.js';
import type { NumberRules } from './rules.js';
import { bracketBehind, marksBefore } from './signs/marks-between.js';

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
  /** For each of them the separator that stands before it, or nothing; not in cells. */
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
  slope: 0.67,
  shift: -0.35,
  /** Of two boxes the part of the smaller that lies on the other, at most: else they are of the same ink. */
  mostCovered: 0.4,
} as const;

/** A line with the numbers that it may be. */
interface LinePaths {
  readonly candidates: readonly ReadCandidate[];
  readonly paths: readonly NumberPath[];
}

/** Puts what was read in a picture together. */
export function numberOf(
  read: readonly ReadCandidate[],
  rules: NumberRules,
  separators: readonly DetectedSeparator[] = [],
): PlacedNumber {
  const candidates = apartFromBrackets(read, separators);
  const { lines, marks: signs } = withSigns(pathsOfLines(linesOf(candidates), rules), rules, separators);
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
  const marks = [...separators, ...signs];
  const placed = written.map((line) => placedLine(line, marks));
  const signBoxes = new Set(signs.map(({ box }) => box));
  const digits = candidates.filter(({ box }) => !signBoxes.has(box));
  return {
    lines: placed,
    probability: placed.length > 0 ? calibrated(probability) : probability,
    unread: unreadOf(digits, placed),
    alternatives: alternativesOf(written, probability),
  };
}

/** Lines that are likelier dates, or have brackets: slashes and brackets are no digits. */
function withSigns(
  lines: readonly LinePaths[],
  rules: NumberRules,
  separators: readonly DetectedSeparator[],
): { readonly lines: LinePaths[]; readonly marks: readonly DetectedSeparator[] } {
  const marks: DetectedSeparator[] = [];
  const all = lines.map((line): LinePaths => {
    const digits = digitsOf(line);
    const read = new Set(digits.map(({ candidate }) => candidate));
    const others = line.candidates.filter((candidate) => !read.has(candidate));
    const [found] = [findDate(digits, others, separators), findBrackets(digits, others)]
      .flatMap((signs) => signs ?? [])
      .toSorted((a, b) => b.probability - a.probability);
    const ranked = { ...line, paths: rankedByForm(line.paths, line.candidates, separators) };
    if (!found || found.probability < 0.5) return ranked;
    const boxes = new Set(found.marks.map(({ box }) => box));
    const candidates = line.candidates.filter(({ box }) => !boxes.has(box));
    const signs = found.marks.map((sign) => ({ ...sign, probability: 1 }));
    const paths = rankedByForm(numberPaths(candidates, rules), candidates, [...separators, ...signs]);
    if (paths.length === 0) return ranked;
    marks.push(...signs);
    const share = (path: NumberPath, probability: number): NumberPath => ({
      ...path,
      probability: path.probability * probability,
    });
    return {
      candidates,
      paths: [
        ...paths.map((path) => share(path, found.probability)),
        ...ranked.paths.slice(0, 1).map((path) => share(path, 1 - found.probability)),
      ],
    };
  });
  return { lines: all, marks };
}

/** The likeliest digits of a line. */
function digitsOf({ candidates, paths }: LinePaths): LineDigit[] {
  const [path] = paths;
  return (path?.candidates ?? []).flatMap((at, i) => {
    const candidate = candidates[at];
    return candidate ? [{ candidate, class: path?.classes[i] ?? 0 }] : [];
  });
}

/** The line that says most first: what its digits lie on is no digit of another line. */
function pathsOfLines(lines: readonly (readonly ReadCandidate[])[], rules: NumberRules): LinePaths[] {
  const taken: ReadCandidate[] = [];
  const found = new Map<readonly ReadCandidate[], LinePaths>();
  for (const line of lines.toSorted((a, b) => evidenceOf(b) - evidenceOf(a))) {
    const candidates = line.filter(({ box }) => !taken.some((digit) => covers(digit.box, box)));
    const paths = numberPaths(candidates, rules);
    for (const at of paths[0]?.candidates ?? []) {
      const digit = candidates[at];
      if (digit) taken.push(digit);
    }
    found.set(line, { candidates, paths });
  }
  return lines.flatMap((line) => found.get(line) ?? []);
}

/** Whether most of a box, or of a digit, lies on the other. */
function covers(digit: BoundingBox, box: BoundingBox): boolean {
  return Math.max(shareOn(digit, box), shareOn(box, digit)) > NUMBER.mostCovered;
}

function nothingIn({ candidates, paths }: LinePaths, { minLength }: NumberRules): number {
  if (minLength === 0) {
    const empty = paths.find(({ text }) => text === '');
    if (empty) return empty.probability;
  }
  return candidates.reduce((product, { isDigit }) => product * (1 - isDigit), 1);
}

/** The lines with the most digits that are likely, in their order. */
function bestLines(lines: readonly LinePaths[], most: number): LinePaths[] {
  if (lines.length <= most) return [...lines];
  const likely = ({ candidates, paths }: LinePaths): number =>
    (paths[0]?.candidates ?? []).reduce((sum, at) => sum + (candidates[at]?.isDigit ?? 0), 0);
  const kept = new Set(lines.toSorted((a, b) => likely(b) - likely(a)).slice(0, most));
  return lines.filter((line) => kept.has(line));
}

function placedLine(line: LinePaths, separators: readonly DetectedSeparator[]): PlacedLine {
  const digits = digitsOf(line);
  const boxes = digits.map(({ candidate }) => candidate.box);
  return {
    digits: digits.map(({ candidate, class: digit }) => placedDigit(candidate, digit)),
    marks: marksBefore(boxes, separators),
    markBehind: bracketBehind(boxes, separators),
    probability: calibrated(line.paths[0]?.probability ?? 0),
  };
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
  const left = (1 - calibrated(probability)) / Math.max(1 - probability, Number.EPSILON);
  const texts = lines.map(({ paths }) => paths[0]?.text ?? '');
  return lines
    .flatMap(({ paths }, i) => {
      const best = paths[0]?.probability ?? 0;
      return paths.slice(1).map((path) => ({
        lines: texts.with(i, path.text).filter((text) => text !== ''),
        probability: best > 0 ? (left * probability * path.probability) / best : 0,
      }));
    })
    .toSorted((a, b) => b.probability - a.probability)
    .slice(0, NUMBER.alternatives);
}
