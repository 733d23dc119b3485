/** What is wrong with the answer about one number; `null` where nothing is. */
export function faultOfNumber(one: Readonly<Record<string, unknown>>): string | null {
  const { text, probability, accepted, digits, lines, unread, truncated } = one;
  if (typeof text !== 'string' || !/^[0-9? \n]*$/.test(text)) return 'text of other characters';
  if (!isShare(probability)) return 'a probability that is none';
  if (typeof accepted !== 'boolean') return 'neither accepted nor not';
  if (truncated !== undefined && truncated !== true) return 'truncated is neither true nor left out';
  if (!isListOf(digits, (digit) => isDigit(digit['class']) && isPlace(digit))) return 'a digit that is none';
  if (!isListOf(unread, isPlace)) return 'an unread place that is none';
  if (!isListOf(lines, isPlace)) return 'a line that is none';
  const marks = text.replaceAll(/[\n ]/g, '');
  if (marks.length !== digits.length) return `${digits.length} digits of ${JSON.stringify(text)}`;
  if (lines.map((line) => line['text']).join('\n') !== text) return 'lines of another text';
  let from = 0;
  for (const { digits: range } of lines) {
    if (!Array.isArray(range) || range.length !== 2 || range[0] !== from) return 'lines that leave digits out';
    from = Number(range[1]);
  }
  return from === digits.length ? null : 'digits of no line';
}

type Item = Readonly<Record<string, unknown>>;

function isListOf(list: unknown, fits: (item: Item) => boolean): list is Item[] {
  return Array.isArray(list) && list.every((item: unknown) => isItem(item) && fits(item));
}

function isItem(value: unknown): value is Item {
  return typeof value === 'object' && value !== null;
}

function isPlace({ probability, box }: Item): boolean {
  return isShare(probability) && Array.isArray(box) && box.length === 4 && box.every(isPixel);
}

function isPixel(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 0;
}

function isDigit(value: unknown): boolean {
  return isPixel(value) && Number(value) <= 9;
}

function isShare(value: unknown): boolean {
  return typeof value === 'number' && value >= 0 && value <= 1;
}
