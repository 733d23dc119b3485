import type { Plane } from '../image/plane.js';
import { CLOSE_UP_SIDE, OVERVIEW_SIDE, THUMBNAIL_SIDE, VIEW_SIDE } from '../image/view/sizes.js';
import { squareOfDigit, VIEW_FILL } from '../image/view/square.js';
import { resample } from '../image/view/resample.js';
import { standardize } from '../image/view/standardize.js';
import { NO_DIGIT, type GridShown } from '../model/contract.js';
import { between, normal, type Random } from '../random.js';
import { randomStream } from '../random-streams.js';
import { createBanks, type Banks } from './banks.js';
import type { Canvas } from './draw-glyph.js';
import { writeDetectorTargets } from './numbers/detector-targets.js';
import { writeTargets, type Bounds } from './finder-targets.js';
import { GlyphShapes } from './glyph-shapes.js';
import { numberBounds } from './numbers/number-bounds.js';
import { NumberWriter, type NumberScene } from './numbers/number-writer.js';
import { pickPlace } from './numbers/pick-place.js';
import { photograph } from './photograph.js';
import { SceneWriter, type Scene, type Subject } from './scene.js';
import type { SceneGlyphs } from './types.js';
import {
  croppedBounds,
  croppedSubject,
  fills,
  wholeBounds,
  wholeCanvas,
  wholeSubject,
} from './whole-picture.js';

/** What readers are shown. */
export type ReaderShown = 'view' | 'thumbnail' | 'place';

/** A picture for a network that answers in cells, laid out as its grid (`GRIDS`). */
export interface GridSample {
  /** `[side, side]` */
  readonly levels: Uint8Array;
  /** What it is to answer, and how much each value counts. */
  readonly targets: Float32Array;
  readonly weights: Float32Array;
}

/** Draws what readers, the finder and the detector learn from. */
export interface ScenePainter {
  /**
   * What a reader is shown, standardised.
   * @param shown a view, as the finder cuts it out, `VIEW_SIDE x VIEW_SIDE` levels; or a whole small picture,
   * `THUMBNAIL_SIDE x THUMBNAIL_SIDE` levels; or a place in a number, cut out as a view
   * @returns 0-9, or 10 where it shows no digit, or no whole one; or, in a whole picture, none that fills it
   */
  drawToRead(shown: ReaderShown, random: Random, levels: Uint8Array): number;
  /**
   * What a network is shown that says where digits are, standardised: a whole picture for the finder, a part of a
   * picture with numbers for the detector.
   */
  drawToFind(shown: GridShown, random: Random, sample: GridSample): void;
}

export function createScenePainter(glyphs: SceneGlyphs): ScenePainter {
  return new Painter(glyphs);
}

/** How often a view is not centred on its digit. */
const OFF_CHANCE = 0.1;

/** How many whole pictures are cropped to their digit: small ones are often files of a data set, made that way. */
const TIGHT_OVERVIEWS = 0.1;
const TIGHT_THUMBNAILS = 0.25;

/** Pixels along the pictures that places are cut out of, and their digits' size against those of close-ups. */
const SHEET_SIDE = 112;
const PLACE_SCALE = 1.45;

class Painter implements ScenePainter {
  readonly #digits: GlyphShapes;
  readonly #others: GlyphShapes;
  readonly #banks: Banks;
  readonly #writer: SceneWriter;
  readonly #numbers: NumberWriter;
  readonly #view: Canvas = { side: VIEW_SIDE, levels: new Float32Array(VIEW_SIDE ** 2) };
  readonly #overview: Canvas = { side: OVERVIEW_SIDE, levels: new Float32Array(OVERVIEW_SIDE ** 2) };
  readonly #closeUp: Canvas = { side: CLOSE_UP_SIDE, levels: new Float32Array(CLOSE_UP_SIDE ** 2) };
  readonly #thumbnail = new Float32Array(THUMBNAIL_SIDE ** 2);
  readonly #sheet: Canvas = { side: SHEET_SIDE, levels: new Float32Array(SHEET_SIDE ** 2) };
  readonly #place = new Float32Array(VIEW_SIDE ** 2);
  readonly #scratch = new Float32Array(SHEET_SIDE ** 2);

  constructor({ digits, others }: SceneGlyphs) {
    this.#digits = new GlyphShapes(digits);
    this.#others = new GlyphShapes(others);
    this.#banks = createBanks(randomStream('sceneBanks'), digits.side);
    this.#writer = new SceneWriter(this.#digits, this.#others, this.#banks);
    this.#numbers = new NumberWriter(this.#digits, this.#others, this.#banks);
  }

  drawToRead(shown: ReaderShown, random: Random, levels: Uint8Array): number {
    if (shown === 'view') return this.#drawView(random, levels);
    return shown === 'place' ? this.#drawPlace(random, levels) : this.#drawThumbnail(random, levels);
  }

  #drawView(random: Random, levels: Uint8Array): number {
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
      this.#finish(this.#view, levels, wholeCanvas(side));
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
    this.#finish(this.#view, levels, random() < 0.5 ? this.#viewBounds(scene, random) : wholeCanvas(side));
  }

  drawToFind(shown: GridShown, random: Random, { levels, targets, weights }: GridSample): void {
    if (shown === 'overview') {
      const { scene, bounds } = this.#drawWhole(this.#overview, TIGHT_OVERVIEWS, random);
      this.#finish(this.#overview, levels, bounds);
      writeTargets(scene, bounds, targets, weights);
    } else {
      const canvas = this.#closeUp;
      const { scene, bounds } = this.#drawNumbers(canvas, 1, random);
      this.#finish(canvas, levels, bounds);
      writeDetectorTargets(scene, bounds, { targets, weights });
    }
  }

  #drawNumbers(canvas: Canvas, scale: number, random: Random): { scene: NumberScene; bounds: Bounds } {
    const scene = this.#numbers.write(canvas, random, scale);
    const size = Math.min(scene.size, canvas.side);
    photograph(canvas, { size, isClean: scene.isClean }, this.#banks, this.#scratch, random);
    return { scene, bounds: numberBounds(scene, canvas.side, random) };
  }

  #drawPlace(random: Random, levels: Uint8Array): number {
    const { scene, bounds } = this.#drawNumbers(this.#sheet, PLACE_SCALE, random);
    const { box, label } = pickPlace(scene, bounds, random);
    const inPicture = { ...box, x: box.x - bounds.left, y: box.y - bounds.top };
    resample(croppedPlane(this.#sheet, bounds), squareOfDigit(inPicture), VIEW_SIDE, this.#place);
    standardize(this.#place, levels);
    return label;
  }

  #drawThumbnail(random: Random, levels: Uint8Array): number {
    const { scene, bounds } = this.#drawWhole(this.#view, TIGHT_THUMBNAILS, random);
    repeatEdges(this.#view, bounds);
    halve(this.#view, this.#thumbnail);
    standardize(this.#thumbnail, levels);
    const { subject } = scene;
    return subject && fills(subject.box, bounds) ? subject.label : NO_DIGIT;
  }

  /** A whole picture, and where it ends on the canvas. @param tight how many are cropped to their digit */
  #drawWhole(canvas: Canvas, tight: number, random: Random): { scene: Scene; bounds: Bounds } {
    if (random() < tight) {
      const scene = this.#paint(canvas, croppedSubject(this.#digits, canvas.side, random), random);
      return { scene, bounds: croppedBounds(scene, canvas.side, random) };
    }
    const bounds = wholeBounds(canvas.side, random);
    const subject = wholeSubject({ digits: this.#digits, others: this.#others }, bounds, random);
    return { scene: this.#paint(canvas, subject, random), bounds };
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
    if (!box || box.right <= box.left || random() < 0.45) return wholeCanvas(side);
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

  #finish(canvas: Canvas, levels: Uint8Array, bounds: Bounds): void {
    repeatEdges(canvas, bounds);
    standardize(canvas.levels, levels);
  }
}

/** Means of 2x2 pixels. @param half `[side / 2, side / 2]` */
function halve({ side, levels }: Canvas, half: Float32Array): void {
  for (let y = 0, to = 0; y < side; y += 2) {
    for (let x = 0; x < side; x += 2, to++) {
      const at = y * side + x;
      half[to] = (levels[at]! + levels[at + 1]! + levels[at + side]! + levels[at + side + 1]!) / 4;
    }
  }
}

/** The part of a canvas that a picture shows, as a file has it. */
function croppedPlane({ side, levels }: Canvas, { left, top, right, bottom }: Bounds): Plane {
  const [width, height] = [right - left, bottom - top];
  const data = new Uint8Array(width * height);
  for (let y = 0, to = 0; y < height; y++) {
    const from = (top + y) * side + left;
    for (let x = 0; x < width; x++, to++) data[to] = Math.round(255 * levels[from + x]!);
  }
  return { width, height, data };
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
