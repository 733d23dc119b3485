import type { InkStroke } from './ink.js';

/** Share of a view's side that the longer side of a digit's box takes, as what reads digits sees them. */
const VIEW_FILL = 0.7;

/** Colours of ink for the answer and against it: red, green, blue. */
export interface HeatColors {
  readonly speaksFor: readonly [number, number, number];
  readonly speaksAgainst: readonly [number, number, number];
}

/** Weaker ink speaks of nothing. */
const FAINT = 0.08;

/**
 * Heat as pixels: the stronger, the less of what is below shines through.
 * @param heat -1..1 each
 * @returns red, green, blue and opacity of each
 */
export function heatPixels(
  heat: Float32Array,
  { speaksFor, speaksAgainst }: HeatColors,
): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint8ClampedArray(4 * heat.length);
  heat.forEach((value, i) => {
    // From nothing on: where heat sets in there is no edge.
    const strength = Math.max(0, (Math.abs(value) - FAINT) / (1 - FAINT));
    pixels.set(value > 0 ? speaksFor : speaksAgainst, 4 * i);
    pixels[4 * i + 3] = 255 * Math.min(1, strength ** 0.6);
  });
  return pixels;
}

/** The square of a picture that the network was shown. @param box of the digit: x, y, width and height */
export function squareAround([x = 0, y = 0, width = 0, height = 0]: readonly number[]): {
  readonly x: number;
  readonly y: number;
  readonly side: number;
} {
  const side = Math.max(width, height, 1) / VIEW_FILL;
  return { x: x + (width - side) / 2, y: y + (height - side) / 2, side };
}

/** More strokes than this are not left out one by one. */
const MAX_STROKES = 5;

/** The drawing without each of its strokes; none where it has one, or too many. */
export function leftOut(strokes: readonly InkStroke[]): readonly (readonly InkStroke[])[] {
  if (strokes.length < 2 || strokes.length > MAX_STROKES) return [];
  return strokes.map((_, i) => strokes.filter((_stroke, other) => other !== i));
}
