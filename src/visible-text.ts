/**
 * Characters that can control a terminal or reorder what it shows: control characters, line separators, and marks of
 * the writing direction. Line feeds and tabs are not among them.
 */
const STEERING = /(?![\n\t])[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu;
const STEERING_OR_BREAK = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu;

/** Replaces such characters by escapes like `\u001b`, which leave JSON the same JSON. */
export function visibleText(text: string): string {
  return text.replace(STEERING, escapeOf);
}

/** The same for a text from elsewhere that must stay on its line. */
export function visibleLine(text: string): string {
  return text.replace(STEERING_OR_BREAK, escapeOf);
}

function escapeOf(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
