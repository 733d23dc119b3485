import { FRAME_PIXELS, FRAME_SIDE, type Frame, type FrameBatch } from '../../image/frame.js';
import type { Glyph } from '../../drawing/glyphs.js';
import { drawDigit, drawGlyph, type DigitStyle } from '../../drawing/draw-digit.js';
import { between, pick, wholeBetween, type Random } from '../../random.js';
import { randomStream } from '../../random-streams.js';
import { CHARACTERS, DRAWINGS, GREEK, LETTERS_APART, MUSIC, SYMBOLS } from './held-out-glyphs.js';
import { bricks, code, scales, waves } from './textures.js';

/** One kind of non-digits. */
export interface OutlierKind {
  readonly name: string;
  /** Draws one frame, from this random stream alone. */
  readonly draw: (random: Random) => Frame;
}

/**
 * The kinds of non-digits that models are measured with. They are kept apart: nothing of them is trained on, so that
 * the figures say how a model does on unforeseen inputs.
 */
export const OUTLIER_KINDS: readonly OutlierKind[] = [
  written('letters', LETTERS_APART),
  written('symbols', SYMBOLS),
  written('greek letters', GREEK),
  written('chinese characters', CHARACTERS),
  written('drawings', DRAWINGS),
  written('music', MUSIC),
  { name: 'three digits', draw: threeDigits },
  { name: 'mirrored digits', draw: mirrored },
  { name: 'bricks', draw: bricks },
  { name: 'waves', draw: waves },
  { name: 'scales', draw: scales },
  { name: 'codes', draw: code },
];

/** Frames of one kind: each depends on the kind and its own place alone. */
export function drawOutliers(kind: OutlierKind, count: number): FrameBatch {
  const pixels = new Uint8Array(count * FRAME_PIXELS);
  const key = OUTLIER_KINDS.findIndex(({ name }) => name === kind.name);
  for (let i = 0; i < count; i++) {
    pixels.set(kind.draw(randomStream('measuredOutliers', key, i)), i * FRAME_PIXELS);
  }
  return { count, pixels };
}

function written(name: string, glyphs: readonly [Glyph, ...Glyph[]]): OutlierKind {
  return { name, draw: (random) => drawGlyph(pick(random, glyphs), someHand(random)).data };
}

/** As large as digits are, by hands of all kinds. */
function someHand(random: Random): DigitStyle {
  return {
    penWidth: between(random, 1.8, 3.6),
    softness: between(random, 1, 1.8),
    slantDegrees: between(random, -10, 15),
    rotationDegrees: between(random, -8, 8),
    jitter: 0.025,
    random,
  };
}

/** A number of three digits, as wide as one digit is high. */
function threeDigits(random: Random): Frame {
  const frame = new Uint8Array(FRAME_PIXELS);
  const size = between(random, 9, 13);
  const style = { ...someHand(random), digitSize: size, penWidth: between(random, 1.2, 2) };
  for (const place of [-1, 0, 1]) {
    const digit = wholeBetween(random, 0, 9);
    const { data } = drawDigit(digit, { ...style, variant: wholeBetween(random, 0, 2), shiftX: place * 7 });
    data.forEach((level, i) => (frame[i] = Math.max(level, frame[i]!)));
  }
  return frame;
}

/** A 3, 4 or 7 as a mirror shows it; other digits become digits, or nearly. */
function mirrored(random: Random): Frame {
  const digit = pick(random, [3, 4, 7]);
  const { data } = drawDigit(digit, { ...someHand(random), variant: wholeBetween(random, 0, 1) });
  return data.map((_, i) => data[i - (i % FRAME_SIDE) + FRAME_SIDE - 1 - (i % FRAME_SIDE)]!);
}
