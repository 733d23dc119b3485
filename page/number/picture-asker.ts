import { isDigit, type PageAnswer, type PageNumber } from '../answers.js';
import type { InkStroke } from '../ink.js';
import { isInkOutside } from './ink-outside.js';
import type { ReadAs } from './read-as.js';

/** What was read in a picture. */
export type PageReading =
  | { readonly kind: 'digit'; readonly answer: PageAnswer }
  | { readonly kind: 'number'; readonly number: PageNumber };

/** The answer itself. */
export function contentOf(reading: PageReading): PageAnswer | PageNumber {
  return reading.kind === 'digit' ? reading.answer : reading.number;
}

/** The two questions that the service answers about the picture as it is now. */
export interface Questions {
  readonly classify: () => Promise<PageAnswer>;
  readonly readNumber: () => Promise<PageNumber>;
}

/** What is known of a drawing before it is asked about. */
export interface DrawnInk {
  readonly strokes: readonly InkStroke[];
  /** Whether a stroke is still being drawn. */
  readonly isPenDown: boolean;
}

/** A digit that is less probable does not make a number of a picture. */
const LIKELY = 0.5;

/** So sure digits are on the average, their geometric mean, where letters and scribbles are no number. */
const CLEAR = 0.8;

/** How far from a digit's box the middle of another digit lies at least, as a share of the box's sides. */
const APART = 0.05;

function likelyDigits({ digits }: PageNumber): PageNumber['digits'] {
  return digits.filter(({ probability }) => probability >= LIKELY);
}

/**
 * Whether there are several digits.
 * @param one what the picture is as one digit, where that is known: parts of that digit, as the rings of an 8, are no
 * digits beside it
 */
export function isNumber(number: PageNumber, one?: PageAnswer): boolean {
  const likely = likelyDigits(number);
  if (likely.length < 2 || !(number.accepted || isClear(number))) return false;
  if (!one || !isDigit(one)) return true;
  // A frame as MNIST has them is one digit as a whole.
  const { box } = one;
  return box !== undefined && likely.some((digit) => !isMiddleWithin(digit.box, box));
}

function isClear({ digits }: PageNumber): boolean {
  const logarithms = digits.reduce((sum, { probability }) => sum + Math.log(probability), 0);
  return Math.exp(logarithms / digits.length) >= CLEAR;
}

function isMiddleWithin(
  [x = 0, y = 0, width = 0, height = 0]: readonly number[],
  [left = 0, top = 0, boxWidth = 0, boxHeight = 0]: readonly number[],
): boolean {
  const within = (middle: number, from: number, length: number): boolean =>
    middle >= from - APART * length && middle <= from + (1 + APART) * length;
  return within(x + width / 2, left, boxWidth) && within(y + height / 2, top, boxHeight);
}

/**
 * Whether a drawing may be a number, although it was asked about as one digit: there is ink beside the digit, or there
 * are several strokes that make none. While the pen is down, most strokes are a part of a digit.
 */
function mayBeNumber(answer: PageAnswer, { strokes, isPenDown }: DrawnInk): boolean {
  if (isPenDown) return false;
  if (answer.box && isInkOutside(strokes, answer.box)) return true;
  return !isDigit(answer) && strokes.length > 1;
}

/** Whether a drawing that was read as a number may be one digit: none beside another, or two that are doubtful. */
function mayBeDigit({ digits, lines, accepted }: PageNumber): boolean {
  const isColumn = lines.every(({ digits: [from = 0, to = 0] }) => to - from < 2);
  return isColumn || (digits.length === 2 && !accepted);
}

/**
 * Finds out whether a picture shows a digit or a number, with as few questions as it takes. A file is asked about as
 * both. A drawing is asked about as it was last: as a digit at first, as a number once it was one; so while one draws
 * it is one question at a time, and a second one only between strokes, where the first leaves a doubt.
 */
export class PictureAsker {
  #isNumber = false;

  /** The question whose answer is expected to be shown. */
  expected(as: ReadAs): PageReading['kind'] {
    if (as !== 'auto') return as;
    return this.#isNumber ? 'number' : 'digit';
  }

  /** The next picture is another one. */
  forget(): void {
    this.#isNumber = false;
  }

  /**
   * @param ink of a drawing; `null` for a file
   * @throws whatever the questions do
   */
  async ask(questions: Questions, ink: DrawnInk | null, as: ReadAs): Promise<PageReading> {
    if (as === 'digit') return { kind: 'digit', answer: await questions.classify() };
    if (as === 'number') return { kind: 'number', number: await questions.readNumber() };
    const reading = await (ink ? this.#askOfDrawing(questions, ink) : askOfFile(questions));
    this.#isNumber = reading.kind === 'number';
    return reading;
  }

  async #askOfDrawing({ classify, readNumber }: Questions, ink: DrawnInk): Promise<PageReading> {
    if (!this.#isNumber) {
      const answer = await classify();
      if (!mayBeNumber(answer, ink)) return { kind: 'digit', answer };
      return readingOf(answer, await readNumber());
    }
    const number = await readNumber();
    // Under the pen a number has a part that is no digit yet.
    const isStill = ink.isPenDown ? likelyDigits(number).length > 1 : isNumber(number) && !mayBeDigit(number);
    if (isStill) return { kind: 'number', number };
    const answer = await classify();
    return readingOf(answer, number);
  }
}

async function askOfFile({ classify, readNumber }: Questions): Promise<PageReading> {
  const [answer, number] = await Promise.all([classify(), readNumber()]);
  return readingOf(answer, number);
}

/** The two questions about several files. */
export interface FileQuestions {
  readonly classify: () => Promise<readonly PageAnswer[]>;
  readonly readNumbers: () => Promise<readonly PageNumber[]>;
}

/**
 * Finds out what each of several files shows.
 * @throws whatever the questions do
 */
export async function askOfFiles(
  { classify, readNumbers }: FileQuestions,
  as: ReadAs,
): Promise<readonly PageReading[]> {
  if (as === 'digit') return (await classify()).map((answer) => ({ kind: 'digit', answer }));
  if (as === 'number') return (await readNumbers()).map((number) => ({ kind: 'number', number }));
  const [answers, numbers] = await Promise.all([classify(), readNumbers()]);
  return answers.map((answer, i) => {
    const number = numbers[i];
    return number ? readingOf(answer, number) : { kind: 'digit', answer };
  });
}

function readingOf(answer: PageAnswer, number: PageNumber): PageReading {
  return isNumber(number, answer) ? { kind: 'number', number } : { kind: 'digit', answer };
}
