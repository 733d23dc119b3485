import type { VersionResponse } from '../api/schemas.js';
import { headerRefs } from './answer-headers.js';
import { errorResponsesOf } from './error-responses.js';
import type {
  Example,
  JsonSchema,
  OpenApiDocument,
  Operation,
  Parameter,
  Response,
} from './document-types.js';
import { schemaRef } from './schema-components.js';

const OPEN = [{}];
const HTML: Response['content'] = { 'text/html': { schema: { type: 'string' } } };

/** Of what browsers keep. */
const IF_NONE_MATCH: Parameter = {
  name: 'If-None-Match',
  in: 'header',
  description: 'The `ETag` of what is kept already.',
  schema: { type: 'string' },
};
const KEPT: Response = {
  description: 'What `If-None-Match` names is still the same.',
  headers: headerRefs('ETag'),
};

export interface ServiceFacts {
  /** Of this package. */
  readonly version: string;
  /** The card of the model that ships, as JSON. */
  readonly card: unknown;
}

/** Some of the routes that `GET /` names. */
const ROUTES = [
  'GET /',
  'GET /livez',
  'GET /readyz',
  'GET /model',
  'POST /mnist/classify',
  'POST /mnist/read',
];

/** The operations that report on the service, and those for people. */
export function infoPaths({ version, card }: ServiceFacts): OpenApiDocument['paths'] {
  const service = { name: 'inkdigit', version, routes: ROUTES };
  return {
    '/livez': {
      get: health('live', 'Whether the process works', 'Answered while the process works at all.'),
    },
    '/healthz': { get: health('healthy', 'Whether the process works', 'An older name of `/livez`.') },
    '/readyz': {
      get: health(
        'ready',
        'Whether it can take requests',
        '503 before the models have answered a first batch, and again while the service stops.',
      ),
    },
    '/model': { get: modelOperation({ value: card }) },
    '/version': { get: versionOperation() },
    '/': { get: serviceOperation({ value: service }) },
    '/metrics': { get: metricsOperation() },
    '/openapi.json': { get: documentOperation() },
    '/docs': { get: docsOperation() },
  };
}

function health(id: 'live' | 'healthy' | 'ready', summary: string, description: string): Operation {
  const status = id === 'ready' ? 'ready' : 'live';
  return {
    operationId: id,
    summary,
    description,
    tags: ['Service'],
    security: OPEN,
    responses: {
      200: json('It does.', schemaRef('HealthResponse'), { [status]: { value: { status } } }),
      ...errorResponsesOf(status === 'ready' ? ['not_ready'] : []),
    },
  };
}

function modelOperation(card: Example): Operation {
  return {
    operationId: 'modelCard',
    summary: "The model's card",
    description:
      'What the model says of itself: network, recipe, data, accuracy and, where it was measured, calibration and ' +
      'robustness, with the checksums of its files.',
    tags: ['Service'],
    security: [{}, { bearer: [] }, { apiKey: [] }],
    responses: {
      200: json('The card.', schemaRef('ModelCard'), { shipped: card }),
      ...errorResponsesOf(['unauthorized']),
    },
  };
}

/** A service that has served version 2 since version 1, and lets version 3 read along. */
const VERSIONS: VersionResponse = {
  version: '0.1.0',
  model: {
    name: 'mine',
    version: 2,
    sha256: 'e28d9201f8d4'.padEnd(64, '0'),
    modelSha256: 'd3485b3549f2'.padEnd(64, '0'),
  },
  previous: 1,
  shadow: {
    serving: 2,
    candidate: 3,
    share: 0.1,
    compared: 1000,
    agreed: 998,
    probabilityDifference: 3.7,
    disagreements: { '7>1': 1, '4>none': 1 },
    dropped: 0,
  },
};

function versionOperation(): Operation {
  return {
    operationId: 'version',
    summary: 'Which version of the model serves',
    description:
      'Only of a service that was started with `--models`: the version of the store that serves, the one that is ' +
      'kept open for a rollback, and how a shadow compares.',
    tags: ['Service'],
    security: [{}, { bearer: [] }, { apiKey: [] }],
    responses: {
      200: json('The versions.', schemaRef('VersionResponse'), { shadow: { value: VERSIONS } }),
      ...errorResponsesOf(['unauthorized', 'route_not_found']),
    },
  };
}

function serviceOperation(service: Example): Operation {
  return {
    operationId: 'service',
    summary: 'Name, version and routes',
    description: 'To browsers, whose `Accept` names `text/html`, the page to draw on.',
    tags: ['Service'],
    security: OPEN,
    parameters: [IF_NONE_MATCH],
    responses: {
      200: {
        description: 'What the service is, or the page.',
        content: {
          'application/json': { schema: schemaRef('ServiceResponse'), examples: { service } },
          ...HTML,
        },
      },
      304: KEPT,
      ...errorResponsesOf([]),
    },
  };
}

function metricsOperation(): Operation {
  const text = { schema: { type: 'string' } };
  return {
    operationId: 'metrics',
    summary: 'What is counted and measured, for Prometheus',
    description:
      'Only of a service that was started with `--metrics-on-main-port`; `--metrics-port` has it on a port of its own.',
    tags: ['Service'],
    security: [{}, { bearer: [] }, { apiKey: [] }],
    responses: {
      200: {
        description: "Prometheus' text, or OpenMetrics where `Accept` names it.",
        content: { 'text/plain': text, 'application/openmetrics-text': text },
      },
      ...errorResponsesOf(['unauthorized', 'route_not_found']),
    },
  };
}

function documentOperation(): Operation {
  return {
    operationId: 'openApiDocument',
    summary: 'This description, as OpenAPI 3.1',
    description: 'Made by the build from the schemas that the routes check by.',
    tags: ['Service'],
    security: OPEN,
    parameters: [IF_NONE_MATCH],
    responses: {
      200: { ...json('The document.', { type: 'object' }), headers: KEPT.headers ?? {} },
      304: KEPT,
      ...errorResponsesOf([]),
    },
  };
}

function docsOperation(): Operation {
  return {
    operationId: 'docsPage',
    summary: 'This description, for people',
    description: 'A page with every operation, its errors, examples, and a form to try each.',
    tags: ['Service'],
    security: OPEN,
    parameters: [IF_NONE_MATCH],
    responses: {
      200: { description: 'The page.', headers: KEPT.headers ?? {}, content: HTML ?? {} },
      304: KEPT,
      ...errorResponsesOf([]),
    },
  };
}

function json(
  description: string,
  schema: JsonSchema,
  examples: Readonly<Record<string, Example>> = {},
): Response {
  const hasExamples = Object.keys(examples).length > 0;
  return { description, content: { 'application/json': { schema, ...(hasExamples && { examples }) } } };
}
