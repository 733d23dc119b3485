/** The digits 0-9. */
export const CLASS_COUNT = 10;

/** Names of the tensors of a model that this project writes and reads. */
export const MODEL_INPUT = 'image';
export const MODEL_OUTPUT = 'logits';
