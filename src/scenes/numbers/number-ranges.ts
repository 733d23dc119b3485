import type { Range } from '../ranges.js';

/** How often a scene has what may be there. */
const HARD = {
  /** Digits of which a close-up shows a piece: no piece is a digit. */
  huge: 0.1,
  /** Scans and drawings: more numbers are on forms than in photos. */
  clean: 0.4,
  /** One line alone; the others are above each other all over the sheet. */
  oneLine: 0.55,
  /** Lines of words, and such as have words between numbers. */
  words: 0.1,
  mixed: 0.1,
  /** A word in other lines, before each digit. */
  stray: 0.02,
  /** A line that begins, or ends, within the picture. */
  begins: 0.5,
  ends: 0.5,
  /** What follows a character that is no digit of the same number. */
  separator: 0.12,
  space: 0.05,
  /** Lines with a separator of one kind after every few digits. */
  groups: 0.12,
  /** Digits that a bracket opens before, to be closed after one to four. */
  brackets: 0.05,
  /** And such as another sign stands before. */
  sign: 0.03,
  /** Scenes of which one writer wrote all, of those who are known. */
  oneHand: 0.4,
  /** A digit like the one before; a 0. */
  repeated: 0.1,
  zero: 0.06,
  /** A digit that is smaller than its neighbours, and a 0. */
  small: 0.03,
  smallZero: 0.2,
  /** How often gaps of a line are so wide, against each other: `NUMBER.gaps`. */
  overlapping: 0.24,
  close: 0.28,
  apart: 0.3,
  wide: 0.1,
  /** Lines whose slanted digits stand as close as their ink allows, though their boxes overlap. */
  interlocked: 0.4,
  /** Lines whose 3, 4, 5, 7 and 9 go below the others, as in old hands. */
  oldStyle: 0.12,
  /** A gap that is not as the others of its line. */
  otherGap: 0.15,
  /** A sign or a long line behind a number. */
  tail: 0.2,
  /** Printed boxes or a comb that each digit has a place of its own in, and the parts of them. */
  pitch: 0.12,
  upright: 0.8,
  level: 0.6,
  print: 0.6,
  byHand: 0.35,
  /** A picture that ends close above and below its line, or beside it. */
  cropped: 0.4,
  croppedBeside: 0.25,
  steep: 0.25,
  /** Hollow, dashed and dotted strokes, where a hand has them at all. */
  special: 1,
};

export type NumberChances = Readonly<Record<keyof typeof HARD, number>>;

/** Scenes that have everything that makes numbers hard to read. */
export const HARD_CHANCES: NumberChances = HARD;

/**
 * Scenes such as most people send: numbers that go on, written by one hand on plain paper. Without them networks spend
 * most of what they can learn on what is hardly ever there.
 */
export const ORDINARY_CHANCES: NumberChances = {
  ...HARD,
  huge: 0,
  clean: 0.6,
  oneLine: 0.7,
  words: 0,
  mixed: 0,
  stray: 0,
  ends: 0.25,
  separator: 0.08,
  space: 0.03,
  groups: 0.4,
  sign: 0.01,
  oneHand: 0.7,
  overlapping: 0.08,
  close: 0.27,
  apart: 0.5,
  wide: 0.15,
  otherGap: 0.06,
  tail: 0.1,
  pitch: 0.06,
  print: 0.25,
  byHand: 0.08,
  special: 0,
};

/** Everything that scenes of numbers vary by, beside `SCENE`. Lengths are shares of the height of a line's digits. */
export const NUMBER = {
  /** The share of scenes that are ordinary. */
  ordinary: 0.5,
  /** Pixels of the canvas along a digit: what most have, the deviation of its logarithm, and what none goes beyond. */
  height: { usual: 31, deviation: 0.2, range: [13, 60] as Range, huge: [70, 280] as Range },
  /** How wide gaps of a line are, box to box. */
  gaps: {
    overlapping: [-0.2, 0.02] as Range,
    close: [-0.05, 0.15] as Range,
    apart: [0.03, 0.4] as Range,
    wide: [0.3, 1.1] as Range,
    interlocked: [0.02, 0.3] as Range,
  },
  space: [0.5, 1.4] as Range,
  /** Of what slanted neighbours leave between them, how much is used, and how far they come together at most. */
  interlock: [0.6, 1.05] as Range,
  mostInterlock: 0.5,
  /** How much lower and higher figures are that go below the others. */
  descends: [0.12, 0.35] as Range,
  descending: [1, 1.4] as Range,
  pitch: [0.75, 1.7] as Range,
  lineHeight: [1.15, 2.3] as Range,
  /** Deviations: how digits of a line differ in size, stand above or below it, and turn; radians. */
  size: 0.1,
  rise: 0.055,
  turn: 0.06,
  slope: 0.03,
  steepSlope: 0.1,
} as const;
