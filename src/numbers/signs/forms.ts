/** How people write most numbers that have separators; in phone numbers a bracket is not seen now and then. */
const USUAL_FORMS = [
  // Phone numbers.
  /^\d{3}-\d{4}$/,
  /^(\d-)?\d{3}([-.])\d{3}\2\d{4}$/,
  /^(\d-?)?\(?\d{3}\)?-?\d{3}-\d{4}$/,
  /^\(\d{3}\)\d{7}$/,
  // Postcodes.
  /^\d{5}-\d{4}$/,
  // Amounts; a comma is a dot to the detector.
  /^\d+\.\d\d$/,
  /^\d{1,3}(\.\d{3})+(\.\d\d)?$/,
] as const;

/** A date; which is the day, which the month and which the year, the calendar tells. */
const DATE = /^(\d\d?|\d{4})([-/.])(\d\d?)\2(\d\d|\d{4})$/;
const YEARS = [1000, 2199] as const;

/** Brackets stand around the first digits of a phone number, or around all of a number. */
const USUAL_BRACKETS = /^\d{0,3}\(\d{2,5}\)[^()]*$|^\([^()]+\)$/;

/**
 * Logarithms of how much likelier a number is written so than otherwise, chosen together with the weights of
 * separators.
 */
const WEIGHTS = {
  usual: 4.5,
  /** Digits alone. */
  plain: 1.25,
  /** Each slash beyond the first where there is no date. */
  slash: -5,
  /** A slash at an end, which is a 1 more often than not. */
  outerSlash: -3,
  /** Each bracket, where there is not one pair of them. */
  loneBracket: -7,
  /** A pair around digits within a number. */
  innerBrackets: -4.5,
} as const;

/** What stands before a number or behind it is none of its separators, but for brackets. */
const BEFORE = /^[-./]+/;
const BEHIND = /[-./]+$/;

/**
 * The logarithm of how much likelier people write numbers in this form than in others: a digit too few or too many, or
 * a 1 that was taken for a bracket, makes one that is hardly used.
 * @param written digits, and the separators between them as `SEPARATORS` has them
 */
export function weightOfForm(written: string): number {
  const number = written.replace(BEFORE, '').replace(BEHIND, '');
  const isOutside = written.startsWith('/') || written.endsWith('/');
  return (isOutside ? WEIGHTS.outerSlash : 0) + weightOfNumber(number);
}

function weightOfNumber(number: string): number {
  if (/^\d*$/.test(number)) return WEIGHTS.plain;
  if (isDate(number) || USUAL_FORMS.some((usual) => usual.test(number))) return WEIGHTS.usual;
  const brackets = number.replaceAll(/[^()]/g, '');
  const slashes = number.split('/').length - 1;
  let weight = WEIGHTS.slash * Math.max(0, slashes - 1);
  if (brackets === '()') weight += USUAL_BRACKETS.test(number) ? 0 : WEIGHTS.innerBrackets;
  else weight += WEIGHTS.loneBracket * brackets.length;
  return weight;
}

/** Whether digits are day, month and year, or month, day and year, or the year first, of a calendar. */
function isDate(number: string): boolean {
  const [, first = '', , second = '', third = ''] = DATE.exec(number) ?? [];
  if (first === '') return false;
  const [day, month, year] =
    first.length > 2
      ? [Number(second), Number(third), Number(first)]
      : [Number(first), Number(second), Number(third)];
  const [from, to] = YEARS;
  const isYear = year < 100 || (year >= from && year <= to);
  return Math.min(day, month) >= 1 && Math.min(day, month) <= 12 && Math.max(day, month) <= 31 && isYear;
}
