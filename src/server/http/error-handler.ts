import type { FastifyReply, FastifyRequest } from 'fastify';
import { codeOf, InkdigitError, messageOf, type ErrorCode } from '../../errors.js';
import { statusOf } from './error-table.js';
import { bodyTooLarge, tooManyImages, type Limits } from '../limits.js';
import type { InferErrorResponse } from '../../api/oip.js';
import type { ErrorResponse } from '../../api/schemas.js';
import { isInferencePath } from './inference-paths.js';

/** What is full now has room again within a second, or is not there at all. */
export const RETRY_AFTER_SECONDS = '1';

/** Answers whatever was thrown, in one form. What the service itself got wrong goes to the log alone. */
export function answerError(
  thrown: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  limits: Limits,
): FastifyReply {
  const error = translate(thrown, limits, request);
  const status = statusOf(error.code);
  if (status === 500) request.log.error({ err: thrown }, 'failed to answer');
  request.errorCode = error.code;
  if (status === 503) void reply.header('retry-after', RETRY_AFTER_SECONDS);
  // Fastify would close the connection of a body that it did not read to its end, and a client that is still sending
  // would see a reset, not the answer. Node reads the rest and drops it, for as long as the request's timeout allows.
  if (!request.raw.complete) reply.removeHeader('connection');
  if (!isInferencePath(request.url)) return reply.code(status).send(errorBody(error));
  // As bytes: of a text Fastify would say its charset.
  return reply
    .code(status)
    .type('application/json')
    .send(Buffer.from(JSON.stringify(inferErrorBody(error))));
}

/** What an error says to the client. */
export function errorBody(error: InkdigitError): ErrorResponse {
  if (statusOf(error.code) === 500) {
    return { message: 'The service failed to answer; its log says why.', code: 'internal', errors: [] };
  }
  return { message: error.message, code: error.code, errors: [...error.items] };
}

/** The same to a client of the Open Inference Protocol. */
export function inferErrorBody(error: InkdigitError): InferErrorResponse {
  const { message, ...rest } = errorBody(error);
  return { error: message, ...rest };
}

function translate(thrown: unknown, limits: Limits, { headers }: FastifyRequest): InkdigitError {
  if (thrown instanceof InkdigitError) return thrown;
  const known = FRAMEWORK_ERRORS[codeOf(thrown) ?? ''];
  if (known) return known(limits, headers['content-type']);
  // Fastify marks so what it blames on the client; nothing of this project does.
  if (hasClientStatus(thrown)) {
    return fault('invalid_request', `The request cannot be read: ${messageOf(thrown)}.`, thrown);
  }
  return fault('internal', messageOf(thrown), thrown);
}

function hasClientStatus(thrown: unknown): boolean {
  const status = thrown instanceof Error && 'statusCode' in thrown ? Number(thrown.statusCode) : 500;
  return status >= 400 && status < 500;
}

/** What Fastify and its multipart parser throw, by their codes. */
const FRAMEWORK_ERRORS: Readonly<Record<string, (limits: Limits, contentType?: string) => InkdigitError>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: ({ maxBodyBytes }) => bodyTooLarge(maxBodyBytes),
  FST_FILES_LIMIT: ({ maxBatch }) => tooManyImages(maxBatch),
  FST_PARTS_LIMIT: ({ maxBatch }) => tooManyImages(maxBatch),
  FST_FIELDS_LIMIT: () => fault('invalid_request', 'The form has too many fields that are not files.'),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: (_limits, contentType) =>
    fault(
      'unsupported_media_type',
      `Expected content-type application/json, image/* or multipart/form-data, got ${contentType ?? 'none'}. ` +
        'curl -d and --data-binary name none of them by themselves: ' +
        "add -H 'content-type: application/json' to JSON, -H 'content-type: image/png' to @7.png, or send -F " +
        'image=@7.png.',
    ),
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: () =>
    fault('invalid_request', 'The body is not as long as its content-length says.'),
  FST_ERR_BAD_URL: () => fault('invalid_request', "The request's path is not a valid URL path."),
};

function fault(code: ErrorCode, message: string, cause?: unknown): InkdigitError {
  return new InkdigitError(code, message, cause === undefined ? {} : { cause });
}
