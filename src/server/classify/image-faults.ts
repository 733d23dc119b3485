import { InkdigitError, type ItemError } from '../../errors.js';
import { MAX_LISTED_ERRORS } from '../limits.js';

/** What is wrong with one image of a request. */
export interface ImageFault {
  /** Its place in the request. */
  readonly index: number;
  readonly error: InkdigitError;
}

/**
 * One error for all images of a request that cannot be read, with the code that they share, or `invalid_request` where
 * they differ.
 * @param faults one at least
 * @param imageCount of the whole request
 */
export function refuseImages(faults: readonly ImageFault[], imageCount: number): InkdigitError {
  const codes = new Set(faults.map(({ error }) => error.code));
  const [first] = faults;
  const code = codes.size === 1 && first ? first.error.code : 'invalid_request';
  const items: ItemError[] = faults
    .slice(0, MAX_LISTED_ERRORS)
    .map(({ index, error }) => ({ index, message: error.message }));
  if (imageCount === 1 && first) {
    return new InkdigitError(code, `The image cannot be read: ${first.error.message}.`, { items });
  }
  const listed = faults.length > items.length ? `; the first ${items.length} are listed` : '';
  const message = `${faults.length} of ${imageCount} images cannot be read, so none was classified${listed}.`;
  return new InkdigitError(code, message, { items });
}
