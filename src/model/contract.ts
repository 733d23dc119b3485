/** The digits 0-9. */
export const CLASS_COUNT = 10;

/** The class of what is no digit: the last output of the models that know of it. */
export const NO_DIGIT = 10;

/** Outputs of a model: one a digit, and in newer ones one more, for what is no digit. */
export const OUTPUT_COUNTS: readonly number[] = [CLASS_COUNT, CLASS_COUNT + 1];

/** Names of the tensors of a model that this project writes and reads. */
export const MODEL_INPUT = 'image';
export const MODEL_OUTPUT = 'logits';

/** Under which key a model's file (`metadata_props`) has how probable it must be that an image is a digit. */
export const THRESHOLD_KEY = 'digit_threshold';
