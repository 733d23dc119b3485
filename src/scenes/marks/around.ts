import { between, normal, wholeBetween, type Random } from '../../random.js';
import { TILE_SIDE } from '../banks.js';
import type { Canvas } from '../draw-glyph.js';
import { GLYPH_INK, type Hand } from '../hand.js';
import * as marks from './marks.js';
import type { Around } from './print.js';
import { SCENE } from '../ranges.js';

const { chance } = SCENE;

/** What a hand draws around a digit: rings, lines below it, blots. */
export function drawByHand(
  canvas: Canvas,
  around: Around,
  hand: Hand,
  print: marks.Ink,
  random: Random,
): void {
  const { x, y, halfWidth, halfHeight, height } = around;
  const ink = { level: hand.ink, opacity: hand.opacity };
  const line = (height / GLYPH_INK) * hand.radius * between(random, 0.5, 1.1);
  if (random() < chance.ring) {
    // Round, or along the digit's box.
    const isSnug = random() < 0.5;
    const room = height * between(random, 0.06, 0.35);
    const radius = isSnug
      ? halfHeight + room
      : Math.hypot(halfWidth, halfHeight) * between(random, 0.95, 1.45);
    const aspect = isSnug ? (halfWidth + room) / radius : between(random, 0.8, 1.25);
    marks.drawRing(
      canvas,
      {
        x: x + 0.05 * height * normal(random),
        y: y + 0.05 * height * normal(random),
        radius,
        aspect,
        wobble: 0.08 * random(),
        phase: 2 * Math.PI * random(),
        halfWidth: line,
        power: random() < 0.75 ? 2 : between(random, 2.5, 6),
      },
      random() < 0.6 ? ink : print,
    );
  }
  if (random() < chance.underline) {
    const below = y + halfHeight + height * between(random, 0.03, 0.3);
    const reach = height * between(random, 0.2, 1);
    const slope = 0.05 * reach * normal(random);
    const times = random() < 0.2 ? 2 : 1;
    for (let i = 0; i < times; i++) {
      const at = below + i * height * 0.12;
      marks.drawLine(canvas, [x - reach, at - slope, x + reach, at + slope], line, ink);
    }
  }
  if (random() < chance.blot) {
    const count = wholeBetween(random, 1, 4);
    for (let i = 0; i < count; i++) {
      const blot = {
        x: canvas.side * random(),
        y: canvas.side * random(),
        radius: height * between(random, 0.01, 0.06),
        softness: 1 + 0.05 * height * random(),
      };
      marks.drawBlot(canvas, blot, random() < 0.5 ? ink : print);
    }
  }
}

/** The sheet ends, or another field begins: beyond a line beside it all is of another level. */
export function drawEdge(
  canvas: Canvas,
  around: Around,
  paper: number,
  tile: Float32Array,
  random: Random,
): void {
  const count = random() < 0.5 ? 1 : wholeBetween(random, 2, 4);
  const table = random() < 0.65 ? between(random, 0, 0.8 * paper) : between(random, 0, 1);
  const strength = 0.06 * random();
  const first = wholeBetween(random, 0, 3);
  const turn = 0.1 * normal(random);
  for (let i = 0; i < count; i++) {
    const angle = ((first + i) * Math.PI) / 2 + turn + 0.02 * normal(random);
    const isBeside = Math.abs(Math.cos(angle)) > Math.SQRT1_2;
    const away =
      (isBeside ? around.halfWidth : around.halfHeight) + around.height * between(random, 0.1, 0.8);
    marks.drawBeyond(
      canvas,
      {
        x: around.x + away * Math.cos(angle),
        y: around.y + away * Math.sin(angle),
        angle,
        softness: between(random, 0.8, 3),
      },
      (place) => table + strength * tile[place & (TILE_SIDE * TILE_SIDE - 1)]!,
    );
  }
}
