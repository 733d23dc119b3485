import { between, normal, type Random } from '../random.js';
import type { InkBox } from './draw-glyph.js';
import type { Bounds } from './finder-targets.js';
import type { GlyphShapes } from './glyph-shapes.js';
import type { Scene, Subject } from './scene.js';

/** What whole pictures are drawn of. */
export interface Shapes {
  readonly digits: GlyphShapes;
  readonly others: GlyphShapes;
}

/** All of a canvas. */
export function wholeCanvas(side: number): Bounds {
  return { left: 0, top: 0, right: side, bottom: side };
}

/** The shape of a picture whose longer side is that of the canvas. */
export function wholeBounds(side: number, random: Random): Bounds {
  const kind = random();
  if (kind < 0.4) return wholeCanvas(side);
  const ratio = Math.exp(kind < 0.94 ? -Math.abs(0.35 * normal(random)) : -2.2 * random());
  const short = Math.max(8, Math.round(side * ratio));
  const from = Math.floor((side - short) / 2);
  return random() < 0.6
    ? { left: from, top: 0, right: from + short, bottom: side }
    : { left: 0, top: from, right: side, bottom: from + short };
}

/** What a picture of that shape shows: mostly one digit that it is about, large or small, sometimes none. */
export function wholeSubject({ digits, others }: Shapes, bounds: Bounds, random: Random): Subject {
  const [width, height] = [bounds.right - bounds.left, bounds.bottom - bounds.top];
  const shorter = Math.min(width, height);
  const kind = random();
  const hasMarks = random() < 0.7;
  if (kind < 0.5) {
    const size = shorter * between(random, 0.5, 1.06);
    const off = (room: number): number => Math.max(-0.04 * size, (room - size) / 2) * between(random, -1, 1);
    return {
      shapes: digits,
      x: (bounds.left + bounds.right) / 2 + off(width),
      y: (bounds.top + bounds.bottom) / 2 + off(height),
      size,
      company: random() < 0.45 ? 'equal' : 'none',
      hasMarks,
    };
  }
  const size =
    kind < 0.7 ? shorter * between(random, 0.25, 0.55) : Math.max(6, shorter * 0.07 * 4 ** random());
  const within = (low: number, high: number): number =>
    between(random, low + size / 2, Math.max(low + size / 2, high - size / 2));
  return {
    shapes: kind < 0.9 ? digits : random() < 0.5 ? others : null,
    x: within(bounds.left, bounds.right),
    y: within(bounds.top, bounds.bottom),
    size,
    company: random() < 0.3 ? 'smaller' : 'none',
    hasMarks,
  };
}

/** The digit of a picture that is cropped to it: as long as the picture, now and then as wide, too. */
export function croppedSubject(digits: GlyphShapes, side: number, random: Random): Subject {
  return {
    shapes: digits,
    x: side / 2,
    y: side / 2,
    size: side * between(random, 0.92, 1.04),
    company: random() < 0.3 ? 'equal' : 'none',
    hasMarks: random() < 0.4,
    isBoxed: random() < 0.5,
  };
}

/** Where such a picture ends: along its longer side with the canvas, along the other one about where its digit does. */
export function croppedBounds({ subject }: Scene, side: number, random: Random): Bounds {
  const box = subject?.box;
  if (!box || box.right <= box.left || box.bottom <= box.top) return wholeCanvas(side);
  const [width, height] = [box.right - box.left, box.bottom - box.top];
  const ends = (low: number, high: number): readonly [number, number] => {
    const margin = (): number => side * between(random, -0.04, 0.06);
    const from = Math.max(0, Math.round(low - margin()));
    return [from, Math.min(side, Math.max(from + 8, Math.round(high + margin())))];
  };
  if (width < height) {
    const [left, right] = ends(box.left, box.right);
    return { left, right, top: 0, bottom: side };
  }
  const [top, bottom] = ends(box.top, box.bottom);
  return { left: 0, right: side, top, bottom };
}

/** The least share of a picture's longer side that a digit takes for the picture to be read as a thumbnail. */
const FILLING_SHARE = 0.4;

/** Whether a digit is large enough, and enough of it within its picture, that the picture is of it alone. */
export function fills(box: InkBox, bounds: Bounds): boolean {
  const [width, height] = [box.right - box.left, box.bottom - box.top];
  if (width <= 0 || height <= 0) return false;
  const seenWidth = Math.min(box.right, bounds.right) - Math.max(box.left, bounds.left);
  const seenHeight = Math.min(box.bottom, bounds.bottom) - Math.max(box.top, bounds.top);
  const seen = (Math.max(0, seenWidth) * Math.max(0, seenHeight)) / (width * height);
  const side = Math.max(bounds.right - bounds.left, bounds.bottom - bounds.top);
  return seen >= 0.75 && Math.max(width, height) >= FILLING_SHARE * side;
}
