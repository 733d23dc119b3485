import { glyphsOf, type Glyph } from '../../drawing/glyphs.js';
import { drawGlyph } from '../../drawing/draw-digit.js';
import { CLASS_COUNT, NO_DIGIT } from '../../model/contract.js';
import { between, pick, type Random } from '../../random.js';
import { randomStream } from '../../random-streams.js';
import type { GlyphSet, SceneGlyphs } from '../../scenes/types.js';
import { inOneGo, invented } from '../outliers/invented.js';
import { FOREIGN_LETTERS } from '../outliers/foreign-letters.js';
import { LETTERS } from '../outliers/letters.js';
import { SHAPES } from '../outliers/shapes.js';
import { SIGNS } from '../outliers/signs.js';

/** What is drawn, with relative frequencies. */
const KINDS: readonly [weight: number, draw: (random: Random) => Glyph][] = [
  [24, (random) => pick(random, LETTERS)],
  [24, (random) => pick(random, FOREIGN_LETTERS)],
  [16, (random) => pick(random, SIGNS)],
  [20, (random) => pick(random, SHAPES)(random)],
  [10, invented],
  [6, inOneGo],
];

const TOTAL_WEIGHT = KINDS.reduce((sum, [weight]) => sum + weight, 0);

/** Longest side of the ink, as a share of the mask's side. */
const INK_SHARE = 40 / 48;

/** Number of drawn characters for training and validation, and their weight relative to handwritten ones. */
const COUNTS = [6000, 1500] as const;
const SHARE = 1.25;

/** The same for drawn digits. */
const DIGIT_COUNTS = [1500, 300] as const;
const DIGIT_SHARE = 0.02;

/** Ones that are a straight line, as of a ruler or a finger on glass: people's are bent, and printed lines are none. */
const LINE_COUNTS = [300, 60] as const;
const LINE_SHARE = 0.006;

const LINE: Glyph = [
  [
    [0, 0],
    [0, 1],
  ],
];

/** Adds drawn glyphs to handwritten ones. @param part 0 for training, 1 for validation */
export function withDrawnCharacters({ digits, others }: SceneGlyphs, part: 0 | 1): SceneGlyphs {
  const weight = others.weights.reduce((a, b) => a + b, 0) || 1;
  const digitWeight = digits.weights.reduce((a, b) => a + b, 0) || 1;
  const drawn = drawDigits(DIGIT_COUNTS[part], digits.side, DIGIT_SHARE * digitWeight, part);
  const drawnLines = drawLines(LINE_COUNTS[part], digits.side, LINE_SHARE * digitWeight, part);
  return {
    digits: join(join(digits, drawn), drawnLines),
    others: join(others, drawCharacters(COUNTS[part], digits.side, SHARE * weight, part)),
  };
}

function join(a: GlyphSet, b: GlyphSet): GlyphSet {
  const masks = new Uint8Array(a.masks.length + b.masks.length);
  masks.set(a.masks);
  masks.set(b.masks, a.masks.length);
  const weights = new Float32Array(a.weights.length + b.weights.length);
  weights.set(a.weights);
  weights.set(b.weights, a.weights.length);
  return {
    side: a.side,
    masks,
    labels: Uint8Array.from([...a.labels, ...b.labels]),
    weights,
    hands: Int32Array.from([...handsOf(a), ...handsOf(b)]),
  };
}

function handsOf({ hands, labels }: GlyphSet): Int32Array {
  return hands ?? new Int32Array(labels.length).fill(-1);
}

/**
 * Draws characters and signs that look like no digit as glyphs for scenes: letters of many scripts, signs, shapes,
 * and invented ones.
 * @param side pixels along a mask
 * @param weight of all of them together, relative to the other glyphs
 * @param part 0 for training, 1 for validation: other ones for each
 */
export function drawCharacters(count: number, side: number, weight: number, part: number): GlyphSet {
  const masks = new Uint8Array(count * side * side);
  for (let i = 0; i < count; i++) {
    const random = randomStream('drawnCharacters', part, i);
    masks.set(drawOne(someGlyph(random), side, random), i * side * side);
  }
  return {
    side,
    masks,
    labels: new Uint8Array(count).fill(NO_DIGIT),
    weights: new Float32Array(count).fill(weight / count),
  };
}

/** Digits as `drawDigit` writes them, each in another hand. */
function drawDigits(count: number, side: number, weight: number, part: number): GlyphSet {
  const masks = new Uint8Array(count * side * side);
  const labels = Uint8Array.from({ length: count }, (_, i) => i % CLASS_COUNT);
  labels.forEach((label, i) => {
    const random = randomStream('drawnDigits', part, i);
    const glyphs = glyphsOf(label);
    const glyph = glyphs[Math.floor(random() * glyphs.length)] ?? [];
    masks.set(drawOne(glyph, side, random), i * side * side);
  });
  return { side, masks, labels, weights: new Float32Array(count).fill(weight / count) };
}

function drawLines(count: number, side: number, weight: number, part: number): GlyphSet {
  const masks = new Uint8Array(count * side * side);
  for (let i = 0; i < count; i++) {
    masks.set(drawOne(LINE, side, randomStream('drawnLines', part, i), 0), i * side * side);
  }
  return {
    side,
    masks,
    labels: new Uint8Array(count).fill(1),
    weights: new Float32Array(count).fill(weight / count),
  };
}

/** @param jitter how far points of it move, as a share of its height; some, by default */
function drawOne(written: Glyph, side: number, random: Random, jitter?: number): Uint8Array {
  const width = between(random, 0.75, 1.25);
  const glyph = written.map((stroke) => stroke.map(([x, y]) => [x * width, y] as const));
  return drawGlyph(glyph, {
    width: side,
    height: side,
    digitSize: INK_SHARE * side,
    penWidth: side * between(random, 0.04, 0.14),
    softness: 1.5,
    slantDegrees: between(random, -12, 14),
    rotationDegrees: between(random, -8, 8),
    jitter: jitter ?? (random() < 0.5 ? 0.03 : 0.08),
    piecesPerPoint: 6,
    random,
  }).data;
}

function someGlyph(random: Random): Glyph {
  let left = random() * TOTAL_WEIGHT;
  const [, draw] = KINDS.find(([weight]) => (left -= weight) < 0) ?? [0, invented];
  return draw(random);
}
