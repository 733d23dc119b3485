import type { ErrorResponse } from '../api/schemas.js';
import type { Example } from './document-types.js';
import type { RequestErrorCode } from './request-errors.js';

/** What is wrong with the one image of a request. */
function badImage(code: RequestErrorCode, message: string): ErrorResponse {
  return { message: `The image cannot be read: ${message}.`, code, errors: [{ index: 0, message }] };
}

function refused(code: RequestErrorCode, message: string): ErrorResponse {
  return { message, code, errors: [] };
}

/** What is answered on a connection before there is a path, so that clients of every protocol find it. */
function broken(code: RequestErrorCode, message: string): ErrorAnswer {
  return { ...refused(code, message), error: message };
}

/** With the member that clients of the Open Inference Protocol look for. */
type ErrorAnswer = ErrorResponse & { readonly error?: string };

/** Codes of the Open Inference Protocol alone, and those that name all routes. */
type CodeWithoutExample = 'model_not_found' | 'unsupported' | 'route_not_found' | 'method_not_allowed';

/** An answer of the service with each code, word for word, with its limits as they are by default. */
const ANSWERS: Readonly<Record<Exclude<RequestErrorCode, CodeWithoutExample>, ErrorAnswer>> = {
  malformed_json: refused('malformed_json', 'The body is not JSON: Unexpected end of JSON input.'),
  invalid_request: broken('invalid_request', 'This is not a valid HTTP/1.1 request.'),
  invalid_base64: badImage('invalid_base64', '"image" is not valid base64: character 8 of 8 is "*"'),
  not_an_image: badImage(
    'not_an_image',
    'expected a PNG, JPEG, GIF, BMP, WebP or TIFF file, got the text "hello world"',
  ),
  truncated_image: badImage(
    'truncated_image',
    'this PNG file ends too early: it has 150 bytes, but its content goes on to byte 250 at least; send the whole file',
  ),
  corrupt_image: badImage(
    'corrupt_image',
    'this PNG file is damaged: its content cannot be decoded; save the picture again and send that',
  ),
  unauthorized: refused(
    'unauthorized',
    'This service requires an API key; send yours as "Authorization: Bearer KEY" or as "x-api-key: KEY".',
  ),
  request_timeout: broken('request_timeout', 'The request took too long to arrive.'),
  too_many_images: refused(
    'too_many_images',
    'Too many images: at most 64 in a request, got 65. Send them in several requests.',
  ),
  body_too_large: refused(
    'body_too_large',
    'The body is too large: at most 33554432 bytes in a request. Send the images in several requests.',
  ),
  too_many_pixels: badImage(
    'too_many_pixels',
    'expected a picture of at most 25000000 pixels, got 6000 x 5000 = 30000000; make it smaller and send it again',
  ),
  unsupported_media_type: refused(
    'unsupported_media_type',
    'Expected a body without content-encoding, got "gzip"; send it uncompressed.',
  ),
  rate_limited: refused(
    'rate_limited',
    'This caller has sent as many images as it may (1 in a minute); try again in 60 s.',
  ),
  headers_too_large: broken('headers_too_large', "The request's headers are too large: at most 16 KiB."),
  collection_full: refused(
    'collection_full',
    'The collection holds as many bytes as it may (268435456): export it, and begin another folder.',
  ),
  internal: refused('internal', 'The service failed to answer; its log says why.'),
  not_ready: refused('not_ready', 'Not ready: the service is shutting down.'),
  overloaded: refused(
    'overloaded',
    'The service has as many images waiting as it may (512 in each process); try again soon.',
  ),
  deadline_exceeded: refused(
    'deadline_exceeded',
    'The images were not classified within 30000 ms; try again when the service has less to do, or send fewer or ' +
      'smaller images.',
  ),
};

/** What `components.examples` has: an answer for each code. */
export function errorExamples(): Record<string, Example> {
  return Object.fromEntries(Object.entries(ANSWERS).map(([code, value]) => [code, { value }]));
}

export function hasExample(code: RequestErrorCode): boolean {
  return Object.hasOwn(ANSWERS, code);
}
