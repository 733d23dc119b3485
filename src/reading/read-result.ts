import { InkdigitError } from '../errors.js';
import type { NormalizeMode } from '../image/normalize-mode.js';
import type { Reading } from '../model/readings.js';

export interface ReadOptions {
  /** Which images the digit is to be found in. Default `auto`: those that are no frames as MNIST's are. */
  readonly normalize?: NormalizeMode;
  /** When aborted, no further image is read, and the call throws the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** What was read from one image, or why nothing was. */
export type ReadResult = ReadSuccess | ReadFailure;

export interface ReadSuccess extends Reading {
  readonly ok: true;
}

export interface ReadFailure {
  readonly ok: false;
  /** `not_an_image`, `truncated_image`, `corrupt_image` or `too_many_pixels` */
  readonly error: InkdigitError;
}

/** A reading as a result. */
export function resultOf(reading: Reading | InkdigitError): ReadResult {
  return reading instanceof InkdigitError ? { ok: false, error: reading } : { ok: true, ...reading };
}
