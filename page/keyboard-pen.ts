import { PAPER_SIDE } from './ink.js';
import { text } from './words/words.js';

/** The pen that keys move: where it is, in units of the paper, and whether it writes. */
export interface KeyboardPen {
  readonly x: number;
  readonly y: number;
  readonly isDown: boolean;
}

/** How far one press moves it, and one with Shift, in units of the paper. */
const STEP = 10;
const FINE_STEP = 3;

/** It stays this far from the edges. */
const MARGIN = 10;

/** As on a number pad: the keys in the corners go across. */
const DIRECTIONS: ReadonlyMap<string, readonly [dx: number, dy: number]> = new Map([
  ['ArrowLeft', [-1, 0]],
  ['ArrowRight', [1, 0]],
  ['ArrowUp', [0, -1]],
  ['ArrowDown', [0, 1]],
  ['Home', [-1, -1]],
  ['PageUp', [1, -1]],
  ['End', [-1, 1]],
  ['PageDown', [1, 1]],
]);

/** Above the middle, where most digits begin. */
export const RESTING_PEN: KeyboardPen = { x: PAPER_SIDE / 2, y: PAPER_SIDE / 4, isDown: false };

/**
 * What a key does to the pen: arrows, Home, End and the Page keys move it, Space and Enter put it down and up, Escape
 * up.
 * @returns the pen after it; the same object when the key is none of the pen's.
 */
export function pressKey(pen: KeyboardPen, key: string, isFine: boolean): KeyboardPen {
  if (key === ' ' || key === 'Enter') return { ...pen, isDown: !pen.isDown };
  if (key === 'Escape' && pen.isDown) return { ...pen, isDown: false };
  const direction = DIRECTIONS.get(key);
  if (!direction) return pen;
  const step = isFine ? FINE_STEP : STEP;
  return { ...pen, x: within(pen.x + step * direction[0]), y: within(pen.y + step * direction[1]) };
}

/** Where the pen is, in words for who cannot see it. */
export function describePen({ x, y, isDown }: KeyboardPen): string {
  const place = (value: number): string => `${Math.round((100 * value) / PAPER_SIDE)}%`;
  return text(isDown ? 'penDown' : 'penUp', { x: place(x), y: place(y) });
}

function within(value: number): number {
  return Math.min(PAPER_SIDE - MARGIN, Math.max(MARGIN, value));
}
