import { cellGrid, outputCount } from './cell-grid.js';
import { CLOSE_UP_SIDE } from './sizes.js';

/** What stands between the digits of numbers and around them, in the order of the detector's planes. */
export const SEPARATORS = ['.', '-', '/', '(', ')'] as const;

/**
 * How the detector's answer to a close-up is laid out. Its first ten planes are logits that the middle of a digit lies
 * in a cell, one plane a digit; the next ones that the middle of a separator does.
 */
export const DETECTOR = cellGrid(CLOSE_UP_SIDE, 12, 10 + SEPARATORS.length);

/** Values of one answer. */
export const DETECTOR_OUTPUTS = outputCount(DETECTOR);
