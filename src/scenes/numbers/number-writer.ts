import { CLASS_COUNT } from '../../model/contract.js';
import { between, normal, wholeBetween, type Random } from '../../random.js';
import type { Banks } from '../banks.js';
import { drawGlyph, type Canvas, type GlyphStyle, type InkBox } from '../draw-glyph.js';
import type { GlyphShapes } from '../glyph-shapes.js';
import { fitting, GLYPH_INK, pickStyle } from '../hand.js';
import { drawByHand } from '../marks/around.js';
import { drawPrint, type Around } from '../marks/print.js';
import { within } from '../ranges.js';
import type { Written } from '../scene.js';
import { laySheet, layerOfTexture } from '../sheet.js';
import { NUMBER } from './number-ranges.js';
import { outlineOf, roomBetween, type Outline } from './outline.js';
import { drawTail } from './separators.js';
import {
  anyGap,
  drawBoxes,
  heightAt,
  inkOf,
  lineAt,
  placeOf,
  separate,
  type Line,
  type Sheet,
  type WrittenSeparator,
} from './number-line.js';

/** Numbers on paper, before light and camera. */
export interface NumberScene {
  /** Height of most digits, in pixels of the canvas. */
  readonly size: number;
  readonly isClean: boolean;
  readonly digits: readonly Written[];
  readonly separators: readonly WrittenSeparator[];
  /** Characters of words between numbers. */
  readonly words: readonly { readonly box: InkBox }[];
}

const { chance } = NUMBER;

/** For a digit of one kind; of ten kinds one is as good as sure to come. */
const MOST_TRIES = 60;

/** What was written last on a line. */
interface Before {
  readonly label: number;
  readonly outline: Outline;
}

/** Writes numbers, one line or more, with what stands beside numbers. */
export class NumberWriter {
  readonly #digits: GlyphShapes;
  readonly #others: GlyphShapes;
  readonly #banks: Banks;

  constructor(digits: GlyphShapes, others: GlyphShapes, banks: Banks) {
    this.#digits = digits;
    this.#others = others;
    this.#banks = banks;
  }

  /** @param scale of its digits, against those of close-ups */
  write(canvas: Canvas, random: Random, scale = 1): NumberScene {
    const { side } = canvas;
    const size = scale * pickHeight(random);
    const settings = { clean: chance.clean, size, texture: layerOfTexture };
    const { isClean, hand: upright, print } = laySheet(canvas, settings, this.#banks, random);
    const leaning = random() < chance.leaning ? within(random, NUMBER.lean) : 0;
    const hand = { ...upright, shear: upright.shear + leaning };
    const sheet: Sheet = {
      canvas,
      hand,
      print,
      slope: (random() < chance.steep ? NUMBER.steepSlope : NUMBER.slope) * normal(random),
      drops: pickDrops(random),
      digits: [],
      separators: [],
      words: [],
    };
    const y = side / 2 + 0.2 * size * normal(random);
    const around: Around = {
      x: random() < 0.5 ? side / 2 : side * random(),
      y,
      halfWidth: random() < 0.5 ? 0.35 * size : side * between(random, 0.2, 0.6),
      halfHeight: size / 2,
      height: size,
    };
    if (random() < chance.print) drawPrint(canvas, around, sheet.print, random);
    this.#line(sheet, lineAt(y, size, random), random);
    if (random() >= chance.oneLine) this.#linesBeside(sheet, y, size, random);
    if (random() < chance.byHand) drawByHand(canvas, around, sheet.hand, sheet.print, random);
    const { digits, separators, words } = sheet;
    return { size, isClean, digits, separators, words };
  }

  /** Above and below a first one, to the ends of the sheet or not so far. */
  #linesBeside(sheet: Sheet, middle: number, size: number, random: Random): void {
    const step = size * within(random, NUMBER.lineHeight);
    for (const direction of [-1, 1]) {
      let y = middle + direction * step;
      while (y > -size && y < sheet.canvas.side + size && random() < 0.85) {
        this.#line(sheet, lineAt(y, size * Math.exp(0.1 * normal(random)), random), random);
        y += direction * step * between(random, 0.9, 1.1);
      }
    }
  }

  #line(sheet: Sheet, line: Line, random: Random): void {
    const { side } = sheet.canvas;
    const { height, pitch } = line;
    const kind = random();
    const words = kind < chance.words ? 1 : kind < chance.words + chance.mixed ? 0.35 : 0.02;
    let x = random() < chance.begins ? side * between(random, 0, 0.5) : -height * random();
    const last = random() < chance.ends ? x + height * 0.65 * wholeBetween(random, 1, 9) : side + height;
    if (pitch !== null) drawBoxes(sheet, line, x, random);
    let before: Before | null = null;
    while (x < last && x < side + height) {
      if (random() < words) {
        x = this.#word(sheet, line, x, random);
        before = null;
        continue;
      }
      const gap = height * (random() < chance.otherGap ? anyGap(random) : within(random, line.gap));
      const written: Before & { end: number } = this.#digit(sheet, line, x, gap, before, random);
      before = written;
      x = pitch === null ? written.end : x + pitch;
      if (pitch !== null) continue;
      const isApart = random() < chance.separator;
      if (isApart) x = separate(sheet, line, x, random);
      const hasSpace = random() < chance.space;
      if (hasSpace) x += height * within(random, NUMBER.space);
      if (isApart || hasSpace) before = null;
    }
    if (random() < chance.tail) {
      drawTail(sheet.canvas, placeOf(sheet, line, x + 0.2 * height, random), inkOf(sheet), random);
    }
  }

  /** @returns the digit, and where its ink ends */
  #digit(
    sheet: Sheet,
    line: Line,
    x: number,
    gap: number,
    before: Before | null,
    random: Random,
  ): Before & { readonly end: number } {
    const shapes = this.#digits;
    const glyph = this.#pick(before?.label ?? -1, random);
    const label = shapes.labels[glyph]!;
    const isSmall = label === 0 && random() < chance.smallZero;
    const drop = sheet.drops[label] ?? 0;
    const height =
      line.height *
      Math.exp(NUMBER.size * normal(random)) *
      (isSmall ? between(random, 0.55, 0.9) : 1 + 0.5 * drop);
    const scale = Math.min(height / (2 * shapes.halfHeights[glyph]!), (1.6 * height) / GLYPH_INK);
    const halfWidth = scale * shapes.halfWidths[glyph]!;
    const left = x + (line.pitch === null ? gap : 0);
    const middle =
      line.pitch === null ? left + halfWidth : x + line.pitch / 2 + 0.06 * height * normal(random);
    const rise = isSmall ? between(random, -0.5, 0.5) * (line.height - height) : drop * line.height;
    const y = heightAt(sheet, line, middle) + rise + NUMBER.rise * line.height * normal(random);
    const style = this.#styleOf(sheet, shapes, glyph, { x: middle, y }, scale, random);
    const isKerned = line.isKerned && before !== null && line.pitch === null;
    const room = isKerned
      ? roomBetween(before.outline, outlineOf(shapes, glyph, style, 'left'), NUMBER.reach * line.height)
      : Infinity;
    // No further than to the place of the digit before: what stands above it can move on and on.
    const least = Math.max(gap, -NUMBER.crossing * line.height);
    const moved = Number.isFinite(room) ? Math.min(1.2 * line.height, room - least) : 0;
    const placed = { ...style, x: middle - moved };
    const box = drawGlyph(sheet.canvas, shapes, glyph, placed);
    sheet.digits.push({ label, box });
    const start = left - moved;
    const end = Math.max(start + 0.3 * halfWidth, Math.min(box.right, start + 2.4 * halfWidth));
    return { label, outline: outlineOf(shapes, glyph, placed, 'right'), end };
  }

  /** A digit's glyph; now and then of the one before once more, or of a 0. */
  #pick(before: number, random: Random): number {
    const { labels } = this.#digits;
    const kind = random();
    const wanted = kind < chance.repeated ? before : kind < chance.repeated + chance.zero ? 0 : -1;
    if (wanted < 0) return this.#digits.pick(random);
    for (let tries = 1; tries < MOST_TRIES; tries++) {
      const glyph = this.#digits.pick(random);
      if (labels[glyph] === wanted) return glyph;
    }
    return this.#digits.pick(random);
  }

  /** Some characters that are no digits. @returns where it ends */
  #word(sheet: Sheet, line: Line, x: number, random: Random): number {
    const shapes = this.#others;
    const count = wholeBetween(random, 1, 5);
    const height = line.height * between(random, 0.55, 1.1);
    let at = x;
    for (let i = 0; i < count; i++) {
      const glyph = shapes.pick(random);
      const scale = (height * Math.exp(0.15 * normal(random))) / GLYPH_INK;
      const halfWidth = scale * shapes.halfWidths[glyph]!;
      const middle = at + halfWidth + height * between(random, -0.05, 0.2);
      const place = { x: middle, y: heightAt(sheet, line, middle) };
      const style = this.#styleOf(sheet, shapes, glyph, place, scale, random);
      sheet.words.push({ box: drawGlyph(sheet.canvas, shapes, glyph, style) });
      at = middle + halfWidth;
    }
    return at + line.height * between(random, 0.05, 0.6);
  }

  #styleOf(
    { hand, slope }: Sheet,
    shapes: GlyphShapes,
    glyph: number,
    at: { x: number; y: number },
    scale: number,
    random: Random,
  ): GlyphStyle {
    const style = pickStyle(hand, at, scale, this.#banks, random);
    const turned = { ...style, rotation: slope + NUMBER.turn * normal(random) };
    return fitting(turned, shapes, glyph, random);
  }
}

/** Nothing, or for each digit how far it stands below the others: as 7 and 9 do in old style, 4, 3 and 5 less often. */
function pickDrops(random: Random): number[] {
  const drops = Array.from({ length: CLASS_COUNT }, () => 0);
  if (random() >= chance.oldStyle) return drops;
  const drop = within(random, NUMBER.drop);
  return drops.map((_, digit) =>
    random() < (NUMBER.dropping[digit] ?? 0) ? drop * between(random, 0.7, 1.2) : 0,
  );
}

function pickHeight(random: Random): number {
  const { usual, deviation, range, huge } = NUMBER.height;
  if (random() < chance.huge) return within(random, huge);
  return Math.max(range[0], Math.min(range[1], usual * Math.exp(deviation * normal(random))));
}
