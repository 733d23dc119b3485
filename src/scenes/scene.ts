import { between, normal, wholeBetween, type Random } from '../random.js';
import { TILE_SIDE, type Banks } from './banks.js';
import { drawGlyph, type Canvas, type GlyphStyle, type InkBox } from './draw-glyph.js';
import type { GlyphShapes } from './glyph-shapes.js';
import * as marks from './marks.js';
import { SCENE, type Range } from './ranges.js';

/** What a scene is to show, in pixels of the canvas. */
export interface Subject {
  /** The characters that its own is drawn from; `null` for a scene without one. */
  readonly shapes: GlyphShapes | null;
  /** The middle of its box, and the box's longer side. */
  readonly x: number;
  readonly y: number;
  readonly size: number;
  /** What else may be there: characters that are as large, or only smaller and other ones, or none. */
  readonly company: 'equal' | 'smaller' | 'none';
  /** Whether rules, cells, rings and such may be there. */
  readonly hasMarks: boolean;
}

/** A character in a scene. */
export interface Written {
  /** 0-9, or 10 for a non-digit. */
  readonly label: number;
  readonly box: InkBox;
}

/** What a scene shows, before light and camera. */
export interface Scene {
  /** Its subject, where it has one, and what else was written. */
  readonly subject: Written | null;
  readonly others: readonly Written[];
  /** Whether it is a clean picture: of a drawing program, or a scan. */
  readonly isClean: boolean;
}

const { chance } = SCENE;

/** Pixels along the ink of a glyph, of the 48 of its mask. */
const GLYPH_INK = 40;

/** Pixels along the least digit that may be faint. */
const FAINT_SIZE = 20;

function from(random: Random, [low, high]: Range): number {
  return between(random, low, high);
}

/** Writes on paper: everything of a scene that lies in the world, in the order in which it came to be. */
export class SceneWriter {
  readonly #digits: GlyphShapes;
  readonly #others: GlyphShapes;
  readonly #banks: Banks;

  constructor(digits: GlyphShapes, others: GlyphShapes, banks: Banks) {
    this.#digits = digits;
    this.#others = others;
    this.#banks = banks;
  }

  /** @param second one more that is written by the same hand, on the same sheet */
  write(canvas: Canvas, subject: Subject, second: Subject | null, random: Random): Scene {
    const isClean = random() < chance.clean;
    const paper = random() < 0.2 ? 1 : 1 - (1 - from(random, SCENE.paper)) * random();
    canvas.levels.fill(paper);
    if (!isClean && random() < chance.texture) this.#texture(canvas, random);
    const hand = this.#hand(paper, isClean || subject.size < FAINT_SIZE, random);
    const print = this.#print(paper, random);
    const { size: height, shapes } = subject;
    const glyph = shapes ? shapes.pick(random) : 0;
    const style = stretched(this.#style(hand, subject, height / GLYPH_INK, random), shapes, glyph, random);
    const halfWidth = shapes ? shapes.halfWidths[glyph]! * style.scaleX : height * 0.3;
    const halfHeight = shapes ? shapes.halfHeights[glyph]! * style.scaleY : height * 0.5;
    const around: Around = { x: subject.x, y: subject.y, halfWidth, halfHeight, height };
    if (subject.hasMarks) this.#marksBelow(canvas, around, print, random);
    const others: Written[] = [];
    if (subject.company !== 'none') this.#company(canvas, subject, around, hand, others, random);
    const written = shapes && {
      label: shapes.labels[glyph]!,
      box: drawGlyph(canvas, shapes, glyph, fitting(style, shapes, glyph, random)),
    };
    if (second?.shapes) {
      const scale = second.size / GLYPH_INK;
      others.push(
        this.#write(canvas, second.shapes, second.shapes.pick(random), second, scale, hand, random),
      );
    }
    if (subject.hasMarks) this.#marksAbove(canvas, around, hand, print, random);
    if (!isClean && random() < chance.edge) this.#edge(canvas, around, paper, random);
    return { subject: written, others, isClean };
  }

  #texture(canvas: Canvas, random: Random): void {
    const layers = wholeBetween(random, 1, 2);
    for (let layer = 0; layer < layers; layer++) {
      const tile = this.#tile(random);
      const strength = from(random, SCENE.texture) * random();
      const [x0, y0] = [wholeBetween(random, 0, TILE_SIDE - 1), wholeBetween(random, 0, TILE_SIDE - 1)];
      const { side, levels } = canvas;
      for (let y = 0; y < side; y++) {
        const row = ((y + y0) & (TILE_SIDE - 1)) * TILE_SIDE;
        for (let x = 0; x < side; x++)
          levels[y * side + x]! += strength * tile[row + ((x + x0) & (TILE_SIDE - 1))]!;
      }
    }
  }

  #tile(random: Random): Float32Array {
    return this.#banks.textures[Math.floor(random() * this.#banks.textures.length)]!;
  }

  /** The pen of a scene, and what its ink is like. */
  #hand(paper: number, isPlain: boolean, random: Random): Hand {
    const contrast =
      random() < chance.faint && !isPlain
        ? from(random, SCENE.faintContrast)
        : from(random, SCENE.contrast) ** (random() < 0.5 ? 0.5 : 1);
    return {
      ink: paper * (1 - contrast),
      opacity: between(random, 0.75, 1),
      radius: from(random, SCENE.strokeRadius),
      keepsOwnWidth: random() < 0.25,
      softness: from(random, SCENE.softness),
      unevenness: random() < chance.uneven ? between(random, 0.08, 0.45) : 0,
      texture: this.#tile(random),
      outline: random() < chance.hollow ? between(random, 0.45, 0.9) : 0,
      dashes: random() < chance.dashes ? between(random, 4.5, 9) : 0,
      dots: random() < chance.dots ? between(random, 3, 5.5) : 0,
      shear: SCENE.shear * normal(random),
    };
  }

  /** Printed lines are often fainter than what is written, in a colour of their own. */
  #print(paper: number, random: Random): marks.Ink {
    const isLight = random() < 0.06;
    const level = isLight ? Math.min(1, paper + between(random, 0.1, 0.5)) : paper * between(random, 0, 0.75);
    return { level, opacity: between(random, 0.25, 1) };
  }

  #style(
    hand: Hand,
    { x, y }: { x: number; y: number },
    scale: number,
    random: Random,
  ): GlyphStyle & { hand: Hand } {
    const aspect = SCENE.aspect * normal(random);
    const isBent = random() < chance.bent;
    const { fields } = this.#banks;
    const field = (): Float32Array => fields[Math.floor(random() * fields.length)]!;
    const turn = random() < chance.strongTurn ? SCENE.strongTurn : SCENE.turn;
    return {
      hand,
      x,
      y,
      scaleX: scale * Math.exp(aspect / 2),
      scaleY: scale * Math.exp(-aspect / 2),
      rotation: turn * normal(random),
      shear: hand.shear + 0.05 * normal(random),
      grow: 0,
      softness: hand.softness,
      outline: hand.outline,
      dashes: hand.dashes,
      dots: hand.dots,
      bend: isBent ? from(random, SCENE.bend) : 0,
      bendX: field(),
      bendY: field(),
      ink: hand.ink,
      opacity: hand.opacity,
      unevenness: hand.unevenness,
      texture: hand.texture,
    };
  }

  #write(
    canvas: Canvas,
    shapes: GlyphShapes,
    glyph: number,
    at: { x: number; y: number },
    scale: number,
    hand: Hand,
    random: Random,
  ): Written {
    const style = this.#style(hand, at, scale, random);
    return {
      label: shapes.labels[glyph]!,
      box: drawGlyph(canvas, shapes, glyph, fitting(style, shapes, glyph, random)),
    };
  }

  #company(
    canvas: Canvas,
    subject: Subject,
    around: Around,
    hand: Hand,
    others: Written[],
    random: Random,
  ): void {
    const isEqual = subject.company === 'equal';
    const beside = (direction: number): void => {
      const isDigit = isEqual && random() < 0.75;
      const shapes = isDigit ? this.#digits : this.#others;
      const glyph = shapes.pick(random);
      const scale =
        (around.height / GLYPH_INK) *
        (isEqual ? Math.exp(0.12 * normal(random)) : between(random, 0.25, 0.6));
      const gap = around.height * (random() < 0.65 ? from(random, SCENE.gap) : from(random, SCENE.farGap));
      const x = around.x + direction * (around.halfWidth + shapes.halfWidths[glyph]! * scale + gap);
      const y = around.y + 0.08 * around.height * normal(random);
      others.push(this.#write(canvas, shapes, glyph, { x, y }, scale, hand, random));
    };
    if (random() < chance.beside) beside(-1);
    if (random() < chance.beside) beside(1);
    for (const direction of [-1, 1]) {
      if (random() >= chance.above) continue;
      const isDigit = isEqual && random() < 0.7;
      const shapes = isDigit ? this.#digits : this.#others;
      const glyph = shapes.pick(random);
      const scale =
        (around.height / GLYPH_INK) *
        (isEqual ? Math.exp(0.12 * normal(random)) : between(random, 0.25, 0.6));
      const gap = around.height * from(random, random() < 0.5 ? SCENE.gap : SCENE.farGap);
      const y = around.y + direction * (around.halfHeight + shapes.halfHeights[glyph]! * scale + gap);
      const x = around.x + 0.4 * around.height * normal(random);
      others.push(this.#write(canvas, shapes, glyph, { x, y }, scale, hand, random));
    }
    if (random() < chance.label) this.#label(canvas, around, hand, random);
  }

  /** A word of small characters near it. */
  #label(canvas: Canvas, around: Around, hand: Hand, random: Random): void {
    const count = wholeBetween(random, 1, 7);
    const height = around.height * between(random, 0.1, 0.35);
    const scale = height / GLYPH_INK;
    const direction = random() < 0.5 ? -1 : 1;
    const y = around.y + direction * (around.halfHeight + height * between(random, 0.6, 1.6));
    let x = around.x + around.height * between(random, -1, 0.3);
    const print: Hand = {
      ...hand,
      ink: hand.ink * between(random, 0.5, 1.3),
      outline: 0,
      dashes: 0,
      dots: 0,
    };
    for (let i = 0; i < count; i++) {
      const shapes = random() < 0.3 ? this.#digits : this.#others;
      this.#write(canvas, shapes, shapes.pick(random), { x, y }, scale, print, random);
      x += height * between(random, 0.7, 1);
    }
  }

  #marksBelow(canvas: Canvas, around: Around, print: marks.Ink, random: Random): void {
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
      if (random() < 0.5)
        marks.drawRules(canvas, { ...rules(Math.PI * random(), period, 0), ...swung }, faint);
    }
    if (random() < chance.cell) this.#cell(canvas, around, print, random);
    if (random() < chance.comb) this.#comb(canvas, around, print, random);
    if (random() < chance.margin) {
      const at = x + (random() < 0.5 ? -1 : 1) * (around.halfWidth + height * between(random, 0.02, 0.7));
      const lean = canvas.side * tilt;
      const line = [at - lean, -1, at + lean, canvas.side + 1] as const;
      marks.drawLine(canvas, line, halfWidth * between(random, 1, 2), print);
      if (random() < 0.3)
        marks.drawLine(
          canvas,
          line.map((v, i) => (i % 2 === 0 ? v + 4 * halfWidth + 1 : v)) as never,
          halfWidth,
          print,
        );
    }
  }

  /** A box around it, some of its sides missing, each a little askew; or the frame of a table that goes on. */
  #cell(
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
  #comb(
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

  #marksAbove(canvas: Canvas, around: Around, hand: Hand, print: marks.Ink, random: Random): void {
    const { x, y, halfWidth, halfHeight, height } = around;
    const ink = { level: hand.ink, opacity: hand.opacity };
    const line = (height / GLYPH_INK) * hand.radius * between(random, 0.5, 1.1);
    if (random() < chance.ring) {
      const radius = Math.hypot(halfWidth, halfHeight) * between(random, 0.95, 1.45);
      marks.drawRing(
        canvas,
        {
          x: x + 0.05 * height * normal(random),
          y: y + 0.05 * height * normal(random),
          radius,
          aspect: between(random, 0.8, 1.25),
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
  #edge(canvas: Canvas, around: Around, paper: number, random: Random): void {
    const count = random() < 0.5 ? 1 : wholeBetween(random, 2, 4);
    const table = random() < 0.65 ? between(random, 0, 0.8 * paper) : between(random, 0, 1);
    const tile = this.#tile(random);
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
}

/** The character that a scene is about, as what is drawn around it sees it. */
interface Around {
  readonly x: number;
  readonly y: number;
  readonly halfWidth: number;
  readonly halfHeight: number;
  /** Its longer side. */
  readonly height: number;
}

/** What all characters of a scene have in common; lengths in pixels of a glyph. */
interface Hand {
  readonly ink: number;
  readonly opacity: number;
  /** Half the width of strokes, unless glyphs keep their own. */
  readonly radius: number;
  readonly keepsOwnWidth: boolean;
  readonly softness: number;
  readonly unevenness: number;
  readonly texture: Float32Array;
  readonly outline: number;
  readonly dashes: number;
  readonly dots: number;
  readonly shear: number;
}

/** Now and then a glyph as wide as the box that it was cropped to, its longer side as before. */
function stretched<T extends GlyphStyle>(
  style: T,
  shapes: GlyphShapes | null,
  glyph: number,
  random: Random,
): T {
  if (!shapes || random() >= chance.stretched) return style;
  const aspect = from(random, SCENE.stretchedAspect);
  const [width, height] = [2 * shapes.halfWidths[glyph]!, 2 * shapes.halfHeights[glyph]!];
  const scale = Math.max(style.scaleX, style.scaleY) * Math.max(width, height);
  const [tall, wide] = aspect < 1 ? [scale, scale * aspect] : [scale / aspect, scale];
  return { ...style, scaleX: wide / width, scaleY: tall / height, rotation: 0, shear: 0 };
}

/** How much of its width a stroke may lose, and how much it may grow, in pixels of a glyph: no loop closes. */
const MOST_THINNED = 0.6;
const MOST_GROWN = 1.9;

/** A style with the strokes of a glyph as wide as the hand's pen is. */
function fitting(
  { hand, ...style }: GlyphStyle & { hand: Hand },
  shapes: GlyphShapes,
  glyph: number,
  random: Random,
): GlyphStyle {
  const own = shapes.radii[glyph]!;
  // Gaps, dots and outlines need room.
  const wanted = hand.dots > 0 ? 0.75 * hand.dots : hand.outline > 0 ? Math.max(3, own + 1) : hand.radius;
  const most = hand.dots > 0 || hand.outline > 0 ? 2.5 : MOST_GROWN;
  const grow = hand.keepsOwnWidth && hand.dots === 0 && hand.outline === 0 ? 0 : wanted - own;
  return { ...style, grow: Math.max(-MOST_THINNED * own, Math.min(most, grow + 0.15 * normal(random))) };
}
