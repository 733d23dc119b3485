import type { Plane } from '../image/plane.js';
import type { BoundingBox } from '../image/view/bounding-box.js';
import { boxAt, cellCount, outputCount, planeIndex } from '../image/view/cell-grid.js';
import { FINDER_PLANE } from '../image/view/finder-cells.js';
import { THUMBNAIL_SIDE, VIEW_SIDE } from '../image/view/sizes.js';
import { CLASS_COUNT, GRIDS, isGridShown, NO_DIGIT, type GridShown } from '../model/contract.js';
import type { Random } from '../random.js';
import type { ReaderShown, ScenePainter } from './painter.js';

/** What a sheet shows. */
export type SheetKind = ReaderShown | GridShown;

export const SHEET_KINDS: readonly SheetKind[] = ['view', 'overview', 'thumbnail', 'closeup', 'place'];

const SIDES = { view: VIEW_SIDE, thumbnail: THUMBNAIL_SIDE, place: VIEW_SIDE } as const;

/** Pixels between two pictures; the lower half of them is a mark below those without a digit. */
const GAP = 4;
const MARK = 255;
const BETWEEN = 32;

/** Pictures of a sheet that is about twice as wide as high. */
export interface SheetSize {
  readonly columns: number;
  readonly rows: number;
}

/**
 * Scenes side by side, to look at: views, thumbnails and places with a white bar below those that show no digit,
 * overviews with the box of their digit, close-ups with those of all.
 * @param randomOf the stream of each picture
 */
export function contactSheet(
  painter: ScenePainter,
  kind: SheetKind,
  { columns, rows }: SheetSize,
  randomOf: (picture: number) => Random,
): Plane {
  const side = isGridShown(kind) ? GRIDS[kind].side : SIDES[kind];
  const cell = side + GAP;
  const sheet = {
    width: columns * cell,
    height: rows * cell,
    data: new Uint8Array(columns * rows * cell ** 2).fill(BETWEEN),
  };
  const levels = new Uint8Array(side ** 2);
  for (let picture = 0; picture < columns * rows; picture++) {
    const [left, top] = [(picture % columns) * cell, Math.floor(picture / columns) * cell];
    const isOfDigit = isGridShown(kind)
      ? drawWithBoxes(painter, kind, randomOf(picture), levels)
      : painter.drawToRead(kind, randomOf(picture), levels) !== NO_DIGIT;
    for (let y = 0; y < side; y++) {
      sheet.data.set(levels.subarray(y * side, (y + 1) * side), (top + y) * sheet.width + left);
    }
    if (isOfDigit) continue;
    for (let y = side; y < side + GAP / 2; y++) {
      const from = (top + y) * sheet.width + left;
      sheet.data.fill(MARK, from, from + side);
    }
  }
  return sheet;
}

/** @returns whether there is a digit; the boxes of digits were drawn into the picture */
function drawWithBoxes(painter: ScenePainter, shown: GridShown, random: Random, levels: Uint8Array): boolean {
  const grid = GRIDS[shown];
  const targets = new Float32Array(outputCount(grid));
  const weights = new Float32Array(outputCount(grid));
  painter.drawToFind(shown, random, { levels, targets, weights });
  const [first, end] = shown === 'overview' ? [FINDER_PLANE.theDigit, grid.logitPlanes] : [0, CLASS_COUNT];
  let isOfDigit = false;
  for (let plane = first; plane < end; plane++) {
    for (let cell = 0; cell < cellCount(grid); cell++) {
      if (targets[planeIndex(grid, plane, cell)] !== 1) continue;
      isOfDigit = true;
      drawBox(levels, grid.side, boxAt(grid, targets, 0, cell));
    }
  }
  return isOfDigit;
}

function drawBox(levels: Uint8Array, side: number, box: BoundingBox): void {
  const within = (place: number): number => Math.min(side - 1, Math.max(0, Math.round(place)));
  const [left, right] = [within(box.x), within(box.x + box.width)];
  const [top, bottom] = [within(box.y), within(box.y + box.height)];
  for (let x = left; x <= right; x++) levels[top * side + x] = levels[bottom * side + x] = MARK;
  for (let y = top; y <= bottom; y++) levels[y * side + left] = levels[y * side + right] = MARK;
}
