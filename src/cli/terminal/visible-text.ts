/**
 * What may steer a terminal or change the order of what it shows: control characters of both sets, line separators, marks of
 * the writing direction. Line feeds and tabs are neither.
 */
const STEERING = /(?![\n\t])[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu;
const STEERING_OR_BREAK = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu;

/** The text with such characters as `\u001b`, by which JSON stays the same JSON. */
export function visibleText(text: string): string {
  return text.replace(STEERING, escapeOf);
}

/** A text from outside that is to stay within its line. */
export function visibleLine(text: string): string {
  return text.replace(STEERING_OR_BREAK, escapeOf);
}

function escapeOf(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
