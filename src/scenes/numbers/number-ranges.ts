import type { Range } from '../ranges.js';

/** Everything that scenes of numbers vary by, beside `SCENE`. Lengths are shares of the height of a line's digits. */
export const NUMBER = {
  /** Pixels of the canvas along a digit: what most have, the deviation of its logarithm, and what none goes beyond. */
  height: { usual: 31, deviation: 0.2, range: [13, 60] as Range, huge: [70, 280] as Range },
  chance: {
    /** Digits of which a close-up shows a piece: no piece is a digit. */
    huge: 0.1,
    /** Scans and drawings: more numbers are on forms than in photos. */
    clean: 0.4,
    /** One line alone; the others are above each other all over the sheet. */
    oneLine: 0.55,
    /** Lines of words, and such as have words between numbers. */
    words: 0.1,
    mixed: 0.1,
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
  },
  /** How often gaps of a line are so, and how wide they are, box to box. */
  gaps: [
    { weight: 0.24, gap: [-0.2, 0.02] as Range },
    { weight: 0.28, gap: [-0.05, 0.15] as Range },
    { weight: 0.3, gap: [0.03, 0.4] as Range },
    { weight: 0.1, gap: [0.3, 1.1] as Range },
  ],
  space: [0.5, 1.4] as Range,
  pitch: [0.75, 1.7] as Range,
  lineHeight: [1.15, 2.3] as Range,
  /** Deviations: how digits of a line differ in size, stand above or below it, and turn; radians. */
  size: 0.1,
  rise: 0.055,
  turn: 0.06,
  slope: 0.03,
  steepSlope: 0.1,
} as const;
