import { sharedHeaders } from './answer-headers.js';
import { errorExamples } from './error-examples.js';
import { documentedErrors, sharedResponses } from './error-responses.js';
import {
  classifyExamples,
  numberExamples,
  protocolExamples,
  type SampleImages,
} from './document-examples.js';
import { infoPaths } from './info-operations.js';
import type { OpenApiDocument } from './document-types.js';
import { protocolPaths } from './protocol-operations.js';
import { classifyOperation, correctionOperation, readOperation } from './read-operations.js';
import { schemaComponents } from './schema-components.js';

/** What the document has of this build. */
export interface DocumentParts {
  /** Of this package. */
  readonly version: string;
  readonly images: SampleImages;
  /** The card of the model that ships, as JSON. */
  readonly card: unknown;
}

const DESCRIPTION =
  'inkdigit reads handwritten digits from drawings, scans and photos.\n\n' +
  'Answers are JSON, errors included: `message` says what was expected and what came, `code` is for programs, ' +
  '`errors` names each bad image by its place in the request. Limits are those of the service as it starts; its ' +
  'options change them.\n\n' +
  'A service that was started with keys requires one for images and for the card of the model, as ' +
  '`Authorization: Bearer KEY` or `x-api-key: KEY`.\n\n' +
  'A service that is full answers 503 at once; `Retry-After` says when to try again.';

/** The description of the service as OpenAPI 3.1: https://spec.openapis.org/oas/v3.1.1 */
export function openApiDocument({ version, images, card }: DocumentParts): OpenApiDocument {
  const imagePaths = {
    '/mnist/classify': { post: classifyOperation(classifyExamples(images)) },
    '/mnist/read': { post: readOperation(numberExamples(images)) },
    '/mnist/corrections': { post: correctionOperation(images.seven) },
  };
  return {
    openapi: '3.1.1',
    info: {
      title: 'inkdigit',
      version,
      summary: 'Reads handwritten digits',
      description: DESCRIPTION,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '.', description: 'The service that this document comes from.' }],
    tags: [
      { name: 'Images', description: 'Reading digits and numbers.' },
      { name: 'Service', description: 'What the service says of itself.' },
      { name: 'Open Inference Protocol', description: "KServe's second protocol and its first." },
    ],
    paths: { ...imagePaths, ...infoPaths({ version, card }), ...protocolPaths(protocolExamples(images)) },
    components: {
      schemas: schemaComponents(),
      responses: sharedResponses(),
      headers: sharedHeaders(),
      examples: errorExamples(),
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'A key of the service.' },
        apiKey: { type: 'apiKey', in: 'header', name: 'x-api-key', description: 'A key of the service.' },
      },
    },
    'x-errors': documentedErrors(),
  };
}
