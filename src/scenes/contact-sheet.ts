import type { Plane } from '../image/plane.js';
import { decodeBox, FINDER, FINDER_OUTPUTS, FINDER_PLANE, finderIndex } from '../image/view/finder-cells.js';
import { OVERVIEW_SIDE, THUMBNAIL_SIDE, VIEW_SIDE } from '../image/view/sizes.js';
import { NO_DIGIT } from '../model/contract.js';
import type { Random } from '../random.js';
import type { ReaderShown, ScenePainter } from './painter.js';

/** What a sheet shows. */
export type SheetKind = ReaderShown | 'overview';

export const SHEET_KINDS: readonly SheetKind[] = ['view', 'overview', 'thumbnail'];

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
 * Scenes side by side, to look at: views and thumbnails with a white bar below those that show no digit, overviews with
 * the box of their digit.
 * @param randomOf the stream of each picture
 */
export function contactSheet(
  painter: ScenePainter,
  kind: SheetKind,
  { columns, rows }: SheetSize,
  randomOf: (picture: number) => Random,
): Plane {
  const side = { view: VIEW_SIDE, overview: OVERVIEW_SIDE, thumbnail: THUMBNAIL_SIDE }[kind];
  const cell = side + GAP;
  const sheet = {
    width: columns * cell,
    height: rows * cell,
    data: new Uint8Array(columns * rows * cell ** 2).fill(BETWEEN),
  };
  const levels = new Uint8Array(side ** 2);
  for (let picture = 0; picture < columns * rows; picture++) {
    const [left, top] = [(picture % columns) * cell, Math.floor(picture / columns) * cell];
    const isOfDigit =
      kind === 'overview'
        ? drawOverview(painter, randomOf(picture), levels)
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

/** @returns whether there is a digit, whose box was drawn into it */
function drawOverview(painter: ScenePainter, random: Random, levels: Uint8Array): boolean {
  const targets = new Float32Array(FINDER_OUTPUTS);
  painter.drawOverview(random, levels, targets, new Float32Array(FINDER_OUTPUTS));
  const cells = FINDER.cells ** 2;
  const cell = targets
    .subarray(cells * FINDER_PLANE.theDigit, cells * (FINDER_PLANE.theDigit + 1))
    .indexOf(1);
  if (cell < 0) return false;
  const at = (number: number): number => targets[finderIndex(FINDER_PLANE.box + number, cell)] ?? 0;
  const box = decodeBox([at(0), at(1), at(2), at(3)], cell);
  const within = (place: number): number => Math.min(OVERVIEW_SIDE - 1, Math.max(0, Math.round(place)));
  const [left, right] = [within(box.x), within(box.x + box.width)];
  const [top, bottom] = [within(box.y), within(box.y + box.height)];
  for (let x = left; x <= right; x++)
    levels[top * OVERVIEW_SIDE + x] = levels[bottom * OVERVIEW_SIDE + x] = MARK;
  for (let y = top; y <= bottom; y++)
    levels[y * OVERVIEW_SIDE + left] = levels[y * OVERVIEW_SIDE + right] = MARK;
  return true;
}
