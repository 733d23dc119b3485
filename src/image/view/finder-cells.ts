import { cellGrid, outputCount } from './cell-grid.js';
import { OVERVIEW_SIDE } from './sizes.js';

/** How the finder's answer to an overview is laid out. */
export const FINDER = cellGrid(OVERVIEW_SIDE, 6, 2);

/** Values of one answer. */
export const FINDER_OUTPUTS = outputCount(FINDER);

/** Which of its first planes says what of each cell. */
export const FINDER_PLANE = {
  /** Logit: the middle of some digit lies in the cell. */
  anyDigit: 0,
  /** Logit: the middle of the digit of the picture lies in it. */
  theDigit: 1,
} as const;
