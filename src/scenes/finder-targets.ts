import { cellCount, cellOf, encodeBox, planeIndex, type CellGrid } from '../image/view/cell-grid.js';
import { FINDER, FINDER_PLANE } from '../image/view/finder-cells.js';
import type { BoundingBox } from '../image/view/bounding-box.js';
import { NO_DIGIT } from '../model/contract.js';
import type { InkBox } from './draw-glyph.js';
import type { Scene } from './scene.js';

/** The part of the canvas that the picture takes up; beyond it its edge is repeated. */
export interface Bounds {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** How much of a digit's box must lie within the picture for it to be found, and from where on it may be. */
const FOUND_SHARE = 0.75;
const SEEN_SHARE = 0.2;

/** How far from the cell's border, in cells, the neighbour may as well be the one. */
const UNSURE = 0.12;

/** How much the numbers of a box count, beside one cell's yes or no. */
const BOX_WEIGHT = 10;

/** Writes what the finder is to answer about a scene. */
export function writeTargets(
  { subject, others }: Scene,
  bounds: Bounds,
  targets: Float32Array,
  weights: Float32Array,
): void {
  const cells = cellCount(FINDER);
  targets.fill(0);
  weights.fill(0);
  weights.fill(
    1,
    planeIndex(FINDER, FINDER_PLANE.anyDigit, 0),
    planeIndex(FINDER, FINDER_PLANE.anyDigit, cells),
  );
  weights.fill(
    1,
    planeIndex(FINDER, FINDER_PLANE.theDigit, 0),
    planeIndex(FINDER, FINDER_PLANE.theDigit, cells),
  );
  const digits = [subject, ...others].filter((written) => written !== null && written.label < NO_DIGIT);
  for (const written of digits) {
    if (!written) continue;
    const { box, share } = clipped(written.box, bounds);
    if (share < SEEN_SHARE) continue;
    const cell = cellOf(FINDER, box);
    const isSubject = written === subject;
    const isFound = isSubject || share >= FOUND_SHARE;
    const any = planeIndex(FINDER, FINDER_PLANE.anyDigit, cell);
    if (isFound) {
      targets[any] = 1;
      weights[any] = 1;
    } else if (targets[any] === 0) weights[any] = 0;
    if (isSubject) targets[planeIndex(FINDER, FINDER_PLANE.theDigit, cell)] = 1;
    if (!isFound) continue;
    forNeighbours(FINDER, box, cell, (neighbour, isUnsure) => {
      const own = neighbour === cell;
      if (!own && isUnsure && isSubject) {
        for (const plane of [FINDER_PLANE.anyDigit, FINDER_PLANE.theDigit]) {
          const at = planeIndex(FINDER, plane, neighbour);
          if (targets[at] === 0) weights[at] = 0;
        }
      }
      // A cell tells of the box of its own digit; of a neighbour's where it has none.
      if (!own && !isSubject) return;
      if (!own && weights[planeIndex(FINDER, FINDER.logitPlanes, neighbour)]! > 1) return;
      encodeBox(FINDER, box, neighbour).forEach((value, plane) => {
        const at = planeIndex(FINDER, FINDER.logitPlanes + plane, neighbour);
        targets[at] = value;
        weights[at] = own ? BOX_WEIGHT : BOX_WEIGHT / 4;
      });
    });
  }
}

/** The cells around a box's middle, and whether the middle lies so near to them that they may as well be its own. */
export function forNeighbours(
  { cells, cellSide }: CellGrid,
  box: BoundingBox,
  cell: number,
  visit: (cell: number, isUnsure: boolean) => void,
): void {
  const [row, column] = [Math.floor(cell / cells), cell % cells];
  const u = (box.x + box.width / 2) / cellSide - column;
  const v = (box.y + box.height / 2) / cellSide - row;
  for (let down = -1; down <= 1; down++) {
    for (let right = -1; right <= 1; right++) {
      const [r, c] = [row + down, column + right];
      if (r < 0 || c < 0 || r >= cells || c >= cells) continue;
      const [farX, farY] = [right < 0 ? u : right > 0 ? 1 - u : 0, down < 0 ? v : down > 0 ? 1 - v : 0];
      if (Math.max(farX, farY) > 0.5) continue;
      visit(r * cells + c, Math.max(farX, farY) < UNSURE);
    }
  }
}

/** What of a box lies within the picture, and what share of it that is. */
export function clipped(box: InkBox, bounds: Bounds): { box: BoundingBox; share: number } {
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
