import { between, normal, wholeBetween, type Random } from '../random.js';
import { drawByHand, drawEdge } from './marks/around.js';
import { pickTexture, type Banks } from './banks.js';
import { drawGlyph, type Canvas, type GlyphStyle, type InkBox } from './draw-glyph.js';
import type { GlyphShapes } from './glyph-shapes.js';
import { fitting, GLYPH_INK, pickStyle, stretched, type Hand } from './hand.js';
import { drawPrint, type Around } from './marks/print.js';
import { SCENE, within } from './ranges.js';
import { layersOfTexture, laySheet } from './sheet.js';

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
  /** Whether it is surely stretched to fill a box. */
  readonly isBoxed?: boolean;
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
    const { size: height, shapes } = subject;
    const settings = { clean: chance.clean, size: height, texture: layersOfTexture };
    const { isClean, paper, hand, print } = laySheet(canvas, settings, this.#banks, random);
    const glyph = shapes ? shapes.pick(random) : 0;
    const style = stretched(
      pickStyle(hand, subject, height / GLYPH_INK, this.#banks, random),
      shapes,
      glyph,
      subject.isBoxed === true,
      random,
    );
    const halfWidth = shapes ? shapes.halfWidths[glyph]! * style.scaleX : height * 0.3;
    const halfHeight = shapes ? shapes.halfHeights[glyph]! * style.scaleY : height * 0.5;
    const around: Around = { x: subject.x, y: subject.y, halfWidth, halfHeight, height };
    if (subject.hasMarks) drawPrint(canvas, around, print, random);
    const others: Written[] = [];
    if (subject.company !== 'none') this.#company(canvas, subject, around, hand, others, random);
    const written = shapes && {
      label: shapes.labels[glyph]!,
      box: writeSubject(canvas, shapes, glyph, fitting(style, shapes, glyph, random), paper, random),
    };
    if (second?.shapes) {
      const scale = second.size / GLYPH_INK;
      others.push(
        this.#write(canvas, second.shapes, second.shapes.pick(random), second, scale, hand, random),
      );
    }
    if (subject.hasMarks) drawByHand(canvas, around, hand, print, random);
    if (!isClean && random() < chance.edge) {
      drawEdge(canvas, around, paper, pickTexture(this.#banks, random), random);
    }
    return { subject: written, others, isClean };
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
    const style = pickStyle(hand, at, scale, this.#banks, random);
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
    const write = (place: (halfWidth: number, halfHeight: number) => { x: number; y: number }): void => {
      const shapes = isEqual && random() < 0.75 ? this.#digits : this.#others;
      const glyph = shapes.pick(random);
      const size = isEqual ? Math.exp(0.12 * normal(random)) : between(random, 0.25, 0.6);
      const scale = (size * around.height) / GLYPH_INK;
      const at = place(shapes.halfWidths[glyph]! * scale, shapes.halfHeights[glyph]! * scale);
      others.push(this.#write(canvas, shapes, glyph, at, scale, hand, random));
    };
    const gap = (): number => {
      const kind = random();
      const far = kind < chance.overlapping ? SCENE.overlap : kind < 0.6 ? SCENE.gap : SCENE.farGap;
      return around.height * within(random, far);
    };
    for (const direction of [-1, 1]) {
      if (random() < chance.beside) {
        write((halfWidth) => ({
          x: around.x + direction * (around.halfWidth + halfWidth + gap()),
          y: around.y + 0.08 * around.height * normal(random),
        }));
      }
      if (random() < chance.above) {
        write((_, halfHeight) => ({
          x: around.x + 0.4 * around.height * normal(random),
          y: around.y + direction * (around.halfHeight + halfHeight + gap()),
        }));
      }
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
}

/** Writes it in ink, or now and then presses it into the paper: light falls on one edge, and the other is dark. */
function writeSubject(
  canvas: Canvas,
  shapes: GlyphShapes,
  glyph: number,
  style: GlyphStyle,
  paper: number,
  random: Random,
): InkBox {
  if (random() >= chance.embossed) return drawGlyph(canvas, shapes, glyph, style);
  const angle = 2 * Math.PI * random();
  const far = within(random, SCENE.relief) * style.scaleY;
  const contrast = between(random, 0.15, 0.6);
  const draw = (way: number, ink: number): InkBox => {
    const [x, y] = [style.x + way * far * Math.cos(angle), style.y + way * far * Math.sin(angle)];
    return drawGlyph(canvas, shapes, glyph, { ...style, x, y, ink, opacity: 1, unevenness: 0 });
  };
  draw(-1, Math.min(1, paper + contrast * (1.1 - paper)));
  draw(1, paper * (1 - contrast));
  return draw(0, paper);
}
