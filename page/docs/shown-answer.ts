/** Longer texts within an answer, as pictures in base64 are, are cut when they are shown. */
const MAX_SHOWN_TEXT = 120;

/** Lines of another kind of text that are shown. */
const MAX_SHOWN_CHARACTERS = 2_000;

/** An answer as the page shows it: JSON in lines, long texts cut. */
export function shownBody(body: string, contentType: string): string {
  if (!contentType.startsWith('application/json')) return cut(body, MAX_SHOWN_CHARACTERS);
  try {
    return shownJson(JSON.parse(body));
  } catch {
    return cut(body, MAX_SHOWN_CHARACTERS);
  }
}

/** A value as JSON in lines; what is short, and lists of numbers, stay in one. */
export function shownJson(value: unknown, indent = ''): string {
  if (typeof value === 'string') return JSON.stringify(cut(value, MAX_SHOWN_TEXT));
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const isList = Array.isArray(value);
  const [open, close] = isList ? ['[', ']'] : ['{', '}'];
  const inner = `${indent}  `;
  const entries: string[] = isList
    ? value.map((one: unknown) => shownJson(one, inner))
    : Object.entries(value).map(([key, one]) => `${JSON.stringify(key)}: ${shownJson(one, inner)}`);
  const inLine = entries.join(', ');
  const isOfNumbers = isList && value.every((one: unknown) => typeof one === 'number');
  if (isOfNumbers || (inLine.length + indent.length <= 64 && !inLine.includes('\n'))) {
    return isList || entries.length === 0 ? `${open}${inLine}${close}` : `${open} ${inLine} ${close}`;
  }
  return `${open}\n${entries.map((entry) => inner + entry).join(',\n')}\n${indent}${close}`;
}

/** The frames that an answer with ?detail=full has: pictures as data: URLs. */
export function framesIn(body: string): string[] {
  return [...body.matchAll(/"frame":"(data:image\/png;base64,[^"]+)"/g)].map(([, frame = '']) => frame);
}

function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most)}… (${text.length} characters)`;
}
