import { between, normal, type Random } from '../../random.js';
import type { Canvas } from '../draw-glyph.js';
import * as marks from './marks.js';
import { SCENE } from '../ranges.js';

const { chance } = SCENE;

/** The character that a scene is about, as what is drawn around it sees it. */
export interface Around {
  readonly x: number;
  readonly y: number;
  readonly halfWidth: number;
  readonly halfHeight: number;
  /** Its longer side. */
  readonly height: number;
}

/** What is printed on the sheet, below what is written: rules, squares, dots, waves, cells, combs, margins. */
export function drawPrint(canvas: Canvas, around: Around, print: marks.Ink, random: Random): void {
  const { x, y, height } = around;
  const tilt = (random() < 0.7 ? 0.02 : 0.12) * normal(random);
  const halfWidth = height * between(random, 0.006, 0.04);
  const rules = (angle: number, period: number, through: number): marks.Rules => ({
    angle,
    x: x + through * Math.abs(Math.sin(angle)),
    y: y + through * Math.abs(Math.cos(angle)),
    period,
    halfWidth,
    swing: 0,
    swingLength: 1,
  });
  const quarter = Math.PI / 2;
  if (random() < chance.rules) {
    const period = height * between(random, 0.5, 2.2);
    const isUpright = random() < 0.15;
    const through = random() < 0.5 ? around.halfHeight + 0.05 * height * normal(random) : period * random();
    const angle = random() < 0.9 ? tilt + (isUpright ? quarter : 0) : Math.PI * random();
    marks.drawRules(canvas, rules(angle, period, through), print);
    if (random() < 0.1) {
      // Paper for those who learn to write: a pair of lines, or three.
      marks.drawRules(
        canvas,
        rules(angle, period, through - 0.5 * height * between(random, 0.3, 1.2)),
        print,
      );
    }
  }
  if (random() < chance.squares) {
    const period = height * between(random, 0.22, 1.6);
    const [alongX, alongY] = [period * random(), period * random()];
    marks.drawRules(canvas, rules(tilt, period, alongY), print);
    marks.drawRules(canvas, rules(tilt + quarter, period, alongX), print);
  }
  if (random() < chance.dotted) {
    const period = height * between(random, 0.25, 0.9);
    marks.drawDots(
      canvas,
      { ...rules(tilt, period, period * random()), halfWidth: height * between(random, 0.015, 0.06) },
      print,
    );
  }
  if (random() < chance.waves) {
    const period = height * between(random, 0.08, 0.4);
    const swung = {
      swing: period * between(random, 0.3, 2),
      swingLength: height * between(random, 0.4, 2),
    };
    const faint = { ...print, opacity: print.opacity * between(random, 0.2, 0.7) };
    marks.drawRules(canvas, { ...rules(Math.PI * random(), period, 0), ...swung }, faint);
    if (random() < 0.5) marks.drawRules(canvas, { ...rules(Math.PI * random(), period, 0), ...swung }, faint);
  }
  if (random() < chance.cell) drawCell(canvas, around, print, random);
  if (random() < chance.comb) drawComb(canvas, around, print, random);
  if (random() < chance.margin) {
    const at = x + (random() < 0.5 ? -1 : 1) * (around.halfWidth + height * between(random, 0.02, 0.7));
    const lean = canvas.side * tilt;
    const drawMargin = (right: number, width: number): void => {
      marks.drawLine(canvas, [at + right - lean, -1, at + right + lean, canvas.side + 1], width, print);
    };
    drawMargin(0, halfWidth * between(random, 1, 2));
    if (random() < 0.3) drawMargin(4 * halfWidth + 1, halfWidth);
  }
}

/** A box around it, some of its sides missing, each a little askew; or the frame of a table that goes on. */
function drawCell(
  canvas: Canvas,
  { x, y, halfWidth, halfHeight, height }: Around,
  print: marks.Ink,
  random: Random,
): void {
  const line = height * between(random, 0.01, 0.07);
  const away = (): number =>
    height * (random() < 0.25 ? between(random, -0.06, 0.05) : between(random, 0.05, 0.45));
  const [left, right] = [x - halfWidth - away(), x + halfWidth + away()];
  const [top, bottom] = [y - halfHeight - away(), y + halfHeight + away()];
  const goesOn = random() < 0.5 ? 2 * canvas.side : 0;
  const askew = (): number => 0.015 * height * normal(random);
  const sides = [
    [left - goesOn, top + askew(), right + goesOn, top + askew()],
    [left - goesOn, bottom + askew(), right + goesOn, bottom + askew()],
    [left + askew(), top - goesOn, left + askew(), bottom + goesOn],
    [right + askew(), top - goesOn, right + askew(), bottom + goesOn],
  ] as const;
  for (const side of sides) if (random() < chance.cellSide) marks.drawLine(canvas, side, line, print);
}

/** A line below with short upright ones, as forms have them. */
function drawComb(
  canvas: Canvas,
  { x, y, halfWidth, halfHeight, height }: Around,
  print: marks.Ink,
  random: Random,
): void {
  const line = height * between(random, 0.01, 0.05);
  const bottom = y + halfHeight + height * between(random, -0.05, 0.25);
  const width = 2 * halfWidth + height * between(random, 0.15, 0.6);
  const tooth = height * between(random, 0.15, 1.1);
  const first = x - width / 2 - width * 2 + 0.1 * height * normal(random);
  marks.drawLine(canvas, [-1, bottom, canvas.side + 1, bottom], line, print);
  for (let i = 0; i < 6; i++) {
    const at = first + i * width;
    marks.drawLine(canvas, [at, bottom, at, bottom - tooth], line, print);
  }
}
