import {
  ClassifyRequest,
  ClassifyResponse,
  CorrectionRequest,
  CorrectionResponse,
  ErrorResponse,
  FailedImage,
  HealthResponse,
  NumberAnswer,
  NumberDigitAnswer,
  PartialResponse,
  ReadResponse,
  ServiceResponse,
  VersionResponse,
} from '../api/schemas.js';
import {
  InferErrorResponse,
  InferRequestBody,
  InferResponseBody,
  ModelConfigResponse,
  ModelListResponse,
  ModelMetadataResponse,
  ModelReadyResponse,
  ModelStatisticsResponse,
  PredictRequestBody,
  PredictResponse,
  RepositoryIndexResponse,
  ServerLiveResponse,
  ServerMetadataResponse,
  ServerReadyResponse,
} from '../api/oip.js';
import { ModelCard } from '../model/card/card.js';
import type { JsonSchema, Parameter } from './document-types.js';

/** The schemas that have a name in the document; within each other they are referred to by it. */
const NAMED = {
  ClassifyRequest,
  ClassifyResponse,
  ClassifyAnswer: ClassifyResponse.properties.responses.items,
  PartialResponse,
  FailedImage,
  ReadResponse,
  NumberAnswer,
  NumberDigitAnswer,
  CorrectionRequest,
  CorrectionResponse,
  ErrorResponse,
  HealthResponse,
  ServiceResponse,
  VersionResponse,
  ModelCard,
  InferRequestBody,
  InferResponseBody,
  ServerMetadataResponse,
  ServerLiveResponse,
  ServerReadyResponse,
  ModelListResponse,
  ModelMetadataResponse,
  ModelReadyResponse,
  ModelConfigResponse,
  ModelStatisticsResponse,
  RepositoryIndexResponse,
  PredictRequestBody,
  PredictResponse,
  InferErrorResponse,
} as const;
export type SchemaName = keyof typeof NAMED;

export function schemaRef(name: SchemaName): JsonSchema {
  return { $ref: `#/components/schemas/${name}` };
}

/** What `components.schemas` has: the schemas that the routes check and write by. */
export function schemaComponents(): Record<string, JsonSchema> {
  return Object.fromEntries(
    Object.entries(NAMED).map(([name, schema]) => [name, withReferences(plain(schema), name)]),
  );
}

/** A schema of TypeBox as JSON has it, without what that library hides in it. */
function plain(schema: object): JsonSchema {
  const copy: JsonSchema = JSON.parse(JSON.stringify(schema));
  return copy;
}

const NAME_OF_TEXT: ReadonlyMap<string, string> = new Map(
  Object.entries(NAMED).map(([name, schema]) => [JSON.stringify(schema), name]),
);

/** Puts a reference in the place of every schema within that has a name of its own. */
function withReferences(schema: JsonSchema, ownName: string): JsonSchema {
  const refer = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(refer);
    if (typeof value !== 'object' || value === null) return value;
    const name = NAME_OF_TEXT.get(JSON.stringify(value));
    if (name !== undefined && name !== ownName) return { $ref: `#/components/schemas/${name}` };
    return Object.fromEntries(Object.entries(value).map(([key, of]) => [key, refer(of)]));
  };
  return Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, refer(value)]));
}

interface QuerySchema {
  readonly properties: Readonly<Record<string, object>>;
}

/**
 * The members of a query as parameters; all are optional.
 * @param examples a value for each that only one who knows it could type
 */
export function queryParameters(
  query: QuerySchema,
  examples: Readonly<Record<string, string>> = {},
): Parameter[] {
  return Object.entries(query.properties).map(([name, schema]) => {
    const { description, ...rest } = plain(schema);
    if (typeof description !== 'string') throw new Error(`The query member "${name}" has no description.`);
    // A value of a query is text, whatever it stands for.
    const parameter: Parameter = { name, in: 'query', description, schema: { type: 'string', ...rest } };
    const example = examples[name];
    return example === undefined ? parameter : { ...parameter, example };
  });
}
