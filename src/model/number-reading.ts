import type { Picture } from '../image/picture.js';
import type { BoundingBox } from '../image/view/bounding-box.js';
import type { PlacedDigit, PlacedNumber } from '../numbers/number-of.js';
import { inPattern, type NumberRules } from '../numbers/rules.js';
import { pixelBoxOf, type PixelBox } from './readings.js';

/** A digit of a number. */
export interface NumberDigit {
  /** 0-9 */
  readonly class: number;
  /** That there is a digit and that it is this one, 0..1. */
  readonly probability: number;
  /** `[10]`; what they lack to 1 is the probability that there is no digit. */
  readonly probabilities: readonly number[];
  readonly box: PixelBox;
}

/** A line of digits. */
export interface NumberLine {
  readonly text: string;
  readonly probability: number;
  /** Around its digits. */
  readonly box: PixelBox;
  /** Its first digit in `digits` and the one after its last. */
  readonly digits: readonly [from: number, to: number];
}

/** What is read in a picture of digits. */
export interface NumberReading {
  /** The digits, lines between line feeds; `?` for doubtful ones, spaces for empty cells; empty where there is none. */
  readonly text: string;
  /** The same with the separators that stand between digits, `.` for a comma as well; or those of a pattern. */
  readonly raw: string;
  /** That all of `text` is right, 0..1. */
  readonly probability: number;
  /** Whether there is a number, and it is as probable as was asked for. */
  readonly accepted: boolean;
  /** In reading order. */
  readonly digits: readonly NumberDigit[];
  readonly lines: readonly NumberLine[];
  /** Likely digits that were not read, the likeliest first. */
  readonly unread: readonly { readonly box: PixelBox; readonly probability: number }[];
  /** What else it may say, the likeliest first. */
  readonly alternatives: readonly { readonly text: string; readonly probability: number }[];
  /** Whether more places may be digits than are read in one picture; then the likeliest ones were read. */
  readonly truncated: boolean;
}

/** How probable a number has to be that is accepted, where nothing else is asked. */
const ACCEPTED = 0.5;

/**
 * A number in the words of the API.
 * @param placed in pixels of the picture's gray plane
 * @param reject the least probability of a number that is accepted, and of a digit that is no `?`; 0..1
 */
export function numberReadingOf(
  placed: PlacedNumber,
  picture: Picture,
  rules: Pick<NumberRules, 'pattern'>,
  reject?: number,
): NumberReading {
  const digits: NumberDigit[] = [];
  const lines: NumberLine[] = [];
  const raws: string[] = [];
  for (const line of placed.lines) {
    const from = digits.length;
    let text = '';
    let raw = '';
    const boxes: BoundingBox[] = [];
    for (const [place, digit] of line.digits.entries()) {
      const character = digit ? markOf(digit, reject) : ' ';
      text += character;
      raw += (line.marks?.[place] ?? '') + character;
      if (!digit) continue;
      boxes.push(digit.box);
      digits.push({
        class: digit.class,
        probability: digit.probability,
        probabilities: Array.from(digit.probabilities),
        box: pixelBoxOf(digit.box, picture),
      });
    }
    raw += line.markBehind ?? '';
    const box = pixelBoxOf(around(boxes), picture);
    lines.push({ text, probability: line.probability, box, digits: [from, digits.length] });
    raws.push(rules.pattern === undefined ? raw : inPattern(text, rules));
  }
  const texts = lines.map(({ text }) => text);
  return {
    text: texts.join('\n'),
    raw: raws.join('\n'),
    probability: placed.probability,
    accepted: digits.length > 0 && placed.probability >= (reject ?? ACCEPTED),
    digits,
    lines,
    unread: placed.unread.map(({ box, probability }) => ({ box: pixelBoxOf(box, picture), probability })),
    alternatives: placed.alternatives.map(({ lines: others, probability }) => ({
      text: others.join('\n'),
      probability,
    })),
    truncated: placed.truncated ?? false,
  };
}

function markOf({ class: digit, probability }: PlacedDigit, reject: number | undefined): string {
  return reject !== undefined && probability < reject ? '?' : String(digit);
}

/** The smallest box around boxes; where there is none, the first pixel. */
function around(boxes: readonly BoundingBox[]): BoundingBox {
  if (boxes.length === 0) return { x: 0, y: 0, width: 1, height: 1 };
  const left = Math.min(...boxes.map(({ x }) => x));
  const top = Math.min(...boxes.map(({ y }) => y));
  const right = Math.max(...boxes.map(({ x, width }) => x + width));
  const bottom = Math.max(...boxes.map(({ y, height }) => y + height));
  return { x: left, y: top, width: right - left, height: bottom - top };
}
