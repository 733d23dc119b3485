import { Type, type Static } from 'typebox';
import { NORMALIZE_MODES } from '../image/normalize-mode.js';

/**
 * What goes over the wire. One declaration is the type, the validation and the serializer of a message; the
 * client imports the types alone, so nothing here may depend on Node.
 */

/** `POST /mnist/classify` as JSON. Members beyond these are ignored. */
export const ClassifyRequest = Type.Object({
  requests: Type.Array(
    Type.Object({
      image: Type.String({
        description:
          'An image file (PNG, JPEG, GIF, BMP, WebP or TIFF) in base64, standard or URL-safe, padding optional, with line breaks and as a data: URL if you like.',
      }),
    }),
  ),
});
export type ClassifyRequest = Static<typeof ClassifyRequest>;

export const ClassifyQuery = Type.Object({
  /** `full` adds `probabilities`, `digit`, `threshold`, `frame` and `box` to each response. */
  detail: Type.Optional(Type.Literal('full')),
  /** Whether to look for the digit in each picture; `auto` when left out. */
  normalize: Type.Optional(Type.Enum(NORMALIZE_MODES)),
  /** `true` answers the good images and names each bad one at its place, where else the whole request is refused. */
  partial: Type.Optional(Type.Enum(['true', 'false'])),
});
export type ClassifyQuery = Static<typeof ClassifyQuery>;

/** The answer to one image. */
export const Classification = Type.Object({
  class: Type.Integer({ minimum: 0, maximum: 9, description: 'The digit.' }),
  probability: Type.Number({
    minimum: 0,
    maximum: 1,
    description: 'How probable it is that the image is that digit.',
  }),
});
export type Classification = Static<typeof Classification>;

/** The answer to one image with `?detail=full`. */
export const DetailedClassification = Type.Object({
  ...Classification.properties,
  probabilities: Type.Array(Type.Number({ minimum: 0, maximum: 1 }), {
    minItems: 10,
    maxItems: 10,
    description: 'The probabilities of the digits 0-9; what they lack to 1 is that of no digit.',
  }),
  digit: Type.Boolean({
    description:
      'Whether the image is taken for a digit: the probabilities add up to the threshold, and there is ink.',
  }),
  threshold: Type.Number({
    minimum: 0,
    maximum: 1,
    description: "The model's; 0 where it does not know what is no digit.",
  }),
  frame: Type.String({
    description:
      'The gray levels that the model got, a PNG file as a data: URL: 28x28 of a frame as MNIST has them, 64x64 of any other picture.',
  }),
  box: Type.Optional(
    Type.Array(Type.Integer({ minimum: 0 }), {
      minItems: 4,
      maxItems: 4,
      description:
        'Where the digit was found: x, y, width and height in pixels of the upright picture; left out for frames.',
    }),
  ),
});
export type DetailedClassification = Static<typeof DetailedClassification>;

/** One response an image, in the order of the request; what `DetailedClassification` adds is there with `?detail=full` alone. */
export const ClassifyResponse = Type.Object({
  responses: Type.Array(
    Type.Object({
      ...Classification.properties,
      probabilities: Type.Optional(DetailedClassification.properties.probabilities),
      digit: Type.Optional(DetailedClassification.properties.digit),
      threshold: Type.Optional(DetailedClassification.properties.threshold),
      frame: Type.Optional(DetailedClassification.properties.frame),
      box: DetailedClassification.properties.box,
    }),
  ),
});
export type ClassifyResponse = Static<typeof ClassifyResponse>;

/** At the place of an image that cannot be read, with `?partial=true`. */
export const FailedImage = Type.Object({
  error: Type.Object({
    code: Type.String({ description: 'The kind of error, for programs.' }),
    message: Type.String({ description: 'What was expected and what came, in plain words.' }),
  }),
});
export type FailedImage = Static<typeof FailedImage>;

/** The answer with `?partial=true`: one response an image, in the order of the request, also where none can be read. */
export const PartialResponse = Type.Object({
  responses: Type.Array(Type.Union([ClassifyResponse.properties.responses.items, FailedImage])),
});
export type PartialResponse = Static<typeof PartialResponse>;

/** Every answer that is not a success. */
export const ErrorResponse = Type.Object({
  message: Type.String({ description: 'What was expected and what came, in plain words.' }),
  code: Type.String({ description: 'The kind of error, for programs.' }),
  errors: Type.Array(Type.Object({ index: Type.Integer(), message: Type.String() }), {
    description: 'The images that were wrong, by their place in the request.',
  }),
});
export type ErrorResponse = Static<typeof ErrorResponse>;

export const HealthResponse = Type.Object({ status: Type.String() });
export type HealthResponse = Static<typeof HealthResponse>;

/** `GET /`, to programs. */
export const ServiceResponse = Type.Object({
  name: Type.String(),
  version: Type.String(),
  routes: Type.Array(Type.String()),
});
export type ServiceResponse = Static<typeof ServiceResponse>;
