/**
 * The closed set of things that can go wrong. The core speaks in these codes and knows nothing of HTTP;
 * `server/http/error-table.ts` translates them to statuses, `cli/` to exit codes.
 */
export type ErrorCode =
  // a picture
  | 'not_an_image'
  | 'truncated_image'
  | 'corrupt_image'
  | 'too_many_pixels'
  // a request
  | 'malformed_json'
  | 'invalid_request'
  | 'invalid_base64'
  | 'too_many_images'
  | 'body_too_large'
  | 'unsupported_media_type'
  | 'unauthorized'
  | 'route_not_found'
  | 'model_not_found'
  | 'method_not_allowed'
  | 'request_timeout'
  | 'headers_too_large'
  | 'rate_limited'
  | 'collection_full'
  | 'unsupported'
  // the service
  | 'not_ready'
  | 'overloaded'
  | 'deadline_exceeded'
  | 'client_gone'
  | 'internal'
  // files and data
  | 'missing_file'
  | 'file_exists'
  | 'write_failed'
  | 'invalid_data'
  | 'download_failed'
  // models
  | 'invalid_model'
  | 'invalid_graph'
  | 'training_failed'
  // how a command was called
  | 'invalid_option';

/** One bad item of a batch: its place in the batch and what was wrong with it, in plain words. */
export interface ItemError {
  readonly index: number;
  readonly message: string;
}

/**
 * The one error class of the project. `message` says what was expected, what came and, where it helps,
 * what to do; `items` names each bad item of a batch; `cause` keeps the error underneath.
 */
export class InkdigitError extends Error {
  override readonly name = 'InkdigitError';
  readonly code: ErrorCode;
  readonly items: readonly ItemError[];

  constructor(
    code: ErrorCode,
    message: string,
    options: { cause?: unknown; items?: readonly ItemError[] } = {},
  ) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.items = options.items ?? [];
  }
}

/** The text of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** The `code` that Node and libraries put on their errors, as `ENOENT`. */
export function codeOf(thrown: unknown): string | undefined {
  return thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string'
    ? thrown.code
    : undefined;
}
