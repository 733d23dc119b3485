import { CLASS_COUNT } from '../../model/contract.js';
import { between, normal, wholeBetween, type Random } from '../../random.js';
import type { Banks } from '../banks.js';
import { drawGlyph, type Canvas, type InkBox } from '../draw-glyph.js';
import type { Bounds } from '../finder-targets.js';
import type { GlyphShapes } from '../glyph-shapes.js';
import { fitting, GLYPH_INK, pickStyle } from '../hand.js';
import { drawByHand } from '../marks/around.js';
import { drawPrint, type Around } from '../marks/print.js';
import { within } from '../ranges.js';
import type { Written } from '../scene.js';
import { laySheet, layerOfTexture } from '../sheet.js';
import { wholeCanvas } from '../whole-picture.js';
import { HARD_CHANCES, NUMBER, ORDINARY_CHANCES, type NumberChances } from './number-ranges.js';
import { drawTail } from './separators.js';
import {
  anyGap,
  bracket,
  drawBoxes,
  heightAt,
  inkOf,
  lineAt,
  otherSign,
  placeOf,
  separate,
  type Line,
  type Sheet,
  type WrittenSeparator,
} from './written-line.js';

/** Numbers on paper, before light and camera. */
export interface NumberScene {
  /** Height of most digits, in pixels of the canvas. */
  readonly size: number;
  readonly isClean: boolean;
  readonly chance: NumberChances;
  readonly digits: readonly Written[];
  readonly separators: readonly WrittenSeparator[];
  /** Characters of words between numbers. */
  readonly words: readonly { readonly box: InkBox }[];
}

/** A digit that the next one of its line stands beside. */
interface DigitBefore {
  readonly label: number;
  /** How far it leans to the right for each pixel of height. */
  readonly slant: number;
  /** Where its ink ends. */
  readonly end: number;
}

/** Figures that go below the others in old hands. */
const DESCENDING: ReadonlySet<number> = new Set([3, 4, 5, 7, 9]);

/** For a digit of one kind; of ten kinds one is as good as sure to come. */
const MOST_TRIES = 60;

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
    const chance = random() < NUMBER.ordinary ? ORDINARY_CHANCES : HARD_CHANCES;
    const size = scale * pickHeight(chance, random);
    const settings = { clean: chance.clean, size, texture: layerOfTexture };
    const { isClean, hand, print } = laySheet(canvas, settings, this.#banks, random);
    const sheet: Sheet = {
      canvas,
      chance,
      hand: random() < chance.special ? hand : { ...hand, outline: 0, dashes: 0, dots: 0 },
      print,
      slope: (random() < chance.steep ? NUMBER.steepSlope : NUMBER.slope) * normal(random),
      digits: [],
      separators: [],
      words: [],
      glyphs: random() < chance.oneHand ? this.#digits.ofOneHand(random) : [],
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
    this.#line(sheet, lineAt(sheet, y, size, random), random);
    if (random() >= chance.oneLine) this.#linesBeside(sheet, y, size, random);
    if (random() < chance.byHand) drawByHand(canvas, around, sheet.hand, sheet.print, random);
    const { digits, separators, words } = sheet;
    return { size, isClean, chance, digits, separators, words };
  }

  /** Above and below a first one, to the ends of the sheet or not so far. */
  #linesBeside(sheet: Sheet, middle: number, size: number, random: Random): void {
    const step = size * within(random, NUMBER.lineHeight);
    for (const direction of [-1, 1]) {
      let y = middle + direction * step;
      while (y > -size && y < sheet.canvas.side + size && random() < 0.85) {
        this.#line(sheet, lineAt(sheet, y, size * Math.exp(0.1 * normal(random)), random), random);
        y += direction * step * between(random, 0.9, 1.1);
      }
    }
  }

  #line(sheet: Sheet, line: Line, random: Random): void {
    const { canvas, chance } = sheet;
    const { side } = canvas;
    const { height, pitch } = line;
    const kind = random();
    const words = kind < chance.words ? 1 : kind < chance.words + chance.mixed ? 0.35 : chance.stray;
    let x = random() < chance.begins ? side * between(random, 0, 0.5) : -height * random();
    const last = random() < chance.ends ? x + height * 0.65 * wholeBetween(random, 1, 9) : side + height;
    if (pitch !== null) drawBoxes(sheet, line, x, random);
    let [inGroup, inBrackets] = [0, 0];
    let before: DigitBefore | null = null;
    while (x < last && x < side + height) {
      if (random() < words) {
        x = this.#word(sheet, line, x, random);
        continue;
      }
      if (pitch === null) {
        if (random() < chance.sign) x = otherSign(sheet, line, x, random);
        if (inBrackets === 0 && random() < chance.brackets) {
          x = bracket(sheet, line, true, x, random);
          inBrackets = wholeBetween(random, 1, 4);
        }
      }
      const gap =
        x + height * (random() < chance.otherGap ? anyGap(sheet, random) : within(random, line.gap));
      // What leans is closer to what it follows, not to what stands behind a separator.
      const isNext = before?.end === x;
      const neighbour: DigitBefore | null = before && !isNext ? { ...before, slant: 0 } : before;
      before = this.#digit(sheet, line, pitch === null ? gap : x, neighbour, random);
      x = pitch === null ? before.end : x + pitch;
      if (pitch !== null) continue;
      if (inBrackets > 0 && --inBrackets === 0) x = bracket(sheet, line, false, x, random);
      if (line.groups && ++inGroup === line.groups.of) {
        inGroup = 0;
        x = separate(sheet, line, x, random, line.groups.kind);
      } else if (random() < chance.separator) x = separate(sheet, line, x, random);
      if (random() < chance.space) x += height * within(random, NUMBER.space);
    }
    if (random() < chance.tail) {
      drawTail(sheet.canvas, placeOf(sheet, line, x + 0.2 * height, random), inkOf(sheet), random);
    }
  }

  /** @param before the digit before it; its slant is 0 where something stands between them */
  #digit(sheet: Sheet, line: Line, x: number, before: DigitBefore | null, random: Random): DigitBefore {
    const { chance, hand } = sheet;
    const shapes = this.#digits;
    const glyph = this.#pick(sheet, before?.label ?? -1, random);
    const label = shapes.labels[glyph]!;
    const isSmall = random() < (label === 0 ? chance.smallZero : chance.small);
    const old = DESCENDING.has(label) ? line.oldStyle : null;
    const height =
      line.height *
      Math.exp(NUMBER.size * normal(random)) *
      (isSmall ? between(random, 0.55, 0.9) : (old?.scale ?? 1));
    const scale = Math.min(height / (2 * shapes.halfHeights[glyph]!), (1.6 * height) / GLYPH_INK);
    const halfWidth = scale * shapes.halfWidths[glyph]!;
    const own = shapes.slants[glyph]!;
    const slant = own + hand.shear;
    // What leans the same way stands closer than boxes do; the hand's own lean is not in `halfWidth`.
    const isAlike = before !== null && before.slant * slant > 0;
    const closer = isAlike ? (line.interlock * (Math.abs(before.slant) + Math.abs(own))) / 2 : 0;
    const left = x - line.height * Math.min(NUMBER.mostInterlock, closer);
    const middle =
      line.pitch === null ? left + halfWidth : x + line.pitch / 2 + 0.06 * height * normal(random);
    const rise = isSmall ? between(random, -0.5, 0.5) * (line.height - height) : 0;
    const sinks = (old?.descends ?? 0) * line.height + (old ? (height - line.height) / 2 : 0);
    const at = {
      x: middle,
      y: heightAt(sheet, line, middle) + rise + sinks + NUMBER.rise * line.height * normal(random),
    };
    const box = this.#write(sheet, shapes, glyph, at, scale, random);
    sheet.digits.push({ label, box });
    const end = Math.max(left + 0.3 * halfWidth, Math.min(box.right, left + 2.4 * halfWidth));
    return { label, slant, end };
  }

  /** A digit's glyph; now and then of the one before once more, or of a 0. */
  #pick({ chance, glyphs }: Sheet, before: number, random: Random): number {
    const any = (): number => glyphs[Math.floor(random() * glyphs.length)] ?? this.#digits.pick(random);
    const { labels } = this.#digits;
    const kind = random();
    const wanted = kind < chance.repeated ? before : kind < chance.repeated + chance.zero ? 0 : -1;
    if (wanted < 0) return any();
    for (let tries = 1; tries < MOST_TRIES; tries++) {
      const glyph = any();
      if (labels[glyph] === wanted) return glyph;
    }
    return any();
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
      sheet.words.push({ box: this.#write(sheet, shapes, glyph, place, scale, random) });
      at = middle + halfWidth;
    }
    return at + line.height * between(random, 0.05, 0.6);
  }

  #write(
    { canvas, hand, slope }: Sheet,
    shapes: GlyphShapes,
    glyph: number,
    at: { x: number; y: number },
    scale: number,
    random: Random,
  ): InkBox {
    const style = pickStyle(hand, at, scale, this.#banks, random);
    const turned = { ...style, rotation: slope + NUMBER.turn * normal(random) };
    return drawGlyph(canvas, shapes, glyph, fitting(turned, shapes, glyph, random));
  }
}

function pickHeight(chance: NumberChances, random: Random): number {
  const { usual, deviation, range, huge } = NUMBER.height;
  if (random() < chance.huge) return within(random, huge);
  return Math.max(range[0], Math.min(range[1], usual * Math.exp(deviation * normal(random))));
}

/** Where a picture of numbers ends: close to its first line now and then, as strips are that were cut out. */
export function numberBounds({ size, chance, digits }: NumberScene, side: number, random: Random): Bounds {
  const whole = wholeCanvas(side);
  const isCropped = random() < chance.cropped;
  const [isLeft, isRight] = [random() < chance.croppedBeside, random() < chance.croppedBeside];
  const own = digits.filter(({ label }) => label < CLASS_COUNT);
  const away = (): number => size * (random() < 0.3 ? between(random, -0.06, 0.05) : between(random, 0, 0.7));
  if (own.length === 0) return whole;
  const middle = own[0]!.box;
  const line = own.filter(({ box }) => box.top < middle.bottom && box.bottom > middle.top);
  const edge = (pick: (box: InkBox) => number, isLeast: boolean): number =>
    line.reduce(
      (most, { box }) => (isLeast ? Math.min(most, pick(box)) : Math.max(most, pick(box))),
      pick(middle),
    );
  const low = (value: number): number => Math.max(0, Math.min(side - 12, Math.round(value)));
  const high = (value: number, from: number): number =>
    Math.min(side, Math.max(from + 12, Math.round(value)));
  const top = isCropped ? low(edge(({ top: at }) => at, true) - away()) : whole.top;
  const left = isLeft ? low(edge(({ left: at }) => at, true) - away()) : whole.left;
  return {
    top,
    left,
    bottom: isCropped ? high(edge(({ bottom }) => bottom, false) + away(), top) : whole.bottom,
    right: isRight ? high(edge(({ right }) => right, false) + away(), left) : whole.right,
  };
}
