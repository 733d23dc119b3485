import { Type, type Static, type TString } from '../typebox.js';
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
          'An image file (PNG, JPEG, GIF, BMP, WebP or TIFF) in base64, standard or URL-safe, padding optional, ' +
          'with line breaks and as a data: URL if you like.',
      }),
    }),
  ),
});
export type ClassifyRequest = Static<typeof ClassifyRequest>;

export const ClassifyQuery = Type.Object({
  detail: Type.Optional(
    Type.Literal('full', {
      description: '`full` adds `probabilities`, `digit`, `threshold`, `frame` and `box` to each response.',
    }),
  ),
  normalize: Type.Optional(
    Type.Enum(NORMALIZE_MODES, {
      description:
        'Whether the digit is looked for: `auto` looks in all but frames as MNIST has them, `always` in those too, ' +
        '`never` takes the whole picture. `auto` where it is left out.',
    }),
  ),
  partial: Type.Optional(
    Type.Enum(['true', 'false'], {
      description:
        '`true` answers the good images and names each bad one at its place; else one bad image refuses the request.',
    }),
  ),
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
    description: "The model's; 0 where it has no output for non-digits.",
  }),
  frame: Type.String({
    description:
      'The gray levels that the model got, a PNG file as a data: URL: 28x28 of a frame as MNIST has them, 32x32 of ' +
      'a small picture that is read as a whole, 64x64 of any other.',
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

/**
 * One response an image, in the order of the request; what `DetailedClassification` adds is there with `?detail=full`
 * alone.
 */
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

/** A whole number in a query. */
function count(description: string): TString {
  return Type.String({ pattern: '^[0-9]{1,4}$', description });
}

/** What is known of the numbers: each member narrows what is considered. */
export const ReadQuery = Type.Object({
  detail: Type.Optional(
    Type.Literal('full', {
      description: '`full` adds `raw`, `alternatives`, and `probabilities` of each digit.',
    }),
  ),
  length: Type.Optional(count('Digits of a number, 1-512.')),
  minLength: Type.Optional(count('Digits at least, 0-512.')),
  maxLength: Type.Optional(count('Digits at most, 1-512.')),
  pattern: Type.Optional(
    Type.String({
      pattern: "^[d.,:/' -]{1,64}$",
      description: "`d` for each digit, and `. , : / - '` or spaces between them; `raw` has them too.",
    }),
  ),
  max: Type.Optional(Type.String({ pattern: '^[0-9]{1,15}$', description: 'The largest value.' })),
  lines: Type.Optional(count('Lines at most, the likeliest ones, 1-512.')),
  cells: Type.Optional(
    count('Cells of a form, 1-32: one digit or none in each. Goes with `reject` and `detail` alone.'),
  ),
  grid: Type.Optional(
    Type.String({
      pattern: '^[0-9]{1,2}x[0-9]{1,2}$',
      description: 'Columns x rows of a table, at most 32 each. Goes with `reject` and `detail` alone.',
    }),
  ),
  reject: Type.Optional(
    Type.String({
      pattern: '^(0|1|0?\\.[0-9]{1,9}|1\\.0*)$',
      description: 'Less probable numbers are not accepted, less probable digits are `?`; 0-1.',
    }),
  ),
});
export type ReadQuery = Static<typeof ReadQuery>;

const Probability = Type.Number({ minimum: 0, maximum: 1 });

const DigitBox = Type.Array(Type.Integer({ minimum: 0 }), {
  minItems: 4,
  maxItems: 4,
  description: 'x, y, width and height in pixels of the upright picture.',
});

/** One digit of a number. */
export const NumberDigitAnswer = Type.Object({
  class: Type.Integer({ minimum: 0, maximum: 9 }),
  probability: Probability,
  box: DigitBox,
  probabilities: Type.Optional(
    Type.Array(Probability, {
      description: 'The probabilities of the digits 0-9; what they lack to 1 is that of no digit.',
    }),
  ),
});

/** The number in one image. */
export const NumberAnswer = Type.Object({
  text: Type.String({
    description:
      'The digits in reading order, lines between line feeds; ? for doubtful ones, spaces for empty cells.',
  }),
  probability: Type.Number({ minimum: 0, maximum: 1, description: 'That all of it is right.' }),
  accepted: Type.Boolean({
    description: 'Whether there is a number, and it is as probable as was asked for (0.5 where nothing was).',
  }),
  digits: Type.Array(NumberDigitAnswer),
  lines: Type.Array(
    Type.Object({
      text: Type.String(),
      probability: Probability,
      box: DigitBox,
      digits: Type.Array(Type.Integer({ minimum: 0 }), {
        minItems: 2,
        maxItems: 2,
        description: 'Its first digit in digits and the one after its last.',
      }),
    }),
  ),
  unread: Type.Array(Type.Object({ box: DigitBox, probability: Probability }), {
    description: 'Likely digits that were not read.',
  }),
  truncated: Type.Optional(
    Type.Boolean({
      description:
        'true where more places may be digits than are read in one picture; the likeliest were read. Else left out.',
    }),
  ),
  raw: Type.Optional(Type.String({ description: 'text with the separators of the pattern.' })),
  alternatives: Type.Optional(Type.Array(Type.Object({ text: Type.String(), probability: Probability }))),
});
export type NumberAnswer = Static<typeof NumberAnswer>;

/** One response an image, in the order of the request. */
export const ReadResponse = Type.Object({ responses: Type.Array(NumberAnswer) });
export type ReadResponse = Static<typeof ReadResponse>;

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

/** `POST /mnist/corrections`: a picture, and what it really shows. */
export const CorrectionRequest = Type.Object({
  image: Type.String({ description: 'An image file in base64, as for `/mnist/classify`.' }),
  label: Type.Enum(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'none'], {
    description: 'The digit that the picture shows; `none` where it shows no digit.',
  }),
});
export type CorrectionRequest = Static<typeof CorrectionRequest>;

/** What became of it. */
export const CorrectionResponse = Type.Object({
  label: CorrectionRequest.properties.label,
  added: Type.Enum(['new', 'relabelled', 'known'], {
    description:
      '`new`: it is kept; `relabelled`: it was there under another label; `known`: it was there under this one.',
  }),
});
export type CorrectionResponse = Static<typeof CorrectionResponse>;

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

const Disagreements = Type.Record(Type.String(), Type.Integer({ minimum: 0 }), {
  description: 'What the first read, >, what the second read (a digit or none) -> how often.',
});

/** `GET /version`, of a service whose models are versions of a store. */
export const VersionResponse = Type.Object({
  version: Type.String({ description: 'Of inkdigit.' }),
  model: Type.Object({
    name: Type.String(),
    version: Type.Integer({ description: 'Which version of the store serves.' }),
    sha256: Type.String({ description: 'Of the list of its files.' }),
    modelSha256: Type.String({ description: 'Of the model that reads frames.' }),
  }),
  previous: Type.Union([Type.Integer(), Type.Null()], {
    description: 'The version that is kept open for a rollback.',
  }),
  shadow: Type.Optional(
    Type.Object({
      serving: Type.Integer(),
      candidate: Type.Integer(),
      share: Type.Number({ minimum: 0, maximum: 1, description: 'Of requests.' }),
      compared: Type.Integer({ description: 'Frames that both have read.' }),
      agreed: Type.Integer(),
      probabilityDifference: Type.Number({
        description:
          'The sum of the differences of how probable both find the digit that the serving one reads.',
      }),
      disagreements: Disagreements,
      dropped: Type.Integer({ description: 'Frames that there was no time for.' }),
    }),
  ),
});
export type VersionResponse = Static<typeof VersionResponse>;

/** `GET /`, to programs. */
export const ServiceResponse = Type.Object({
  name: Type.String(),
  version: Type.String(),
  routes: Type.Array(Type.String()),
});
export type ServiceResponse = Static<typeof ServiceResponse>;
