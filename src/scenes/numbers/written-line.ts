import { SEPARATORS } from '../../image/view/detector-cells.js';
import { between, wholeBetween, type Random } from '../../random.js';
import type { Canvas, InkBox } from '../draw-glyph.js';
import { GLYPH_INK, type Hand } from '../hand.js';
import { drawLine, type Ink } from '../marks/marks.js';
import { within, type Range } from '../ranges.js';
import type { Written } from '../scene.js';
import { NUMBER, type NumberChances } from './number-ranges.js';
import { drawSeparator, type SignPlace } from './separators.js';
import { drawBracket, drawOtherSign } from './number-signs.js';

/** Those that stand between digits; brackets stand around some. */
const BETWEEN = SEPARATORS.filter((mark) => mark !== '(' && mark !== ')').map((mark) =>
  SEPARATORS.indexOf(mark),
);

/** A separator in a scene. */
export interface WrittenSeparator {
  /** Its place in `SEPARATORS`. */
  readonly kind: number;
  readonly box: InkBox;
}

/** What all lines of a scene have in common. */
export interface Sheet {
  readonly canvas: Canvas;
  readonly chance: NumberChances;
  readonly hand: Hand;
  readonly print: Ink;
  /** Radians that lines rise or fall by. */
  readonly slope: number;
  readonly digits: Written[];
  readonly separators: WrittenSeparator[];
  readonly words: { box: InkBox }[];
  /** The glyphs that its digits are of; of all where it has none. */
  readonly glyphs: readonly number[];
}

/** One line: where its middle passes the middle of the canvas, the height of its digits, and how wide its gaps are. */
export interface Line {
  readonly y: number;
  readonly height: number;
  readonly gap: Range;
  /** Of what slanted neighbours leave between them, how much is used. */
  readonly interlock: number;
  /** How far 3, 4, 5, 7 and 9 go below the others, and how much higher they are. */
  readonly oldStyle: { readonly descends: number; readonly scale: number } | null;
  /** From one digit's middle to the next, where there are boxes. */
  readonly pitch: number | null;
  /** A separator of one kind behind each group of this many digits, as in dates and phone numbers, or none. */
  readonly groups: { readonly of: number; readonly kind: number } | null;
}

export function lineAt(
  { chance }: { readonly chance: NumberChances },
  y: number,
  height: number,
  random: Random,
): Line {
  const hasBoxes = random() < chance.pitch;
  const interlock = random() < chance.interlocked ? within(random, NUMBER.interlock) : 0;
  return {
    y,
    height,
    pitch: hasBoxes ? height * within(random, NUMBER.pitch) : null,
    // What is interlocked is no closer than its ink allows.
    gap: interlock > 0 ? NUMBER.gaps.interlocked : pickGap(chance, random),
    interlock,
    oldStyle:
      random() < chance.oldStyle
        ? { descends: within(random, NUMBER.descends), scale: within(random, NUMBER.descending) }
        : null,
    groups: random() < chance.groups ? { of: wholeBetween(random, 1, 4), kind: anyBetween(random) } : null,
  };
}

const GAPS = ['overlapping', 'close', 'apart', 'wide'] as const;

function pickGap(chance: NumberChances, random: Random): Range {
  const total = GAPS.reduce((sum, gap) => sum + chance[gap], 0);
  let left = random() * total;
  return NUMBER.gaps[GAPS.find((gap) => (left -= chance[gap]) < 0) ?? 'close'];
}

export function anyGap({ chance }: Sheet, random: Random): number {
  return within(random, pickGap(chance, random));
}

/** Where the middle of a line is. */
export function heightAt({ canvas, slope }: Sheet, { y }: Line, x: number): number {
  return y + Math.tan(slope) * (x - canvas.side / 2);
}

export function inkOf({ hand }: Sheet): Ink {
  return { level: hand.ink, opacity: hand.opacity };
}

export function placeOf(sheet: Sheet, line: Line, x: number, random: Random): SignPlace {
  const { height } = line;
  const halfWidth = Math.max(0.5, (height / GLYPH_INK) * sheet.hand.radius * between(random, 0.7, 1.2));
  return { x, y: heightAt(sheet, line, x), height, halfWidth };
}

function anyBetween(random: Random): number {
  return BETWEEN[Math.floor(random() * BETWEEN.length)] ?? 0;
}

/** @returns where the separator ends */
export function separate(
  sheet: Sheet,
  line: Line,
  x: number,
  random: Random,
  kind = anyBetween(random),
): number {
  const from = x + line.height * between(random, -0.08, 0.25);
  const place = placeOf(sheet, line, from, random);
  const box = drawSeparator(sheet.canvas, kind, place, inkOf(sheet), random);
  sheet.separators.push({ kind, box });
  // A slash leans over what follows.
  return box.right + line.height * between(random, SEPARATORS[kind] === '/' ? -0.25 : -0.05, 0.2);
}

/** @returns where the bracket ends */
export function bracket(sheet: Sheet, line: Line, isOpen: boolean, x: number, random: Random): number {
  const place = placeOf(sheet, line, x + line.height * between(random, -0.05, 0.2), random);
  const box = drawBracket(sheet.canvas, isOpen, place, inkOf(sheet), random);
  sheet.separators.push({ kind: SEPARATORS.indexOf(isOpen ? '(' : ')'), box });
  return box.right + line.height * between(random, -0.12, 0.15);
}

/** Boxes or a comb for the digits of a line, from `x` on. */
export function drawBoxes(
  { canvas, chance, print }: Sheet,
  { y, height, pitch }: Line,
  x: number,
  random: Random,
): void {
  if (pitch === null) return;
  const halfWidth = height * between(random, 0.01, 0.05);
  const [top, bottom] = [y - height * between(random, 0.5, 0.95), y + height * between(random, 0.48, 0.9)];
  const [hasUpright, hasTop, hasBottom] = [chance.upright, chance.level, chance.level].map(
    (share) => random() < share,
  );
  const teeth = random() < 0.4 ? bottom - height * between(random, 0.15, 0.5) : top;
  const end = hasUpright ? canvas.side + pitch : x;
  for (let at = x; at < end; at += pitch) drawLine(canvas, [at, teeth, at, bottom], halfWidth, print);
  if (hasTop) drawLine(canvas, [x, top, 2 * canvas.side, top], halfWidth, print);
  if (hasBottom) drawLine(canvas, [x, bottom, 2 * canvas.side, bottom], halfWidth, print);
}

/** A sign that is no digit. @returns where it ends */
export function otherSign(sheet: Sheet, line: Line, x: number, random: Random): number {
  const place = placeOf(sheet, line, x + line.height * between(random, 0, 0.2), random);
  const box = drawOtherSign(sheet.canvas, place, inkOf(sheet), random);
  sheet.words.push({ box });
  return box.right + line.height * between(random, 0, 0.2);
}
