import { cellOf, encodeBox, FINDER, FINDER_PLANE, finderIndex } from '../image/view/finder-cells.js';
import { OVERVIEW_SIDE, VIEW_SIDE } from '../image/view/sizes.js';
import { standardize } from '../image/view/standardize.js';
import { NO_DIGIT } from '../model/contract.js';
import { between, normal, type Random } from '../random.js';
import { randomStream } from '../random-streams.js';
import { createBanks, type Banks } from './banks.js';
import type { Canvas, InkBox } from './draw-glyph.js';
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

/** The part of the canvas that the picture takes up; beyond it its edge is repeated. */
interface Bounds {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Share of a view that the longer side of a digit takes, as the finder cuts it out. */
const VIEW_FILL = 0.7;

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
    const size = side * VIEW_FILL * Math.exp(Math.max(-0.5, Math.min(0.36, 0.17 * normal(random))));
    const off = (): number => 0.045 * side * normal(random);
    const place = { x: side / 2 + off(), y: side / 2 + off(), size };
    if (isDigit || kind < 0.89) {
      const shapes = isDigit ? this.#digits : this.#others;
      const company = random() < 0.6 ? 'equal' : 'none';
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
        company: random() < 0.6 ? 'equal' : 'none',
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

/** How much of a digit's box must lie within the picture for it to be found, and from where on it may be. */
const FOUND_SHARE = 0.75;
const SEEN_SHARE = 0.2;

/** How far from the cell's border, in cells, the neighbour may as well be the one. */
const UNSURE = 0.12;

/** How much the numbers of a box count, beside one cell's yes or no. */
const BOX_WEIGHT = 4;

/** Writes what the finder is to answer about a scene. */
function writeTargets(
  { subject, others }: Scene,
  bounds: Bounds,
  targets: Float32Array,
  weights: Float32Array,
): void {
  const cells = FINDER.cells ** 2;
  targets.fill(0);
  weights.fill(0);
  weights.fill(1, finderIndex(FINDER_PLANE.anyDigit, 0), finderIndex(FINDER_PLANE.anyDigit, cells));
  weights.fill(1, finderIndex(FINDER_PLANE.theDigit, 0), finderIndex(FINDER_PLANE.theDigit, cells));
  const digits = [subject, ...others].filter((written) => written !== null && written.label < NO_DIGIT);
  for (const written of digits) {
    if (!written) continue;
    const { box, share } = clipped(written.box, bounds);
    if (share < SEEN_SHARE) continue;
    const cell = cellOf(box);
    const isSubject = written === subject;
    const isFound = isSubject || share >= FOUND_SHARE;
    const any = finderIndex(FINDER_PLANE.anyDigit, cell);
    if (isFound) {
      targets[any] = 1;
      weights[any] = 1;
    } else if (targets[any] === 0) weights[any] = 0;
    if (isSubject) targets[finderIndex(FINDER_PLANE.theDigit, cell)] = 1;
    if (!isFound) continue;
    forNeighbours(box, cell, (neighbour, isUnsure) => {
      const own = neighbour === cell;
      if (!own && isUnsure && isSubject) {
        for (const plane of [FINDER_PLANE.anyDigit, FINDER_PLANE.theDigit]) {
          const at = finderIndex(plane, neighbour);
          if (targets[at] === 0) weights[at] = 0;
        }
      }
      // A cell tells of the box of its own digit; of a neighbour's where it has none.
      if (!own && !isSubject) return;
      if (!own && weights[finderIndex(FINDER_PLANE.box, neighbour)]! > 1) return;
      encodeBox(box, neighbour).forEach((value, plane) => {
        const at = finderIndex(FINDER_PLANE.box + plane, neighbour);
        targets[at] = value;
        weights[at] = own ? BOX_WEIGHT : BOX_WEIGHT / 4;
      });
    });
  }
}

/** The cells around a box's middle, and whether the middle lies so near to them that they may as well be its own. */
function forNeighbours(
  box: { x: number; y: number; width: number; height: number },
  cell: number,
  visit: (cell: number, isUnsure: boolean) => void,
): void {
  const [row, column] = [Math.floor(cell / FINDER.cells), cell % FINDER.cells];
  const u = (box.x + box.width / 2) / FINDER.cellSide - column;
  const v = (box.y + box.height / 2) / FINDER.cellSide - row;
  for (let down = -1; down <= 1; down++) {
    for (let right = -1; right <= 1; right++) {
      const [r, c] = [row + down, column + right];
      if (r < 0 || c < 0 || r >= FINDER.cells || c >= FINDER.cells) continue;
      const [farX, farY] = [right < 0 ? u : right > 0 ? 1 - u : 0, down < 0 ? v : down > 0 ? 1 - v : 0];
      if (Math.max(farX, farY) > 0.5) continue;
      visit(r * FINDER.cells + c, Math.max(farX, farY) < UNSURE);
    }
  }
}

/** What of a box lies within the picture, and what share of it that is. */
function clipped(
  box: InkBox,
  bounds: Bounds,
): { box: { x: number; y: number; width: number; height: number }; share: number } {
  const x = Math.max(box.left, bounds.left);
  const y = Math.max(box.top, bounds.top);
  const width = Math.max(1, Math.min(box.right, bounds.right) - x);
  const height = Math.max(1, Math.min(box.bottom, bounds.bottom) - y);
  const all = Math.max(1, (box.right - box.left) * (box.bottom - box.top));
  const isEmpty =
    box.right <= bounds.left ||
    box.left >= bounds.right ||
    box.bottom <= bounds.top ||
    box.top >= bounds.bottom;
  return {
    box: { x, y, width, height },
    share: isEmpty || box.right <= box.left ? 0 : (width * height) / all,
  };
}
