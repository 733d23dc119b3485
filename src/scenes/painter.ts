import { OVERVIEW_SIDE, VIEW_SIDE } from '../image/view/sizes.js';
import { VIEW_FILL } from '../image/view/square.js';
import { standardize } from '../image/view/standardize.js';
import { NO_DIGIT } from '../model/contract.js';
import { between, normal, type Random } from '../random.js';
import { randomStream } from '../random-streams.js';
import { createBanks, type Banks } from './banks.js';
import type { Canvas } from './draw-glyph.js';
import { writeTargets, type Bounds } from './finder-targets.js';
import { GlyphShapes } from './glyph-shapes.js';
import { photograph } from './photograph.js';
import { SceneWriter, type Scene, type Subject } from './scene.js';
import type { SceneGlyphs } from './types.js';

/** Draws what the reader and the finder learn from. */
export interface ScenePainter {
  /**
   * A view, as the finder cuts it out: `VIEW_SIDE x VIEW_SIDE` levels, standardised.
   * @returns 0-9, or 10 where it shows no digit, or no whole one
   */
  drawView(random: Random, levels: Uint8Array): number;
  /**
   * A whole picture, `OVERVIEW_SIDE x OVERVIEW_SIDE` levels, standardised.
   * @param targets what the finder is to answer, as `FINDER` lays it out
   * @param weights how much each value counts
   */
  drawOverview(random: Random, levels: Uint8Array, targets: Float32Array, weights: Float32Array): void;
}

export function createScenePainter(glyphs: SceneGlyphs): ScenePainter {
  return new Painter(glyphs);
}

/** How often a view is not centred on its digit. */
const OFF_CHANCE = 0.1;

class Painter implements ScenePainter {
  readonly #digits: GlyphShapes;
  readonly #others: GlyphShapes;
  readonly #banks: Banks;
  readonly #writer: SceneWriter;
  readonly #view: Canvas = { side: VIEW_SIDE, levels: new Float32Array(VIEW_SIDE ** 2) };
  readonly #overview: Canvas = { side: OVERVIEW_SIDE, levels: new Float32Array(OVERVIEW_SIDE ** 2) };
  readonly #scratch = new Float32Array(OVERVIEW_SIDE ** 2);

  constructor({ digits, others }: SceneGlyphs) {
    this.#digits = new GlyphShapes(digits);
    this.#others = new GlyphShapes(others);
    this.#banks = createBanks(randomStream('sceneBanks'), digits.side);
    this.#writer = new SceneWriter(this.#digits, this.#others, this.#banks);
  }

  drawView(random: Random, levels: Uint8Array): number {
    const kind = random();
    const isDigit = kind < 0.8;
    const side = VIEW_SIDE;
    // Now and then the finder saw a part of the digit alone, or some of what is beside it as well.
    const isOff = random() < OFF_CHANCE;
    const zoom = isOff
      ? between(random, 0.85, 1.25)
      : Math.exp(Math.max(-0.5, Math.min(0.36, 0.2 * normal(random))));
    const size = side * VIEW_FILL * zoom;
    const off = (): number => (isOff ? 0.11 : 0.055) * side * normal(random);
    const place = { x: side / 2 + off(), y: side / 2 + off(), size };
    if (isDigit || kind < 0.89) {
      const shapes = isDigit ? this.#digits : this.#others;
      const company = random() < (isOff ? 0.2 : 0.55) ? 'equal' : 'none';
      const hasMarks = random() < 0.7;
      const scene = this.#paint(this.#view, { shapes, ...place, company, hasMarks }, random);
      this.#finish(this.#view, levels, this.#viewBounds(scene, random));
      return scene.subject?.label ?? NO_DIGIT;
    }
    this.#drawNone(kind, place, random, levels);
    return NO_DIGIT;
  }

  /** A view without a digit in its middle: paper and what is printed on it, a piece of one, or the gap between two. */
  #drawNone(
    kind: number,
    place: { x: number; y: number; size: number },
    random: Random,
    levels: Uint8Array,
  ): void {
    const side = VIEW_SIDE;
    const hasMarks = random() < 0.8;
    let subject: Subject = { shapes: null, ...place, company: 'none', hasMarks };
    if (kind >= 0.975) {
      // The gap between two that are as large: either may be read, and neither is what the view is of.
      const apart = place.size * between(random, 0.42, 0.6);
      const at = { y: place.y, size: place.size * between(random, 0.7, 1), company: 'none' } as const;
      const left = { ...at, shapes: this.#digits, x: side / 2 - apart, hasMarks };
      this.#paint(this.#view, left, random, {
        ...at,
        shapes: this.#digits,
        x: side / 2 + apart,
        hasMarks: false,
      });
      this.#finish(this.#view, levels, whole(side));
      return;
    }
    if (kind >= 0.93) {
      // So far from the middle that less than half of it is to be seen, or so small that it is not what the view is of.
      const angle = 2 * Math.PI * random();
      const far = place.size * between(random, 0.62, 1.1) + 0.1 * side;
      const x = side / 2 + far * Math.cos(angle);
      const y = side / 2 + far * Math.sin(angle);
      subject = {
        shapes: random() < 0.7 ? this.#digits : this.#others,
        x,
        y,
        size: place.size,
        company: 'none',
        hasMarks,
      };
    }
    const scene = this.#paint(this.#view, subject, random);
    this.#finish(this.#view, levels, random() < 0.5 ? this.#viewBounds(scene, random) : whole(side));
  }

  drawOverview(random: Random, levels: Uint8Array, targets: Float32Array, weights: Float32Array): void {
    const bounds = this.#overviewBounds(random);
    const [width, height] = [bounds.right - bounds.left, bounds.bottom - bounds.top];
    const shorter = Math.min(width, height);
    const kind = random();
    const hasMarks = random() < 0.7;
    let subject: Subject;
    if (kind < 0.5) {
      const size = shorter * between(random, 0.5, 1.06);
      const off = (room: number): number =>
        Math.max(-0.04 * size, (room - size) / 2) * between(random, -1, 1);
      subject = {
        shapes: this.#digits,
        x: (bounds.left + bounds.right) / 2 + off(width),
        y: (bounds.top + bounds.bottom) / 2 + off(height),
        size,
        company: random() < 0.45 ? 'equal' : 'none',
        hasMarks,
      };
    } else {
      const size =
        kind < 0.7 ? shorter * between(random, 0.25, 0.55) : Math.max(6, shorter * 0.07 * 4 ** random());
      const within = (low: number, high: number): number =>
        between(random, low + size / 2, Math.max(low + size / 2, high - size / 2));
      subject = {
        shapes: kind < 0.9 ? this.#digits : random() < 0.5 ? this.#others : null,
        x: within(bounds.left, bounds.right),
        y: within(bounds.top, bounds.bottom),
        size,
        company: random() < 0.3 ? 'smaller' : 'none',
        hasMarks,
      };
    }
    const scene = this.#paint(this.#overview, subject, random);
    this.#finish(this.#overview, levels, bounds);
    writeTargets(scene, bounds, targets, weights);
  }

  #paint(canvas: Canvas, subject: Subject, random: Random, second: Subject | null = null): Scene {
    const scene = this.#writer.write(canvas, subject, second, random);
    photograph(canvas, { size: subject.size, isClean: scene.isClean }, this.#banks, this.#scratch, random);
    return scene;
  }

  /** Where a picture ends, in a view: near the digit on some sides, within it by a hair now and then. */
  #viewBounds({ subject }: Scene, random: Random): Bounds {
    const side = VIEW_SIDE;
    const box = subject?.box;
    if (!box || box.right <= box.left || random() < 0.45) return whole(side);
    const isTight = random() < 0.4;
    const size = Math.max(box.right - box.left, box.bottom - box.top);
    const away = (): number => {
      if (!isTight && random() < 0.4) return side;
      return size * (random() < 0.35 ? between(random, -0.05, 0.04) : between(random, 0, 0.3));
    };
    return {
      left: Math.max(0, Math.round(box.left - away())),
      top: Math.max(0, Math.round(box.top - away())),
      right: Math.min(side, Math.round(box.right + away())),
      bottom: Math.min(side, Math.round(box.bottom + away())),
    };
  }

  /** The shape of a picture, whose longer side is the overview's. */
  #overviewBounds(random: Random): Bounds {
    const side = OVERVIEW_SIDE;
    const kind = random();
    if (kind < 0.4) return whole(side);
    const ratio = Math.exp(kind < 0.94 ? -Math.abs(0.35 * normal(random)) : -2.2 * random());
    const short = Math.max(8, Math.round(side * ratio));
    const from = Math.floor((side - short) / 2);
    return random() < 0.6
      ? { left: from, top: 0, right: from + short, bottom: side }
      : { left: 0, top: from, right: side, bottom: from + short };
  }

  #finish(canvas: Canvas, levels: Uint8Array, bounds: Bounds): void {
    repeatEdges(canvas, bounds);
    standardize(canvas.levels, levels);
  }
}

function whole(side: number): Bounds {
  return { left: 0, top: 0, right: side, bottom: side };
}

function repeatEdges({ side, levels }: Canvas, { left, top, right, bottom }: Bounds): void {
  if (left === 0 && top === 0 && right === side && bottom === side) return;
  for (let y = 0; y < side; y++) {
    const row = Math.max(top, Math.min(bottom - 1, y)) * side;
    for (let x = 0; x < side; x++) {
      const own = row + Math.max(left, Math.min(right - 1, x));
      if (x >= left && x < right) {
        if (y < top || y >= bottom) levels[y * side + x] = levels[own]!;
      } else if (y >= top && y < bottom) levels[y * side + x] = levels[own]!;
    }
  }
  for (let y = 0; y < side; y++) {
    if (y >= top && y < bottom) continue;
    const row = (y < top ? top : bottom - 1) * side;
    levels.copyWithin(y * side, row, row + side);
  }
}
