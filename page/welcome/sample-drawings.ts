import { digitPaths, glyphPaths } from '../../src/drawing/draw-digit.js';
import type { Glyph, Stroke } from '../../src/drawing/glyphs.js';
import { PAPER_SIDE, PEN_WIDTH, type InkStroke } from '../ink.js';

/** Drawings that the empty page offers, as the pen of this project writes them. */
export const SAMPLE_DRAWINGS = ['sampleDigit', 'sampleNumber', 'sampleLetter'] as const;
export type SampleDrawing = (typeof SAMPLE_DRAWINGS)[number];

/** Every so-manieth point of a smooth path is enough: the paper draws curves between. */
const POINT_STEP = 4;

/** The letter: two legs and a bar. */
const LETTER_A: Glyph = [
  [
    [0, 1],
    [0.18, 0.5],
    [0.36, 0],
    [0.36, 0],
    [0.55, 0.5],
    [0.74, 1],
  ],
  [
    [0.13, 0.62],
    [0.37, 0.6],
    [0.61, 0.61],
  ],
];

/** How a hand writes: no digit quite like another. */
function handOf(random: () => number): { slantDegrees: number; jitter: number; random: () => number } {
  return { slantDegrees: 4 + 8 * random(), jitter: 0.015, random };
}

/** @param random uniform numbers in [0, 1): each time another digit, or the same one in another way */
export function sampleStrokes(sample: SampleDrawing, random: () => number): readonly InkStroke[] {
  const paper = { width: PAPER_SIDE, height: PAPER_SIDE };
  if (sample === 'sampleLetter') return inked(glyphPaths(LETTER_A, { ...paper, ...handOf(random) }));
  if (sample === 'sampleDigit') {
    const digit = 2 + Math.floor(8 * random());
    return inked(digitPaths(digit, { ...paper, ...handOf(random), variant: Math.floor(2 * random()) }));
  }
  const digits = Array.from({ length: 3 }, () => Math.floor(10 * random()));
  const size = 105;
  return digits.flatMap((digit, place) => {
    const style = { ...paper, ...handOf(random), digitSize: size, shiftX: (place - 1) * 0.8 * size };
    return inked(digitPaths(digit, style), PEN_WIDTH.default * 0.6);
  });
}

/** A digit that is written in one stroke, for the empty page. @param random uniform numbers in [0, 1) */
export function greetingStroke(random: () => number): Stroke {
  const digit = [2, 3, 6, 8, 9][Math.floor(5 * random())] ?? 3;
  const [stroke = []] = digitPaths(digit, {
    width: PAPER_SIDE,
    height: PAPER_SIDE,
    digitSize: 150,
    ...handOf(random),
  });
  return stroke;
}

function inked(paths: readonly Stroke[], width: number = PEN_WIDTH.default): readonly InkStroke[] {
  return paths.map((path) =>
    path.filter((_, i) => i % POINT_STEP === 0 || i === path.length - 1).map(([x, y]) => ({ x, y, width })),
  );
}
