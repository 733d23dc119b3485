import type { DetailedClassification, NumberAnswer } from '../src/client/exports.js';
import { percent, tenths, text } from './words/words.js';

/** What is said of one picture. */
export type PageAnswer = DetailedClassification;

/** What is said of the number in one picture. */
export type PageNumber = NumberAnswer;

/** The place of "no digit" behind the ten digits. */
export const NONE = 10;

/** Below it a reading is told as a doubt between two. */
export const SURE_FROM = 0.9;

/** A digit that is less probable is close to nothing. */
const CLOSE = 0.2;

/** Whether the picture shows a digit, as far as the model can tell. */
export function isDigit({ digit }: PageAnswer): boolean {
  return digit;
}

/** What the model was given, for those who do not see it. */
export function inputDescription({ box }: PageAnswer): string {
  return text(box ? 'given' : 'given28');
}

/** With the probability that there is no digit behind those of the ten. */
export function withNone(probabilities: readonly number[]): readonly number[] {
  return [...probabilities, Math.max(0, 1 - probabilities.reduce((sum, each) => sum + each, 0))];
}

/** A digit, or "no digit", and how probable that is. */
export interface Choice {
  /** 0-9, or `NONE`. */
  readonly value: number;
  readonly probability: number;
}

/** The likeliest that is not `best`, of the ten digits and no digit. @param probabilities of the ten digits */
export function secondOf(best: number, probabilities: readonly number[]): Choice | undefined {
  return withNone(probabilities)
    .map((probability, value) => ({ value, probability }))
    .filter(({ value }) => value !== best)
    .toSorted((a, b) => b.probability - a.probability)[0];
}

/** What is said in large type: "7", "1 or 7?" where that is in doubt, "Not a digit". */
export function verdict(answer: PageAnswer): string {
  if (!isDigit(answer)) return text('notDigit');
  const { class: digit, probability, probabilities } = answer;
  const second = probability < SURE_FROM ? secondOf(digit, probabilities) : undefined;
  if (!second) return String(digit);
  if (second.value === NONE) return text('eitherNone', { first: digit });
  return text('either', { first: digit, second: second.value });
}

/** One line about an answer, under the verdict. */
export function caption(answer: PageAnswer): string {
  const { class: digit, probability } = answer;
  if (isDigit(answer)) return sureness(digit, probability, answer.probabilities);
  if (probability < CLOSE) return text('nothingClose');
  return text('closest', { digit, percent: percent(probability) });
}

/**
 * How sure it is that it is this digit, and what else it could be.
 * @param probabilities of the digits 0-9
 */
export function sureness(digit: number, probability: number, probabilities: readonly number[]): string {
  const second = probability < SURE_FROM ? secondOf(digit, probabilities) : undefined;
  const shown = probabilities.length > 0 ? shares(probabilities) : [];
  const shareOf = ({ value, probability: exact }: Choice): string => {
    const share = shown[value];
    return share === undefined ? percent(exact) : tenths(share);
  };
  const its = shareOf({ value: digit, probability });
  if (!second) return text('sure', { percent: its });
  return text('doubt', {
    first: digit,
    its,
    second: second.value === NONE ? text('noDigit') : second.value,
    others: shareOf(second),
  });
}

/** The answer as a screen reader should say it. */
export function spoken(answer: PageAnswer): string {
  return `${verdict(answer)}${isDigit(answer) ? ', ' : '. '}${caption(answer)}.`.replace(/\.\.$/, '.');
}

/**
 * Shares of the ten digits and of no digit as they are shown, in tenths of a percent: they add up to 1000, and what is
 * not certain has less than all.
 * @param probabilities of the ten digits
 */
export function shares(probabilities: readonly number[]): readonly number[] {
  const all = withNone(probabilities);
  const sum = all.reduce((total, each) => total + each, 0) || 1;
  const exact = all.map((probability) => (1000 * probability) / sum);
  const shown = exact.map(Math.floor);
  const byRest = exact.map((share, i) => ({ i, rest: share % 1 })).toSorted((a, b) => b.rest - a.rest);
  let left = 1000 - shown.reduce((total, each) => total + each, 0);
  for (const { i } of byRest) if (left-- > 0) shown[i] = (shown[i] ?? 0) + 1;
  const sure = shown.indexOf(1000);
  if (sure < 0 || (all[sure] ?? 0) >= 1) return shown;
  const [next] = byRest.filter(({ i }) => i !== sure).toSorted((a, b) => (all[b.i] ?? 0) - (all[a.i] ?? 0));
  return shown.map((share, i) => (i === sure ? 999 : i === next?.i ? share + 1 : share));
}
