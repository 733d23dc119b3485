import { InkdigitError } from '../errors.js';
import { FRAME_SIDE, planeOfFrame } from '../image/frame.js';
import type { ImageContent, Picture } from '../image/picture.js';
import { numberReadingOf, type NumberReading } from '../model/number-reading.js';
import type { Reading } from '../model/readings.js';
import { loneCandidate } from '../numbers/candidate.js';
import { numberOf, type PlacedNumber } from '../numbers/number-of.js';
import { rulesOf, type NumberConstraints, type NumberRules } from '../numbers/rules.js';
import { readingsOfContents, type DigitNetworks } from './content-reading.js';

/** Digits are looked for in a picture of at most this many pixels on its longer side. */
export const NUMBER_LARGEST_SIDE = 1600;

/** What is known of the numbers in pictures, and how sure of them to be. */
export interface ReadNumberOptions extends NumberConstraints {
  /** Below it a number is not accepted, and a digit is `?`; 0..1. */
  readonly reject?: number | undefined;
}

/** Options that were checked. */
export interface NumberQuestion {
  readonly rules: NumberRules;
  readonly reject: number | undefined;
}

/** @throws InkdigitError `invalid_option` */
export function numberQuestionOf(options: ReadNumberOptions): NumberQuestion {
  const { reject } = options;
  if (reject !== undefined && !(reject >= 0 && reject <= 1)) {
    throw new InkdigitError('invalid_option', `Expected reject to be a number from 0 to 1, got ${reject}.`);
  }
  return { rules: rulesOf(options), reject };
}

/**
 * Reads every digit in what was decoded. A frame as MNIST has them is one digit; where there is no detector, so
 * is all else.
 */
export async function numberInContent(
  models: DigitNetworks,
  content: ImageContent,
  { rules, reject }: NumberQuestion,
): Promise<NumberReading> {
  const picture = pictureOf(content);
  const { pictures } = models;
  if (!pictures?.numbers || content.kind === 'frame') {
    const [read] = await readingsOfContents(models, [content]);
    if (!read) throw new Error('unreachable: there is a reading for every image');
    return numberReadingOf(numberOfOne(read.reading, picture, rules), picture, rules, reject);
  }
  const placed = await pictures.numbers.read(picture, rules);
  const digits = placed.lines.flatMap((line) => line.digits);
  if (digits.length > 1 || rules.cells) return numberReadingOf(placed, picture, rules, reject);
  // Networks that are made for pictures of one digit read those better.
  const [one] = await pictures.read([picture], true);
  const number = one?.reading.digit ? numberOfOne(one.reading, picture, rules) : placed;
  const read = number.lines.length > 0 ? number : placed;
  return numberReadingOf({ ...read, truncated: placed.truncated ?? false }, picture, rules, reject);
}

function pictureOf(content: ImageContent): Picture {
  if (content.kind === 'picture') return content.picture;
  return { gray: planeOfFrame(content.frame), reduction: 1, width: FRAME_SIDE, height: FRAME_SIDE };
}

/** A picture that was read as one digit, as a number. */
function numberOfOne(reading: Reading, { gray, reduction }: Picture, rules: NumberRules): PlacedNumber {
  const [x, y, width, height] = reading.box ?? [0, 0, gray.width * reduction, gray.height * reduction];
  const box = { x: x / reduction, y: y / reduction, width: width / reduction, height: height / reduction };
  if (!reading.digit) return numberOf([], rules);
  const number = numberOf([loneCandidate(box, reading.probabilities)], rules);
  const { class: digit, probability, probabilities } = reading;
  if (number.lines[0]?.digits[0]?.class !== digit) return number;
  // Its probability is that of a digit which is read alone.
  return {
    ...number,
    lines: [{ digits: [{ class: digit, probability, probabilities, box }], probability }],
    probability,
  };
}
