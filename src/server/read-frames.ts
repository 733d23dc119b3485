import { InkdigitError, type ItemError } from '../errors.js';
import type { Frame } from '../image/frame.js';
import type { NormalizeMode } from '../image/normalize-mode.js';
import { statusOf } from './error-table.js';
import { MAX_LISTED_ERRORS } from './limits.js';
import type { Upload } from './uploads.js';

/** Turns an image file into what the model reads; see `image/read-frame.ts`. */
export type ReadFrame = (bytes: Uint8Array, options: ReadOptions) => Promise<Frame>;

export interface ReadOptions {
  /** Width x height of one picture, as its header announces it. */
  readonly maxPixels: number;
  readonly normalize: NormalizeMode;
}

interface Fault {
  readonly index: number;
  readonly error: InkdigitError;
}

/**
 * The frames of all images, in order. One after the other, so that a request has one decoded picture in memory
 * at a time.
 * @param isGone whether the client has gone, so that nobody waits for the rest
 * @throws InkdigitError that names every image which cannot be read, with the code they share, or
 * `invalid_request` when they differ.
 */
export async function readFrames(
  uploads: readonly Upload[],
  readFrame: ReadFrame,
  options: ReadOptions,
  isGone: () => boolean = () => false,
): Promise<Frame[]> {
  const frames: Frame[] = [];
  const faults: Fault[] = [];
  for (const [index, upload] of uploads.entries()) {
    if (isGone()) throw new InkdigitError('client_gone', 'The client went away before its images were read.');
    try {
      frames.push(await readFrame(upload(), options));
    } catch (thrown) {
      if (!(thrown instanceof InkdigitError) || statusOf(thrown.code) >= 500) throw thrown;
      faults.push({ index, error: thrown });
    }
  }
  if (faults.length > 0) throw refusal(faults, uploads.length);
  return frames;
}

function refusal(faults: readonly Fault[], imageCount: number): InkdigitError {
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
