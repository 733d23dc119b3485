/** So long after the pen has left the paper it is said that a drawing is no digit. */
export const REST_MS = 400;

/** What the hand does. */
export interface Hand {
  readonly isPenDown: boolean;
  /** When the drawing changed last, in milliseconds. */
  readonly lastInkMs: number;
}

/**
 * How long an answer about a drawing is held back: between the strokes of a 4 most drawings are no digit yet, and a
 * verdict that flickers disturbs who writes.
 * @param isSettled whether it says that there is a digit
 * @returns milliseconds from now; `null` where the pen is down: when it leaves the paper, the drawing is read again
 */
export function holdMs(isSettled: boolean, { isPenDown, lastInkMs }: Hand, nowMs: number): number | null {
  if (isSettled) return 0;
  if (isPenDown) return null;
  return Math.max(0, lastInkMs + REST_MS - nowMs);
}
