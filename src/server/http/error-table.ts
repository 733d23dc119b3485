import type { ErrorCode } from '../../errors.js';

/** The one translation of error codes to HTTP; a code that is missing here does not compile. */
const STATUS_OF_CODE: Readonly<Record<ErrorCode, number>> = {
  not_an_image: 400,
  truncated_image: 400,
  corrupt_image: 400,
  too_many_pixels: 413,

  malformed_json: 400,
  invalid_request: 400,
  invalid_base64: 400,
  too_many_images: 413,
  body_too_large: 413,
  unsupported_media_type: 415,
  unauthorized: 401,
  route_not_found: 404,
  model_not_found: 404,
  method_not_allowed: 405,
  request_timeout: 408,
  rate_limited: 429,
  headers_too_large: 431,
  unsupported: 501,
  collection_full: 507,

  not_ready: 503,
  overloaded: 503,
  deadline_exceeded: 504,
  // No client reads it; the number is what nginx logs.
  client_gone: 499,
  internal: 500,

  // No request causes these: where one reaches HTTP, the service is at fault.
  missing_file: 500,
  file_exists: 500,
  write_failed: 500,
  invalid_data: 500,
  download_failed: 500,
  invalid_model: 500,
  invalid_graph: 500,
  training_failed: 500,
  invalid_option: 500,
};

/** Codes that requests are answered with: those with a status of their own, and `internal` for all others. */
export const ANSWERED_CODES: readonly ErrorCode[] = Object.keys(STATUS_OF_CODE)
  .filter(isCode)
  .filter((code) => code === 'internal' || statusOf(code) !== 500);

function isCode(name: string): name is ErrorCode {
  return Object.hasOwn(STATUS_OF_CODE, name);
}

/** The HTTP status that answers an error of this code. */
export function statusOf(code: ErrorCode): number {
  return STATUS_OF_CODE[code];
}
