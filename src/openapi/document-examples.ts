import type { InferRequestBody, InferResponseBody } from '../api/oip.js';
import type {
  ClassifyRequest,
  ClassifyResponse,
  FailedImage,
  PartialResponse,
  ReadResponse,
} from '../api/schemas.js';
import type { Example } from './document-types.js';
import type { ProtocolExamples } from './protocol-operations.js';
import type { ReadExamples } from './read-operations.js';

/** Files of `examples/` in base64. */
export interface SampleImages {
  /** `digits/7.png` */
  readonly seven: string;
  /** `digits/3.png` */
  readonly three: string;
  /** `numbers/2047.png` */
  readonly number: string;
}

/** Which request of the document gives which answer of it, with which query; a test asks for each. */
export const EXCHANGES: readonly {
  readonly path: string;
  readonly request: string;
  readonly query: string;
  readonly answer: string;
}[] = [
  { path: '/mnist/classify', request: 'one', query: '', answer: 'one' },
  { path: '/mnist/classify', request: 'one', query: '?detail=full', answer: 'full' },
  { path: '/mnist/classify', request: 'several', query: '?partial=true', answer: 'partial' },
  { path: '/mnist/read', request: 'number', query: '', answer: 'number' },
  { path: '/mnist/read', request: 'number', query: '?detail=full&pattern=dd.dd', answer: 'full' },
  { path: '/v2/models/{model}/infer', request: 'seven', query: '', answer: 'seven' },
  { path: '/v2/models/{model}/versions/{version}/infer', request: 'seven', query: '', answer: 'seven' },
  { path: '/v1/models/{model}:predict', request: 'seven', query: '', answer: 'seven' },
];

const SEVEN = { class: 7, probability: 0.9961 };

/** The pixels of the 7 as the model got them. */
const FRAME_OF_SEVEN =
  'data:image/png;base64,' +
  'iVBORw0KGgoAAAANSUhEUgAAACAAAAAgCAAAAABWESUoAAABKUlEQVR4nNXQXUvCYBQHcD/k8+LUia60UhQpHNKKjGBFFImGjlLQIJkuW14o4nS+' +
  '7ZnPx+oy3Trruv/t+XEO5x9CfyT0XwGm9DeAMSaE0HBYSJwcUT8Q4lI6UyiV72stfdhVvEAoaJ1u3xxNrflitWHjOy8QVWu1dtiWc2c+XrBByQui' +
  'imF+Gr33TvO5bq6tWsILiHR+oZTks3wmrY5Z72eB700stZdW9QAGtDzd6nJAUdHX1bKagoFQnLgfMoZB/GnDtWMEAprV3clVDAZi2eZvOQKDVIM7' +
  'DxICAT01tqNiBAaJW5u1kggG2SbfqGIAkAdsmAvDIPloL19iGAb5tju7oQgE5NJ0Bvsl7IN4ZTZveC/sgsO69XWNvNkBEUWrZIMAIpGob46+ARUj' +
  'f7Y5bBLmAAAAAElFTkSuQmCC';

const ANSWER: ClassifyResponse = { responses: [SEVEN] };
const FULL_ANSWER: ClassifyResponse = {
  responses: [
    {
      ...SEVEN,
      probabilities: [0.0001, 0.0032, 0, 0, 0, 0, 0, 0.9961, 0, 0.0005],
      digit: true,
      threshold: 0.5938,
      frame: FRAME_OF_SEVEN,
      box: [6, 7, 14, 20],
    },
  ],
};

const NOT_AN_IMAGE: FailedImage = {
  error: {
    code: 'not_an_image',
    message: 'expected a PNG, JPEG, GIF, BMP, WebP or TIFF file, got the text "hello world"',
  },
};
const PARTIAL_ANSWER: PartialResponse = {
  responses: [SEVEN, NOT_AN_IMAGE, { class: 3, probability: 0.9999 }],
};

const HELLO_WORLD = 'aGVsbG8gd29ybGQ=';

/** Requests of `/mnist/classify` and what the model that ships answers, to about four digits. */
export function classifyExamples({ seven, three }: SampleImages): ReadExamples {
  const one: ClassifyRequest = { requests: [{ image: seven }] };
  const several: ClassifyRequest = {
    requests: [{ image: seven }, { image: HELLO_WORLD }, { image: three }],
  };
  return {
    requests: {
      one: { summary: 'A frame of 28x28, as MNIST has them', value: one },
      several: { summary: 'Two images and a text between them', value: several },
    },
    answers: {
      one: { summary: 'One image', value: ANSWER },
      full: { summary: 'With ?detail=full', value: FULL_ANSWER },
      partial: { summary: 'With ?partial=true, where one image cannot be read', value: PARTIAL_ANSWER },
    },
  };
}

const DIGITS = [
  { class: 2, probability: 1, box: [12, 7, 23, 32] },
  { class: 0, probability: 0.9991, box: [41, 8, 25, 33] },
  { class: 4, probability: 0.9994, box: [73, 8, 23, 33] },
  { class: 7, probability: 0.9998, box: [102, 13, 23, 33] },
];

const PROBABILITIES = [
  [0, 0, 1, 0, 0, 0, 0, 0, 0, 0],
  [0.9991, 0, 0, 0, 0, 0, 0, 0, 0, 0],
  [0, 0, 0, 0, 0.9994, 0, 0, 0, 0, 0],
  [0, 0, 0, 0, 0, 0, 0, 0.9998, 0, 0],
];

function numberAnswer(probability: number): ReadResponse['responses'][number] {
  return {
    text: '2047',
    probability,
    accepted: true,
    digits: DIGITS,
    lines: [{ text: '2047', probability, box: [12, 7, 113, 39], digits: [0, 4] }],
    unread: [],
  };
}

const NUMBER: ReadResponse = { responses: [numberAnswer(0.9878)] };
const FULL_NUMBER: ReadResponse = {
  responses: [
    {
      ...numberAnswer(0.9951),
      digits: DIGITS.map((digit, i) => ({ ...digit, probabilities: PROBABILITIES[i] ?? [] })),
      raw: '20.47',
      alternatives: [
        { text: '2049', probability: 0.0004 },
        { text: '1047', probability: 0.0002 },
        { text: '2647', probability: 0.0002 },
        { text: '2041', probability: 0.0002 },
        { text: '2043', probability: 0.00003 },
      ],
    },
  ],
};

/** Requests of `/mnist/read` and what the models that ship answer. */
export function numberExamples({ number }: SampleImages): ReadExamples {
  const one: ClassifyRequest = { requests: [{ image: number }] };
  const requests: Record<string, Example> = { number: { summary: 'A number of four digits', value: one } };
  const answers: Record<string, Example> = {
    number: { summary: 'The number, its digits and lines', value: NUMBER },
    full: { summary: 'With ?detail=full&pattern=dd.dd', value: FULL_NUMBER },
  };
  return { requests, answers };
}

/** The 7 as a tensor of the Open Inference Protocol, and as an instance of KServe's first one. */
export function protocolExamples({ seven }: SampleImages): ProtocolExamples {
  const data = [{ name: 'image', shape: [1], datatype: 'BYTES', data: [seven] }];
  const outputs = ['class', 'probability'].map((name) => ({ name }));
  const request: InferRequestBody = { id: 'a', inputs: data, outputs };
  const answer: InferResponseBody = {
    model_name: 'digits',
    model_version: '1',
    id: 'a',
    outputs: [
      { name: 'class', datatype: 'INT64', shape: [1], data: [7] },
      { name: 'probability', datatype: 'FP32', shape: [1], data: [SEVEN.probability] },
    ],
  };
  const prediction = { class: 7, probability: SEVEN.probability };
  return {
    infer: { request: { value: request }, answer: { value: answer } },
    predict: {
      request: { value: { instances: [{ b64: seven }] } },
      answer: { value: { predictions: [prediction] } },
    },
  };
}
