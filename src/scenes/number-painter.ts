import type { BoundingBox } from '../image/view/bounding-box.js';
import type { Plane } from '../image/plane.js';
import { between, normal, wholeBetween, type Random } from '../random.js';
import { randomStream } from '../random-streams.js';
import { createBanks, pickTexture, TILE_SIDE, type Banks } from './banks.js';
import { addTile } from './camera.js';
import { drawGlyph, type Canvas } from './draw-glyph.js';
import { GlyphShapes } from './glyph-shapes.js';
import { fitting, GLYPH_INK, pickHand, pickPrint, pickStyle } from './hand.js';
import { photograph } from './photograph.js';
import { drawPrint } from './print.js';
import { SCENE, within } from './ranges.js';
import type { GlyphSet } from './types.js';

/** What a number is to be like. */
export interface NumberWanted {
  /** Digits, 1 or more. */
  readonly length: number;
  /** Of the pairs of neighbours, how many touch or overlap, 0..1. */
  readonly touching: number;
}

/** A picture of a number, and the truth about it. */
export interface PaintedNumber {
  readonly picture: Plane;
  readonly text: string;
  /** Of each digit, in pixels of the picture. */
  readonly boxes: readonly BoundingBox[];
}

/** Paints numbers on strips of paper, as they stand on forms and cheques. */
export interface NumberPainter {
  paint(wanted: NumberWanted, random: Random): PaintedNumber;
}

const NUMBER = {
  /** Pixels along a digit. */
  height: [18, 56],
  /** Gaps between the boxes of digits that touch, and of others; shares of the digits' height. */
  touchingGap: [-0.22, -0.02],
  gap: [0.04, 0.4],
  /** How far digits stand above and below their line, and how their sizes differ: deviations. */
  rise: 0.035,
  size: 0.06,
  /** Room on each side of the number, above and below it. */
  beside: [0.1, 1.2],
  above: [0.08, 0.7],
  /** How often a digit is the one before it once more, and a number begins with 0. */
  repeats: 0.15,
} as const;

/** @param digits the glyphs that numbers are written with */
export function createNumberPainter(digits: GlyphSet): NumberPainter {
  const shapes = new GlyphShapes(digits);
  const byLabel = Array.from({ length: 10 }, (_, label) =>
    Array.from(shapes.labels.keys()).filter((glyph) => shapes.labels[glyph] === label),
  );
  const banks = createBanks(randomStream('sceneBanks'), digits.side);
  return { paint: (wanted, random) => paint(shapes, byLabel, banks, wanted, random) };
}

function paint(
  shapes: GlyphShapes,
  byLabel: readonly (readonly number[])[],
  banks: Banks,
  { length, touching }: NumberWanted,
  random: Random,
): PaintedNumber {
  const height = within(random, NUMBER.height);
  const text = textOf(length, random);
  const glyphs = Array.from(text, (digit) => {
    const own = byLabel[Number(digit)] ?? [];
    return own[Math.floor(random() * own.length)] ?? 0;
  });
  const isClean = random() < SCENE.chance.clean;
  const paper = 1 - (1 - within(random, SCENE.paper)) * random();
  const hand = pickHand(paper, isClean || height < 24, banks, random);
  const [left, right] = [height * within(random, NUMBER.beside), height * within(random, NUMBER.beside)];
  const [above, below] = [height * within(random, NUMBER.above), height * within(random, NUMBER.above)];
  const side = Math.ceil(left + right + length * 1.6 * height + 2);
  const stripHeight = Math.ceil(above + height + below);
  const top = Math.floor((side - stripHeight) / 2);
  const canvas: Canvas = { side, levels: new Float32Array(side * side).fill(paper) };
  if (!isClean && random() < SCENE.chance.texture) {
    const strength = within(random, SCENE.texture) * random();
    const [x, y] = [wholeBetween(random, 0, TILE_SIDE - 1), wholeBetween(random, 0, TILE_SIDE - 1)];
    addTile(canvas, pickTexture(banks, random), { x, y, strength });
  }
  const around = {
    x: left + height / 2,
    y: top + above + height / 2,
    halfWidth: 0.35 * height,
    halfHeight: height / 2,
    height,
  };
  if (random() < 0.6) drawPrint(canvas, around, pickPrint(paper, random), random);
  const boxes: BoundingBox[] = [];
  let x = left;
  for (const [i, glyph] of glyphs.entries()) {
    const scale = (height / GLYPH_INK) * Math.exp(NUMBER.size * normal(random));
    const half = { width: shapes.halfWidths[glyph]! * scale, height: shapes.halfHeights[glyph]! * scale };
    const isTouching = random() < touching;
    if (i > 0) x += height * within(random, isTouching ? NUMBER.touchingGap : NUMBER.gap);
    const y = around.y + height * NUMBER.rise * normal(random);
    const style = pickStyle(hand, { x: x + half.width, y }, scale, banks, random);
    const box = drawGlyph(canvas, shapes, glyph, fitting(style, shapes, glyph, random));
    const [width, tall] = [box.right - box.left, box.bottom - box.top];
    boxes.push({ x: box.left, y: box.top - top, width, height: tall });
    x = Math.max(x + half.width * 0.6, box.right);
  }
  photograph(canvas, { size: height, isClean }, banks, new Float32Array(side * side), random);
  const picture = cropped(canvas, top, Math.min(side, Math.ceil(x + right)), stripHeight);
  return { picture, text, boxes };
}

function textOf(length: number, random: Random): string {
  let text = '';
  for (let i = 0; i < length; i++) {
    const repeats = i > 0 && random() < NUMBER.repeats;
    text += repeats ? text.at(-1) : Math.floor(between(random, 0, 10));
  }
  return text;
}

/** The strip of a canvas, in whole levels. */
function cropped({ side, levels }: Canvas, top: number, width: number, height: number): Plane {
  const data = new Uint8Array(width * height);
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0, from = (top + y) * side; x < width; x++, from++, to++) {
      data[to] = Math.round(255 * Math.max(0, Math.min(1, levels[from]!)));
    }
  }
  return { width, height, data };
}
