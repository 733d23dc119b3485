import { sureness, type PageNumber } from '../answers.js';
import { percent, text } from '../words/words.js';

/** Alternatives that are less probable say nothing. */
const WORTH_SAYING = 0.01;
const MAX_ALTERNATIVES = 3;

/** One line about a number, under the number itself. */
export function numberCaption(number: PageNumber): string {
  const { digits, accepted, probability } = number;
  if (digits.length === 0) return unreadNote(number) || text('noneLooks');
  return text(accepted ? 'sure' : 'notAccepted', { percent: percent(probability) });
}

/** What else it may be, as `or 0417, 8.0%`; empty where nothing else is likely. */
export function alternativesOf({ text: read, alternatives = [] }: PageNumber): string {
  return alternatives
    .filter(({ probability }) => probability >= WORTH_SAYING)
    .slice(0, MAX_ALTERNATIVES)
    .map((other) =>
      text('orOther', { other: differenceOf(read, other.text), percent: percent(other.probability) }),
    )
    .join('; ');
}

/** Another number in short: where one line differs, that line. */
function differenceOf(read: string, other: string): string {
  const [lines, others] = [read.split('\n'), other.split('\n')];
  const changed = others.flatMap((line, i) => (line === lines[i] ? [] : [i]));
  const [at] = changed;
  const isOneOfMany = lines.length > 1 && lines.length === others.length && changed.length === 1;
  if (isOneOfMany && at !== undefined) return text('onLine', { text: others[at] ?? '', line: at + 1 });
  return other === '' ? text('nothing') : others.join(' / ');
}

/** What is in the picture and not in the number; empty where that is nothing. */
export function unreadNote({ unread, truncated }: PageNumber): string {
  const notes: string[] = [];
  if (unread.length === 1) notes.push(text('unreadOne'));
  if (unread.length > 1) notes.push(text('unreadMany', { n: unread.length }));
  if (truncated) notes.push(text('truncated'));
  return notes.join(' ');
}

/** Which digit it is, and how sure. @param at its place among all digits */
export function digitCaption(number: PageNumber, at: number): string {
  const digit = number.digits[at];
  if (!digit) return '';
  const line = number.lines.findIndex(({ digits: [from = 0, to = 0] }) => from <= at && at < to);
  const [from = 0, to = number.digits.length] = number.lines[line]?.digits ?? [];
  const sure = sureness(digit.class, digit.probability, digit.probabilities ?? []);
  const key = number.lines.length > 1 ? 'digitPlaceOnLine' : 'digitPlace';
  return text(key, { n: at - from + 1, all: to - from, line: line + 1, sure });
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
  if (number.digits.length === 0) return `${text('noDigits')}. ${numberCaption(number)}`;
  const digits = number.lines.map((line) => line.text.split('').join(' ')).join(text('nextLine'));
  const others = alternativesOf(number);
  return [`${digits}.`, `${numberCaption(number)}${others ? `, ${others}` : ''}.`, unreadNote(number)]
    .filter((sentence) => sentence !== '')
    .join(' ');
}
