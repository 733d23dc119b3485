/** One bad image: its place in what was given to `classify` and what was wrong with it, in plain words. */
export interface ImageError {
  readonly index: number;
  readonly message: string;
}

/** What the client itself finds; every other code is the server's (`not_an_image`, `too_many_pixels`, …). */
export type ClientErrorCode = 'invalid_option' | 'unreachable' | 'timeout' | 'moved' | 'invalid_answer';

/** What `MnistClient` throws, an abort by the caller's own signal excepted. */
export class MnistClientError extends Error {
  override readonly name = 'MnistClientError';
  readonly code: ClientErrorCode | (string & {});
  /** The status of the server's answer, where there was one. */
  readonly status: number | undefined;
  /** Every bad image, where the images were at fault. */
  readonly items: readonly ImageError[];
  /** How long the server asked to wait before the next attempt, in milliseconds, where it did (`Retry-After`). */
  readonly retryAfterMs: number | undefined;

  constructor(
    code: ClientErrorCode | (string & {}),
    message: string,
    details: {
      status?: number | undefined;
      items?: readonly ImageError[];
      retryAfterMs?: number | undefined;
      cause?: unknown;
    } = {},
  ) {
    super(message, 'cause' in details ? { cause: details.cause } : undefined);
    this.code = code;
    this.status = details.status;
    this.items = details.items ?? [];
    this.retryAfterMs = details.retryAfterMs;
  }
}
