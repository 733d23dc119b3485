import { InkdigitError } from '../errors.js';
import { THRESHOLD_KEY } from '../model/contract.js';

/**
 * How probable it has to be to a model that an image is a digit: what its file says, 0 where it says nothing.
 * @param metadata what the file says of itself
 * @throws InkdigitError `invalid_model`
 */
export function thresholdIn(metadata: ReadonlyMap<string, string>, source: string): number {
  const written = metadata.get(THRESHOLD_KEY) ?? '0';
  const threshold = Number(written);
  if (written.trim() !== '' && threshold >= 0 && threshold <= 1) return threshold;
  throw new InkdigitError(
    'invalid_model',
    `${source} says ${JSON.stringify(written)} for its ${THRESHOLD_KEY}; expected a number from 0 to 1.`,
  );
}
