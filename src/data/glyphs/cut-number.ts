import type { InkMask } from './fit-mask.js';
import { inkParts, keepParts, type InkPart } from './ink-parts.js';
import type { GrayPicture } from './paper-mask.js';

/** Ink has to be so much darker than the paper, in gray levels. */
const LEAST_CONTRAST = 60;

/** What counts as ink, of 255 for the darkest. */
const INK = 84;

/** Pixels of the highest digit at least, and of ink in each. */
const LEAST_HEIGHT = 14;
const LEAST_INK = 25;

/** Digits are at least so high, compared with the highest. */
const EVEN_HEIGHT = 0.45;

/** How far a digit may reach over the one before it, as a share of that one's width. */
const MOST_OVERLAP = 0.3;

/** Width by height of a digit at most. */
const WIDEST = 1.6;

/**
 * Cuts a written number apart where its digits do not touch.
 * @param count how many digits it has
 * @returns the ink of each digit, from left to right; `undefined` where as many parts cannot be told with certainty
 */
export function cutNumber(picture: GrayPicture, count: number): InkMask[] | undefined {
  const mask = darknessOf(picture);
  if (!mask) return undefined;
  const { width, height } = mask;
  const { partOf, parts } = inkParts(mask, INK);
  const places = parts.map((part, place) => ({ part, place }));
  // What comes in from the border, and upright lines of a table.
  const inner = places.filter(({ part: { left, top, right, bottom } }) => {
    const [wide, high] = [right - left, bottom - top];
    const isOnBorder = left <= 1 || top <= 0 || right >= width - 2 || bottom >= height - 1;
    return !isOnBorder && high < 0.8 * height && !(wide < 0.1 * high && high > 0.5 * height);
  });
  const highest = Math.max(0, ...inner.map(({ part }) => heightOf(part)));
  if (highest < LEAST_HEIGHT) return undefined;
  const digits = inner
    .filter(({ part }) => heightOf(part) > EVEN_HEIGHT * highest && part.size > LEAST_INK)
    .toSorted((a, b) => a.part.left - b.part.left);
  if (digits.length !== count || !digits.every(({ part }, i) => isDigit(part, digits[i - 1]?.part)))
    return undefined;
  return digits.map((digit) => {
    const own = new Set([digit.place]);
    // A foot or a flag that thin ink parted from it.
    for (const { part, place } of inner) {
      if (digits.some((other) => other.place === place) || part.size < LEAST_INK / 3) continue;
      const over = Math.min(part.right, digit.part.right) - Math.max(part.left, digit.part.left);
      if (over > 0.4 * (part.right - part.left)) own.add(place);
    }
    return keepParts(mask, partOf, (part) => own.has(part));
  });
}

function heightOf({ top, bottom }: InkPart): number {
  return bottom - top + 1;
}

function isDigit(part: InkPart, before: InkPart | undefined): boolean {
  if (part.right - part.left > WIDEST * (part.bottom - part.top)) return false;
  return !before || part.left >= before.right - MOST_OVERLAP * (before.right - before.left);
}

/** How dark each pixel is, from 0 for paper to 255 for the darkest ink. */
function darknessOf({ width, height, data }: GrayPicture): InkMask | undefined {
  const sorted = data.toSorted();
  const paper = sorted[Math.floor(0.7 * sorted.length)] ?? 0;
  const ink = sorted[Math.floor(0.005 * sorted.length)] ?? 0;
  if (paper - ink < LEAST_CONTRAST) return undefined;
  const scale = 255 / (0.9 * (paper - ink));
  const dark = data.map((level) => Math.max(0, Math.min(255, Math.round((paper - level) * scale))));
  return { width, height, data: dark };
}
