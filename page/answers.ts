import type { DetailedClassification, NumberAnswer } from '../src/client/exports.js';

/** What the service says of one picture. */
export type PageAnswer = DetailedClassification;

/** What the service says of the number in one picture. */
export type PageNumber = NumberAnswer;

/** Below it a reading is told as a guess, with the next likely digit. */
const SURE_FROM = 0.9;

/** Whether the picture shows a digit, as far as the service can tell. */
export function isDigit({ digit }: PageAnswer): boolean {
  return digit;
}

/** What the model was given, for those who do not see it. */
export function inputDescription({ box }: PageAnswer): string {
  return `The ${box ? '' : '28 by 28 '}pixels that the model was given`;
}

/** `0.9876` as "98.8%"; what is not quite certain never becomes 100%. */
export function percent(probability: number): string {
  if (probability >= 1) return '100%';
  if (probability > 0.999) return '> 99.9%';
  return `${(probability * 100).toFixed(1)}%`;
}

/** One line about an answer, under the digit itself. */
export function caption(answer: PageAnswer): string {
  const { class: digit, probability } = answer;
  if (!isDigit(answer)) return `Closest: ${digit}, with ${percent(probability)}.`;
  return sureness(digit, probability, answer.probabilities);
}

/**
 * How sure it is that it is this digit, and what else it could be.
 * @param probabilities of the digits 0-9, and of no digit where that is known
 */
export function sureness(digit: number, probability: number, probabilities: readonly number[]): string {
  const second = probability < SURE_FROM ? secondOf(digit, probabilities) : undefined;
  if (!second) return `${percent(probability)} sure`;
  const other = second.digit > 9 ? 'no digit' : second.digit;
  return `${percent(probability)} sure; it could be ${other}, ${percent(second.probability)}`;
}

/** The answer as a screen reader should say it. */
export function spoken(answer: PageAnswer): string {
  if (!isDigit(answer)) return `Not a digit. ${caption(answer)}`;
  return `${answer.class}, ${caption(answer)}.`;
}

function secondOf(
  best: number,
  probabilities: readonly number[],
): { digit: number; probability: number } | undefined {
  return probabilities
    .map((probability, digit) => ({ digit, probability }))
    .filter(({ digit }) => digit !== best)
    .toSorted((a, b) => b.probability - a.probability)[0];
}
