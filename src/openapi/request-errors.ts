import type { ErrorCode } from '../errors.js';

/** When a request is answered with each code, in CommonMark, in the order of the page of errors. */
export const REQUEST_ERRORS = {
  malformed_json: 'the body is empty or not JSON, or has `__proto__` or `constructor.prototype`',
  invalid_request: 'a member, form, query or the HTTP is wrong, or images are in different ways',
  invalid_base64: '`image` is not base64; says which character',
  not_an_image: 'none of the six formats, or a kind of TIFF that is not read; says what to do',
  truncated_image: 'the file ends before its content does',
  corrupt_image: 'the file is damaged, or has more parts than the limits allow',
  unauthorized: 'no key or an unknown one; `WWW-Authenticate` says how to send one',
  route_not_found: 'lists the routes there are',
  model_not_found: 'no model, or no version of it, goes by that name under `/v2` or `/v1`',
  method_not_allowed: 'with `Allow`',
  request_timeout: 'the request took too long to arrive',
  too_many_images: 'more than `--max-batch`',
  body_too_large: 'more than `--max-body-bytes`, or JSON with countless items and members',
  too_many_pixels: 'a header announces more than `--max-pixels`; nothing was decoded',
  unsupported_media_type: 'another `content-type`, or a compressed body',
  rate_limited: 'more images of one caller than `--rate-limit` allows; `Retry-After` says when',
  headers_too_large: 'more than 16 KiB of headers',
  unsupported: 'what is asked for under `/v2` is not to be had here, as loading a model',
  internal: "the service's own fault; its log says what, the answer does not",
  not_ready: '`/readyz` while the service starts or stops',
  overloaded: 'no room for more images or large bodies; `Retry-After` says when to try again',
  collection_full: 'corrections fill the folder of `--collect`',
  deadline_exceeded: 'the images were not classified within `--timeout-ms`',
} satisfies Partial<Record<ErrorCode, string>>;

/** A code that a request may be answered with. */
export type RequestErrorCode = keyof typeof REQUEST_ERRORS;

/** All of them. */
export const REQUEST_ERROR_CODES: readonly RequestErrorCode[] = Object.keys(REQUEST_ERRORS).filter(
  (code): code is RequestErrorCode => code in REQUEST_ERRORS,
);
