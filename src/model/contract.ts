import { DETECTOR } from '../image/view/detector-cells.js';
import { FINDER } from '../image/view/finder-cells.js';

/** The digits 0-9. */
export const CLASS_COUNT = 10;

/** The class of non-digits: the last output of the models that know of it. */
export const NO_DIGIT = 10;

/** Outputs of a model: one a digit, and in newer ones one more, for non-digits. */
export const OUTPUT_COUNTS: readonly number[] = [CLASS_COUNT, CLASS_COUNT + 1];

/**
 * How networks answer that say where digits are: planes over cells, `[planes, cells, columns]`. By what they are shown.
 */
export const GRIDS = { overview: FINDER, closeup: DETECTOR } as const;

/** What such networks are shown. */
export type GridShown = keyof typeof GRIDS;

/** What is shown in any width, though it is learned from squares: every layer does the same everywhere. */
export const SHOWN_IN_WIDTHS: GridShown = 'closeup';

export function isGridShown(shown: string): shown is GridShown {
  return Object.hasOwn(GRIDS, shown);
}

/** Names of the tensors of a model that this project writes and reads. */
export const MODEL_INPUT = 'image';
export const MODEL_OUTPUT = 'logits';

/** Under which key a model's file (`metadata_props`) has how probable it must be that an image is a digit. */
export const THRESHOLD_KEY = 'digit_threshold';

/** What a network reads and answers: `image` float32 [N,1,side,side] in 0..1, and `logits` [N,outputs]. */
export interface NetworkContract {
  readonly side: number;
  /** How many outputs it may have. */
  readonly outputs: readonly number[];
  /** Whether it may take pictures of any width, `[N,1,side,W]`, and then has as many more or fewer outputs. */
  readonly takesWidths?: boolean;
}

/** A network over gray pictures, square ones but where it takes others, to use. */
export interface PixelNetwork {
  /** Of a square. */
  readonly outputs: number;
  /** Whether it takes pictures that are wider, or less wide, than they are high. */
  readonly takesWidths?: boolean;
  /**
   * @param fill writes the pixels, `[count, side, width]` in 0..1, into memory that is used again after the inference
   * @param width of each, where it takes others than squares; `side` if unsaid
   * @returns logits `[count, outputs]`, of other widths as many more or fewer
   */
  run(count: number, fill: (input: Float32Array) => void, width?: number): Promise<Float32Array>;
  /** Frees the memory. */
  close(): Promise<void>;
}
