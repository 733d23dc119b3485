import { InkdigitError } from '../errors.js';
import { DEFAULT_MAX_PIXELS } from '../image/decode/pixel-limit.js';

/** What one request may ask of the service. */
export interface Limits {
  /** Images in one request. */
  readonly maxBatch: number;
  /** Width x height of one picture, as its header announces it. */
  readonly maxPixels: number;
  /** Bytes of one request's body. */
  readonly maxBodyBytes: number;
  /** Bytes of large bodies that one process holds at once. */
  readonly maxHeldBytes: number;
  /** Connections that one process has open at once. */
  readonly maxConnections: number;
  /** Time from a request's first byte to its last. */
  readonly requestTimeoutMs: number;
  /** Images that one process has admitted and not answered yet; at least `maxBatch`. */
  readonly maxQueue: number;
  /** Time from when a request has arrived to its answer. */
  readonly timeoutMs: number;
}

/** How many wrong images one answer names; the rest are only counted. */
export const MAX_LISTED_ERRORS = 100;

/** What holds where nothing else is asked. */
export const DEFAULT_LIMITS: Limits = {
  maxBatch: 64,
  maxPixels: DEFAULT_MAX_PIXELS,
  maxBodyBytes: 32 * 1024 * 1024,
  maxHeldBytes: 256 * 1024 * 1024,
  // Each may hold a small body that stalls, so this bounds what they hold together.
  maxConnections: 4096,
  requestTimeoutMs: 60_000,
  // About a twentieth of a second of frames. A longer line keeps everybody waiting longer, and what waits outlives
  // V8's young generation: at ten times what the service can do, 1,024 cost a tenth of what it got done.
  maxQueue: 512,
  // A full request of the largest photos takes some ten seconds.
  timeoutMs: 30_000,
};

/**
 * Requests that were on their way on a kept connection are not lost, and load balancers see that the service is not
 * ready.
 */
export const DEFAULT_DRAIN_MS = 500;
export const DEFAULT_SHUTDOWN_TIMEOUT_MS = 10_000;
export const DEFAULT_HANG_TIMEOUT_MS = 10_000;

/** @param count How many came, where that is known. */
export function tooManyImages(maxBatch: number, count?: number): InkdigitError {
  return new InkdigitError(
    'too_many_images',
    `Too many images: at most ${maxBatch} in a request, got ${count ?? 'more'}. Send them in several requests.`,
  );
}

export function bodyTooLarge(maxBodyBytes: number): InkdigitError {
  return new InkdigitError(
    'body_too_large',
    `The body is too large: at most ${maxBodyBytes} bytes in a request. Send the images in several requests.`,
  );
}
