import { InkdigitError } from '../errors.js';
import { shuffle } from '../random.js';
import { randomStream } from '../random-streams.js';
import { pickFrames, takeFrames, type LabelledFrames } from './labelled-frames.js';

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
      `Expected more than ${validationCount} images, as the last ${validationCount} are set aside for ` +
        `validation; got ${count}.`,
    );
  }
  const boundary = count - validationCount;
  return { training: takeFrames(data, 0, boundary), validation: takeFrames(data, boundary, count) };
}

/**
 * Sets a share of each digit's images aside, at least one of each digit that has two; which ones does not depend on
 * anything but how many images there are. Both parts are copies in an order in which digits are mixed, so that the
 * first of them are a sample of all.
 * @param share 0..1
 * @throws InkdigitError `invalid_data` when no digit has two images
 */
export function splitShare(data: LabelledFrames, share: number): TrainingSplit {
  const order = new Uint32Array(data.labels.length);
  shuffle(order, randomStream('validationShare'));
  const training: number[] = [];
  const validation: number[] = [];
  const left = new Map<number, number>();
  for (const [label, count] of countLabels(data.labels)) {
    left.set(label, count < 2 ? 0 : Math.min(count - 1, Math.max(1, Math.round(share * count))));
  }
  for (const place of order) {
    const label = data.labels[place] ?? 0;
    const wanted = left.get(label) ?? 0;
    if (wanted > 0) left.set(label, wanted - 1);
    (wanted > 0 ? validation : training).push(place);
  }
  if (validation.length === 0) {
    throw new InkdigitError(
      'invalid_data',
      'Expected two images or more of a digit at least, one to learn from and one to validate with; got ' +
        `${data.labels.length} images of as many digits.`,
    );
  }
  return { training: pickFrames(data, training), validation: pickFrames(data, validation) };
}

function countLabels(labels: Uint8Array): Map<number, number> {
  const counts = new Map<number, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  return counts;
}
