import type { BoundingBox } from '../../image/view/bounding-box.js';
import { cellOf, encodeBox, logitCount, planeIndex } from '../../image/view/cell-grid.js';
import { DETECTOR } from '../../image/view/detector-cells.js';
import { CLASS_COUNT } from '../../model/contract.js';
import { clipped, forNeighbours, type Bounds } from '../finder-targets.js';
import type { NumberScene } from './number-writer.js';

/** How much of a digit's box must lie within the picture for it to be read, and from where on it may be. */
const READ_SHARE = 0.75;
const SEEN_SHARE = 0.15;

/** How much the numbers of a box count, beside one cell's yes or no; those that a neighbouring cell tells less. */
const BOX_WEIGHT = 10;
const NEIGHBOUR_WEIGHT = 2.5;

/** Writes what the detector is to answer about a scene of numbers. */
export function writeDetectorTargets(
  { digits, separators }: Pick<NumberScene, 'digits' | 'separators'>,
  bounds: Bounds,
  { targets, weights }: { readonly targets: Float32Array; readonly weights: Float32Array },
): void {
  targets.fill(0);
  weights.fill(0);
  weights.fill(1, 0, logitCount(DETECTOR));
  const signs = separators.map(({ kind, box }) => ({ plane: CLASS_COUNT + kind, ...clipped(box, bounds) }));
  const own = digits.map(({ label, box }) => ({ plane: label, ...clipped(box, bounds) }));
  // Of digits that the picture cuts in two nothing is asked: the cell may say one or none.
  for (const { box, share } of own) {
    if (share < SEEN_SHARE || share >= READ_SHARE) continue;
    forNeighbours(DETECTOR, box, cellOf(DETECTOR, box), (cell) => {
      for (let plane = 0; plane < DETECTOR.logitPlanes; plane++)
        weights[planeIndex(DETECTOR, plane, cell)] = 0;
    });
  }
  for (const { plane, box, share } of [...own, ...signs]) {
    if (share < READ_SHARE) continue;
    const ownCell = cellOf(DETECTOR, box);
    forNeighbours(DETECTOR, box, ownCell, (cell, isUnsure) => {
      const isOwn = cell === ownCell;
      const at = planeIndex(DETECTOR, plane, cell);
      if (isOwn) {
        targets[at] = 1;
        weights[at] = 1;
      } else if (isUnsure && targets[at] === 0) weights[at] = 0;
      if (isOwn || isUnsure) {
        tellBox(box, cell, isOwn ? BOX_WEIGHT : NEIGHBOUR_WEIGHT, { targets, weights });
      }
    });
  }
}

/** What a cell is to say of a box, unless it has more to say of another one. */
function tellBox(
  box: BoundingBox,
  cell: number,
  weight: number,
  { targets, weights }: { readonly targets: Float32Array; readonly weights: Float32Array },
): void {
  if (weights[planeIndex(DETECTOR, DETECTOR.logitPlanes, cell)]! >= weight) return;
  encodeBox(DETECTOR, box, cell).forEach((value, number) => {
    const at = planeIndex(DETECTOR, DETECTOR.logitPlanes + number, cell);
    targets[at] = value;
    weights[at] = weight;
  });
}
