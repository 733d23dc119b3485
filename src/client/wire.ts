import type { Classification, DetailedClassification, FailedImage, NumberAnswer } from '../api/schemas.js';
import { MnistClientError, type ImageError } from './client-error.js';
import { isObject, isRefusal, type Answer } from './messages.js';
import { parseRetryAfter } from './retry.js';
import { inProtocol } from './server-address.js';

/**
 * What a model says of itself: how it was trained and how well it reads. docs/reference/model-card.md lists all of it.
 */
export interface ModelCard {
  readonly name: string;
  readonly file: { readonly bytes: number; readonly sha256: string };
  readonly [member: string]: unknown;
}

/** What a request asked for. */
export interface ExpectedAnswers {
  readonly count: number;
  readonly detailed: boolean;
  /** Whether there may be an error at the place of an image. */
  readonly partial: boolean;
}

/**
 * Reads the answer to a classify request. An answer of another form comes from another program, or from a
 * newer one: better said than passed on.
 * @throws MnistClientError `invalid_answer`, or what the server refused the request with.
 */
export function readClassifications(
  answer: Answer,
  { count, detailed, partial }: ExpectedAnswers,
  server: string,
): (Classification | FailedImage)[] {
  const { status, body } = answer;
  if (status !== 200) throw readRefusal(answer, server);
  const isAnswer = detailed ? isDetailedClassification : isClassification;
  const fits = (value: unknown): boolean => isAnswer(value) || (partial && isFailedImage(value));
  const responses = isObject(body) ? body['responses'] : undefined;
  if (Array.isArray(responses) && responses.length === count && responses.every(fits)) {
    return responses;
  }
  throw unexpected(answer, server, `${count} classifications`);
}

/**
 * Reads the answer to a request for numbers.
 * @throws MnistClientError `invalid_answer`, or what the server refused the request with.
 */
export function readNumbers(answer: Answer, count: number, server: string): NumberAnswer[] {
  const { status, body } = answer;
  if (status !== 200) throw readRefusal(answer, server);
  const responses = isObject(body) ? body['responses'] : undefined;
  if (Array.isArray(responses) && responses.length === count && responses.every(isNumberAnswer)) {
    return responses;
  }
  throw unexpected(answer, server, `${count} numbers`);
}

/**
 * Reads the answer of `GET /model`.
 * @throws MnistClientError `invalid_answer`, or what the server refused the request with.
 */
export function readModelCard(answer: Answer, server: string): ModelCard {
  if (answer.status !== 200) throw readRefusal(answer, server);
  if (isModelCard(answer.body)) return answer.body;
  throw unexpected(answer, server, 'the card of a model');
}

/** The error that an answer other than 200 stands for. */
export function readRefusal(answer: Answer, server: string): MnistClientError {
  const { status, body } = answer;
  const retryAfterMs = parseRetryAfter(answer.retryAfter ?? '', Date.now()) ?? undefined;
  if (isRefusal(body)) {
    const items = Array.isArray(body.errors) ? body.errors.filter(isImageError) : [];
    return new MnistClientError(body.code, body.message, { status, items, retryAfterMs });
  }
  if (status === 413) {
    // The code of the server itself: smaller requests may pass here too.
    const message =
      `A proxy before the server at ${server} takes no body as large (HTTP 413). Let it take ` +
      'larger ones, or send smaller images.';
    return new MnistClientError('body_too_large', message, { status });
  }
  if (status === 502 || status === 503 || status === 504) {
    const message =
      `A proxy before the server at ${server} gets no answer from it (HTTP ${status}). Is the ` +
      'server running?';
    return new MnistClientError('unreachable', message, { status, retryAfterMs });
  }
  if (status === 400 && HTTPS_ONLY.test(answer.text)) {
    const message =
      `Cannot reach the server at ${server}: that port speaks https, not http. Give ` +
      `${inProtocol(server, 'https:')}.`;
    return new MnistClientError('unreachable', message, { status });
  }
  return unexpected(answer, server, 'an answer in JSON');
}

/** What nginx, Go and Apache answer to plain HTTP on a port for https. */
const HTTPS_ONLY =
  /plain HTTP request was sent to HTTPS port|HTTP request to an HTTPS server|plain HTTP to an SSL-enabled/i;

function unexpected({ status, body }: Answer, server: string, expected: string): MnistClientError {
  const form = body === undefined ? 'a body that is not JSON' : 'JSON of another form';
  return new MnistClientError(
    'invalid_answer',
    `Expected ${expected} from ${server}, got HTTP ${status} with ${form}. Is that an inkdigit server?`,
    { status },
  );
}

function isClassification(value: unknown): value is Classification {
  return isObject(value) && Number.isInteger(value['class']) && typeof value['probability'] === 'number';
}

function isFailedImage(value: unknown): value is FailedImage {
  return isObject(value) && isRefusal(value['error']);
}

function isDetailedClassification(value: unknown): value is DetailedClassification {
  const isDetailed =
    isClassification(value) &&
    'probabilities' in value &&
    'digit' in value &&
    'threshold' in value &&
    'frame' in value;
  if (!isDetailed) return false;
  const { probabilities, digit, threshold, frame } = value;
  const isOfTen = Array.isArray(probabilities) && probabilities.length === 10;
  const isNumbered = isOfTen && typeof digit === 'boolean' && typeof threshold === 'number';
  return isNumbered && typeof frame === 'string' && (!('box' in value) || isBox(value.box));
}

function isNumberAnswer(value: unknown): value is NumberAnswer {
  return (
    isObject(value) &&
    typeof value['text'] === 'string' &&
    typeof value['probability'] === 'number' &&
    typeof value['accepted'] === 'boolean' &&
    Array.isArray(value['digits']) &&
    value['digits'].every((digit) => isClassification(digit) && 'box' in digit && isBox(digit.box)) &&
    Array.isArray(value['lines']) &&
    Array.isArray(value['unread'])
  );
}

function isBox(value: unknown): boolean {
  return Array.isArray(value) && value.length === 4 && value.every(Number.isInteger);
}

function isImageError(value: unknown): value is ImageError {
  return isObject(value) && Number.isInteger(value['index']) && typeof value['message'] === 'string';
}

function isModelCard(value: unknown): value is ModelCard {
  return isObject(value) && typeof value['name'] === 'string' && isObject(value['file']);
}
