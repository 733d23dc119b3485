import { InkdigitError } from '../errors.js';
import { takeFrames, type LabelledFrames } from './labelled-frames.js';

/**
 * How many of the 60,000 training images, the last ones, recipes and epochs are chosen on. The 10,000 test
 * images take no part in any choice.
 */
export const VALIDATION_COUNT = 5_000;

/** What a model learns from and what choices are made on. */
export interface TrainingSplit {
  readonly training: LabelledFrames;
  readonly validation: LabelledFrames;
}

/**
 * Sets the last `validationCount` images aside; nothing is copied.
 * @throws InkdigitError `invalid_data` when none would be left to learn from.
 */
export function splitValidation(data: LabelledFrames, validationCount = VALIDATION_COUNT): TrainingSplit {
  const { count } = data.frames;
  if (count <= validationCount) {
    throw new InkdigitError(
      'invalid_data',
      `Expected more than ${validationCount} images, as the last ${validationCount} are set aside for validation; got ${count}.`,
    );
  }
  const boundary = count - validationCount;
  return { training: takeFrames(data, 0, boundary), validation: takeFrames(data, boundary, count) };
}
