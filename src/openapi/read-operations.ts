import { ClassifyQuery, ReadQuery } from '../api/schemas.js';
import { IMAGE_ANSWER_HEADERS } from './answer-headers.js';
import { errorResponsesOf } from './error-responses.js';
import type { Example, MediaType, Operation } from './document-types.js';
import type { RequestErrorCode } from './request-errors.js';
import { queryParameters, schemaRef } from './schema-components.js';

/** The examples of an operation that reads images, by name. */
export interface ReadExamples {
  readonly requests: Readonly<Record<string, Example>>;
  readonly answers: Readonly<Record<string, Example>>;
}

/** What may be wrong with images and how they come, beside what may be wrong with any request. */
const IMAGE_ERRORS: readonly RequestErrorCode[] = [
  'malformed_json',
  'invalid_request',
  'invalid_base64',
  'not_an_image',
  'truncated_image',
  'corrupt_image',
  'unauthorized',
  'too_many_images',
  'body_too_large',
  'too_many_pixels',
  'rate_limited',
  'deadline_exceeded',
];

const IMAGE_TYPES = 'image/png, image/jpeg, image/gif, image/bmp, image/webp, image/tiff';

/** The keys of a service that has some; one without takes requests without. */
const KEYS = [{}, { bearer: [] }, { apiKey: [] }];

const WAYS =
  'Images come in one of three forms, told apart by `content-type`. Each is a PNG, JPEG, GIF, BMP, WebP or TIFF ' +
  'file of any size and colour; of several pages the first counts.';

/** The three ways to send images. */
function imageBody(examples: Readonly<Record<string, Example>>): NonNullable<Operation['requestBody']> {
  const content: Record<string, MediaType> = {
    'application/json': { schema: schemaRef('ClassifyRequest'), examples },
    'multipart/form-data': {
      schema: {
        type: 'object',
        description: 'Any number of files, under any name. Fields that are not files are ignored.',
        required: ['image'],
        properties: {
          image: {
            type: 'array',
            minItems: 1,
            items: { type: 'string', format: 'binary', description: 'One image file.' },
          },
        },
      },
      encoding: { image: { contentType: IMAGE_TYPES } },
    },
    'image/*': {
      schema: {
        type: 'string',
        format: 'binary',
        description: 'One image file; its bytes decide which format it is.',
      },
    },
  };
  return { description: WAYS, required: true, content };
}

/** `POST /mnist/classify` */
export function classifyOperation({ requests, answers }: ReadExamples): Operation {
  return {
    operationId: 'classify',
    summary: 'One digit in each image',
    description:
      'One answer for each image, in the order of the request: `class` is the most probable digit, `probability` ' +
      'how probable it is that the image is that digit. A letter, a scribble, two digits or noise get a low one.\n\n' +
      'One bad image refuses the whole request, and the error names every bad one, unless `partial=true`.',
    tags: ['Images'],
    security: KEYS,
    parameters: queryParameters(ClassifyQuery),
    requestBody: imageBody(requests),
    responses: {
      200: {
        description:
          'One response an image, in the order of the request; with `partial=true` an `error` at the place of each ' +
          'image that cannot be read.',
        headers: IMAGE_ANSWER_HEADERS,
        content: {
          'application/json': {
            schema: { anyOf: [schemaRef('ClassifyResponse'), schemaRef('PartialResponse')] },
            examples: answers,
          },
        },
      },
      ...errorResponsesOf(IMAGE_ERRORS),
    },
  };
}

/** `POST /mnist/read` */
export function readOperation({ requests, answers }: ReadExamples): Operation {
  return {
    operationId: 'readNumbers',
    summary: 'All digits in each image, as numbers',
    description:
      'Every digit in each image in reading order, with its place. What is known of the numbers narrows what is ' +
      'considered: their length, a pattern, the largest value, lines, the cells of a form or a table. It holds for ' +
      'each line.\n\n' +
      'The same limits hold as for `/mnist/classify`; one image counts as four in the queue.',
    tags: ['Images'],
    security: KEYS,
    parameters: queryParameters(ReadQuery, {
      length: '4',
      minLength: '2',
      maxLength: '8',
      pattern: 'dd.dd',
      max: '9999',
      lines: '1',
      cells: '8',
      grid: '9x9',
      reject: '0.9',
    }),
    requestBody: imageBody(requests),
    responses: {
      200: {
        description: 'One response an image, in the order of the request.',
        headers: IMAGE_ANSWER_HEADERS,
        content: { 'application/json': { schema: schemaRef('ReadResponse'), examples: answers } },
      },
      ...errorResponsesOf(IMAGE_ERRORS),
    },
  };
}

/** `POST /mnist/corrections`, where the service was started with `--collect`. */
export function correctionOperation(image: string): Operation {
  return {
    operationId: 'correct',
    summary: 'What an image really shows',
    description:
      'Keeps an image with its label in the folder of `--collect`, for `inkdigit train --images`. A service that was ' +
      'started without has no such route, and keeps nothing. Nothing of other requests is ever kept.',
    tags: ['Images'],
    security: KEYS,
    requestBody: {
      description: 'One image and its label.',
      required: true,
      content: {
        'application/json': {
          schema: schemaRef('CorrectionRequest'),
          examples: { seven: { value: { image, label: '7' } } },
        },
      },
    },
    responses: {
      201: {
        description: 'It is kept, or was there already.',
        content: {
          'application/json': {
            schema: schemaRef('CorrectionResponse'),
            examples: { kept: { value: { label: '7', added: 'new' } } },
          },
        },
      },
      ...errorResponsesOf([
        'malformed_json',
        'invalid_request',
        'invalid_base64',
        'not_an_image',
        'truncated_image',
        'corrupt_image',
        'unauthorized',
        'route_not_found',
        'body_too_large',
        'rate_limited',
        'collection_full',
      ]),
    },
  };
}
