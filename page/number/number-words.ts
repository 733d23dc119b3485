import { percent, sureness, type PageNumber } from '../answers.js';

/** Alternatives that are less probable say nothing. */
const WORTH_SAYING = 0.01;
const MAX_ALTERNATIVES = 3;

/** One line about a number, under the number itself. */
export function numberCaption(number: PageNumber): string {
  const { digits, accepted, probability } = number;
  if (digits.length === 0) return unreadNote(number) || 'Nothing in it looks like a digit.';
  if (accepted) return `${percent(probability)} sure`;
  return `Not accepted: only ${percent(probability)} sure of all of it`;
}

/** What else it may be, as `or 0417, 8.0%`; empty where nothing else is likely. */
export function alternativesOf({ text, alternatives = [] }: PageNumber): string {
  return alternatives
    .filter(({ probability }) => probability >= WORTH_SAYING)
    .slice(0, MAX_ALTERNATIVES)
    .map((other) => `or ${differenceOf(text, other.text)}, ${percent(other.probability)}`)
    .join('; ');
}

/** Another number in short: where one line differs, that line. */
function differenceOf(text: string, other: string): string {
  const [lines, others] = [text.split('\n'), other.split('\n')];
  const changed = others.flatMap((line, i) => (line === lines[i] ? [] : [i]));
  const [at] = changed;
  const isOneOfMany = lines.length > 1 && lines.length === others.length && changed.length === 1;
  if (isOneOfMany && at !== undefined) return `${others[at]} on line ${at + 1}`;
  return other === '' ? 'nothing' : others.join(' / ');
}

/** What is in the picture and not in the number; empty where that is nothing. */
export function unreadNote({ unread, truncated }: PageNumber): string {
  const notes: string[] = [];
  if (unread.length === 1) notes.push('Where the dashed box is, there may be one more digit.');
  if (unread.length > 1) notes.push(`Where the dashed boxes are, there may be ${unread.length} more digits.`);
  if (truncated) notes.push('There are more places that may be digits than can be read in one picture.');
  return notes.join(' ');
}

/** Which digit it is, and how sure. @param at its place among all digits */
export function digitCaption(number: PageNumber, at: number): string {
  const digit = number.digits[at];
  if (!digit) return '';
  const line = number.lines.findIndex(({ digits: [from = 0, to = 0] }) => from <= at && at < to);
  const [from = 0, to = number.digits.length] = number.lines[line]?.digits ?? [];
  const ofLine = number.lines.length > 1 ? ` on line ${line + 1}` : '';
  const place = `Digit ${at - from + 1} of ${to - from}${ofLine}`;
  return `${place}: ${sureness(digit.class, digit.probability, withNone(digit.probabilities ?? []))}`;
}

/** With the probability that there is no digit behind those of the ten. */
function withNone(probabilities: readonly number[]): readonly number[] {
  return [...probabilities, Math.max(0, 1 - probabilities.reduce((sum, each) => sum + each, 0))];
}

/** The digit to look at first: the one that is the least sure. @returns its place; 0 where there is none */
export function leastSure({ digits }: PageNumber): number {
  return digits.reduce(
    (least, { probability }, i) => (probability < (digits[least]?.probability ?? 1) ? i : least),
    0,
  );
}

/** The number as a screen reader should say it: digit by digit. */
export function spokenNumber(number: PageNumber): string {
  if (number.digits.length === 0) return `No digits. ${numberCaption(number)}`;
  const digits = number.lines.map(({ text }) => text.split('').join(' ')).join(', next line: ');
  const others = alternativesOf(number);
  return [`${digits}.`, `${numberCaption(number)}${others ? `, ${others}` : ''}.`, unreadNote(number)]
    .filter((sentence) => sentence !== '')
    .join(' ');
}
