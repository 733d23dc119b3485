import { between, normal, wholeBetween, type Random } from '../../random.js';
import type { Canvas, InkBox } from '../draw-glyph.js';
import { drawBlot, drawLine, type Ink } from '../marks/marks.js';

/** Where a sign is written: the middle of the line there, the height of its digits, and half the width of the pen. */
export interface SignPlace {
  readonly x: number;
  readonly y: number;
  readonly height: number;
  readonly halfWidth: number;
}

type Line = readonly [x0: number, y0: number, x1: number, y1: number];

/**
 * Writes a separator that follows `x`.
 * @param kind place in `SEPARATORS`
 * @returns the box of its ink
 */
export function drawSeparator(
  canvas: Canvas,
  kind: number,
  { x, y, height, halfWidth }: SignPlace,
  ink: Ink,
  random: Random,
): InkBox {
  const line = (ends: Line): InkBox => {
    drawLine(canvas, ends, halfWidth, ink);
    return boxOf(ends, halfWidth);
  };
  const base = y + height / 2;
  switch (kind) {
    case 0: {
      const from = base - height * between(random, -0.04, 0.12);
      if (random() < 0.45) {
        const radius = Math.max(0.8, halfWidth * between(random, 0.9, 1.5));
        drawBlot(canvas, { x: x + radius, y: from, radius, softness: 1 }, ink);
        return { left: x, top: from - radius, right: x + 2 * radius, bottom: from + radius };
      }
      const length = height * between(random, 0.1, 0.32);
      const lean = length * between(random, -0.1, 0.7);
      return line([x + lean, from - length * 0.3, x, from + length * 0.7]);
    }
    case 1: {
      const at = y + height * between(random, -0.15, 0.22);
      const length = height * between(random, 0.14, 0.55);
      return line([x, at, x + length, at + 0.22 * length * normal(random)]);
    }
    default: {
      const long = height * between(random, 0.9, 1.65);
      const middle = y + height * between(random, -0.05, 0.1);
      return line([x, middle + long / 2, x + long * between(random, 0.1, 0.75), middle - long / 2]);
    }
  }
}

/** Writes what stands behind numbers and is none: =, #, a long line. @returns where it ends */
export function drawTail(
  canvas: Canvas,
  { x, y, height, halfWidth }: SignPlace,
  ink: Ink,
  random: Random,
): number {
  const draw = (ends: Line): void => drawLine(canvas, ends, halfWidth, ink);
  const kind = random();
  if (kind < 0.4) {
    const right = x + height * between(random, 0.6, 4);
    const waves = wholeBetween(random, 1, 4);
    for (let i = 0; i < waves; i++) {
      const at = (part: number): number => x + ((right - x) * part) / waves;
      const up = (): number => y + height * between(random, -0.15, 0.25);
      draw([at(i), up(), at(i + 1), up()]);
    }
    return right;
  }
  if (kind < 0.7) {
    const right = x + height * between(random, 0.3, 0.7);
    const apart = height * between(random, 0.1, 0.25);
    for (const at of [y - apart, y + apart]) draw([x, at, right, at + 0.05 * height * (random() - 0.5)]);
    return right;
  }
  const [wide, tall] = [height * between(random, 0.45, 0.8), height * between(random, 0.35, 0.6)];
  for (const part of [0.3, 0.7]) {
    draw([x + wide * (part + 0.12), y - tall, x + wide * (part - 0.12), y + tall]);
    draw([x, y + tall * (2 * part - 1) * 0.7, x + wide, y + tall * (2 * part - 1) * 0.7]);
  }
  return x + wide;
}

function boxOf([x0, y0, x1, y1]: Line, halfWidth: number): InkBox {
  return {
    left: Math.min(x0, x1) - halfWidth,
    top: Math.min(y0, y1) - halfWidth,
    right: Math.max(x0, x1) + halfWidth,
    bottom: Math.max(y0, y1) + halfWidth,
  };
}
