import { FINDER } from '../image/view/finder-cells.js';

/** The digits 0-9. */
export const CLASS_COUNT = 10;

/** The class of non-digits: the last output of the models that know of it. */
export const NO_DIGIT = 10;

/** Outputs of a model: one a digit, and in newer ones one more, for non-digits. */
export const OUTPUT_COUNTS: readonly number[] = [CLASS_COUNT, CLASS_COUNT + 1];

/**
 * What a finder gives of an overview: planes over cells, `[FINDER_PLANES, FINDER_CELLS, FINDER_CELLS]`. The first plane
 * has the logit that the middle of some digit lies in a cell, the second that it is the middle of the digit that the
 * picture is of; the others are numbers of that digit's box.
 */
export const FINDER_PLANES = FINDER.planes;
export const FINDER_LOGIT_PLANES = 2;
/** Cells along a side; each is a square of 16 pixels of the overview. */
export const FINDER_CELLS = FINDER.cells;
export const FINDER_OUTPUTS = FINDER_PLANES * FINDER_CELLS * FINDER_CELLS;
/** How many of them are logits, which come first. */
export const FINDER_LOGITS = FINDER_LOGIT_PLANES * FINDER_CELLS * FINDER_CELLS;

/** Names of the tensors of a model that this project writes and reads. */
export const MODEL_INPUT = 'image';
export const MODEL_OUTPUT = 'logits';

/** Under which key a model's file (`metadata_props`) has how probable it must be that an image is a digit. */
export const THRESHOLD_KEY = 'digit_threshold';
