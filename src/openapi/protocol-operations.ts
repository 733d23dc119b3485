import type { Example, OpenApiDocument, Operation, Parameter } from './document-types.js';
import { errorResponsesOf } from './error-responses.js';
import { IMAGE_ANSWER_HEADERS } from './answer-headers.js';
import type { RequestErrorCode } from './request-errors.js';
import { schemaRef, type SchemaName } from './schema-components.js';

/** A request of the Open Inference Protocol and its answer. */
export interface ProtocolExamples {
  readonly infer: { readonly request: Example; readonly answer: Example };
  readonly predict: { readonly request: Example; readonly answer: Example };
}

/** A route that takes no tensors. */
interface PlainRoute {
  readonly id: string;
  readonly summary: string;
  /** Left out where it is an object without members. */
  readonly answer?: SchemaName;
  readonly own?: readonly RequestErrorCode[];
  readonly isOpen?: boolean;
}

const MODEL: Parameter = {
  name: 'model',
  in: 'path',
  required: true,
  description: 'The name of a model: `digits`, `frames` or `numbers`.',
  schema: { type: 'string' },
  example: 'digits',
};
const VERSION: Parameter = {
  name: 'version',
  in: 'path',
  required: true,
  description: 'The version of the model.',
  schema: { type: 'string' },
  example: '1',
};

const KEYS = [{}, { bearer: [] }, { apiKey: [] }];

const OF_MODELS: readonly RequestErrorCode[] = ['unauthorized', 'model_not_found'];
const OF_TENSORS: readonly RequestErrorCode[] = [
  'malformed_json',
  'invalid_request',
  'invalid_base64',
  'not_an_image',
  'truncated_image',
  'corrupt_image',
  'unauthorized',
  'model_not_found',
  'too_many_images',
  'too_many_pixels',
  'rate_limited',
  'deadline_exceeded',
];

/**
 * The routes of the Open Inference Protocol (https://github.com/kserve/open-inference-protocol), and of KServe's
 * first protocol.
 */
export function protocolPaths({ infer, predict }: ProtocolExamples): OpenApiDocument['paths'] {
  const inferring = (id: string, parameters: readonly Parameter[]): Operation =>
    tensorOperation(
      id,
      'Run a model on tensors',
      parameters,
      ['InferRequestBody', 'InferResponseBody'],
      infer,
    );
  const predicting = tensorOperation(
    'v1Predict',
    'Run a model on instances',
    [MODEL],
    ['PredictRequestBody', 'PredictResponse'],
    predict,
  );
  return {
    '/v2': {
      get: plain({ id: 'v2Server', summary: 'Name, version, extensions', answer: 'ServerMetadataResponse' }),
    },
    '/v2/health/live': {
      get: plain({
        id: 'v2Live',
        summary: 'Whether the process works',
        answer: 'ServerLiveResponse',
        isOpen: true,
      }),
    },
    '/v2/health/ready': {
      get: plain({
        id: 'v2Ready',
        summary: 'Whether it can take requests',
        answer: 'ServerReadyResponse',
        own: ['not_ready'],
        isOpen: true,
      }),
    },
    '/v2/models': { get: plain({ id: 'v2Models', summary: 'All models', answer: 'ModelListResponse' }) },
    '/v2/models/stats': {
      get: plain({
        id: 'v2Stats',
        summary: 'Counts and times of all models',
        answer: 'ModelStatisticsResponse',
      }),
    },
    ...ofModel('/v2/models/{model}', 'v2Model', [MODEL]),
    '/v2/models/{model}/infer': { post: inferring('v2Infer', [MODEL]) },
    ...ofModel('/v2/models/{model}/versions/{version}', 'v2Version', [MODEL, VERSION]),
    '/v2/models/{model}/versions/{version}/infer': { post: inferring('v2VersionInfer', [MODEL, VERSION]) },
    '/v2/repository/index': { post: indexOperation() },
    '/v2/repository/models/{model}/load': { post: loadOperation() },
    '/v2/repository/models/{model}/unload': { post: unloadOperation() },
    '/v1/models': { get: plain({ id: 'v1Models', summary: 'All models', answer: 'ModelListResponse' }) },
    '/v1/models/{model}': {
      get: plain({ id: 'v1Model', summary: 'Whether a model is ready', answer: 'ModelReadyResponse' }, [
        MODEL,
      ]),
    },
    '/v1/models/{model}:predict': { post: predicting },
  };
}

/** The routes that describe a model, or one version of it. */
function ofModel(path: string, id: string, parameters: readonly Parameter[]): OpenApiDocument['paths'] {
  const get = (
    name: string,
    summary: string,
    answer: SchemaName,
    own: readonly RequestErrorCode[] = [],
  ): Operation => plain({ id: id + name, summary, answer, own }, parameters);
  return {
    [path]: { get: get('', 'What it takes and gives', 'ModelMetadataResponse') },
    [`${path}/ready`]: { get: get('Ready', 'Whether it is ready', 'ModelReadyResponse', ['not_ready']) },
    [`${path}/config`]: { get: get('Config', "What Triton's client asks for", 'ModelConfigResponse') },
    [`${path}/stats`]: { get: get('Stats', 'Its counts and times', 'ModelStatisticsResponse') },
  };
}

function plain(route: PlainRoute, parameters: readonly Parameter[] = []): Operation {
  const { id, summary, answer, own = [], isOpen = false } = route;
  const codes: readonly RequestErrorCode[] = isOpen
    ? []
    : parameters.length > 0
      ? OF_MODELS
      : ['unauthorized'];
  return {
    operationId: id,
    summary,
    description: 'Of the Open Inference Protocol and KServe.',
    tags: ['Open Inference Protocol'],
    security: isOpen ? [{}] : KEYS,
    ...(parameters.length > 0 && { parameters }),
    responses: {
      200: {
        description: 'The answer.',
        content: { 'application/json': { schema: answer ? schemaRef(answer) : { type: 'object' } } },
      },
      ...errorResponsesOf([...codes, ...own], 'InferErrorResponse'),
    },
  };
}

function indexOperation(): Operation {
  const schema = { type: 'object', properties: { ready: { type: 'boolean' } } };
  return {
    ...plain({
      id: 'v2Index',
      summary: 'All models with their versions',
      answer: 'RepositoryIndexResponse',
      own: ['malformed_json', 'invalid_request'],
    }),
    requestBody: {
      description: 'With `ready`, those alone that are ready. It may be left out.',
      required: false,
      content: { 'application/json': { schema, examples: { ready: { value: { ready: true } } } } },
    },
  };
}

function loadOperation(): Operation {
  return {
    ...plain(
      { id: 'v2Load', summary: 'Serve the current version', own: ['invalid_request', 'unsupported'] },
      [MODEL],
    ),
    description:
      'Of a service that was started with `--models` and `--admin-key`, for requests with one of the admin keys: the ' +
      'current version of the store is tried, again if it was refused, and serves when this is answered. 400 says ' +
      'why it does not. A service that cannot change its models answers 501.',
  };
}

function unloadOperation(): Operation {
  return {
    ...plain({ id: 'v2Unload', summary: 'Unload a model', own: ['unsupported'] }, [MODEL]),
    description: 'Never done, as something has to serve: answered with 501.',
  };
}

function tensorOperation(
  operationId: string,
  summary: string,
  parameters: readonly Parameter[],
  [asked, answered]: readonly [asked: SchemaName, answered: SchemaName],
  { request, answer }: { readonly request: Example; readonly answer: Example },
): Operation {
  const isBinary = asked === 'InferRequestBody';
  const binary = {
    'application/octet-stream': {
      schema: {
        type: 'string',
        format: 'binary',
        description: 'JSON with tensors as bytes behind it; `inference-header-content-length` is its length.',
      },
    },
  };
  return {
    ...plain({ id: operationId, summary }, parameters),
    description: 'Images go through the same queue, limits and deadlines as those of `/mnist/classify`.',
    requestBody: {
      description: 'Tensors; a body of bytes is the first.',
      required: true,
      content: {
        'application/json': { schema: schemaRef(asked), examples: { seven: request } },
        ...(isBinary && binary),
      },
    },
    responses: {
      200: {
        description: 'One row an image.',
        headers: IMAGE_ANSWER_HEADERS,
        content: {
          'application/json': { schema: schemaRef(answered), examples: { seven: answer } },
          ...(isBinary && binary),
        },
      },
      ...errorResponsesOf(OF_TENSORS, 'InferErrorResponse'),
    },
  };
}
