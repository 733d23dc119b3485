/**
 * What is done with a picture before the model reads it. `auto`: the digit in it is found and made a frame as
 * MNIST's are, unless the picture is such a frame. `always`: also then. `never`: the whole picture is made to fit.
 */
export const NORMALIZE_MODES = ['auto', 'always', 'never'] as const;
export type NormalizeMode = (typeof NORMALIZE_MODES)[number];
export const DEFAULT_NORMALIZE: NormalizeMode = 'auto';
