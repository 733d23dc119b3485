import type {
  Example,
  Header,
  JsonSchema,
  MediaType,
  OpenApiDocument,
  Operation,
  Parameter,
  Reference,
  Response,
} from '../../src/openapi/document-types.js';

/** A way to send or to answer something. */
export interface Content {
  /** As `application/json`. */
  readonly type: string;
  readonly schema: JsonSchema;
  readonly examples: readonly { readonly title: string; readonly value: unknown }[];
}

/** One status of an operation that is no error, or one of its error codes. */
export interface Answer {
  readonly status: number;
  readonly description: string;
  readonly headers: readonly { readonly name: string; readonly description: string }[];
  readonly contents: readonly Content[];
}

export interface OperationError {
  readonly status: number;
  readonly code: string;
  readonly when: string;
}

/** One operation of the document, with everything that it refers to in its place. */
export interface DocOperation {
  readonly id: string;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  readonly description: string;
  /** Whether a service with keys requires one here. */
  readonly takesKey: boolean;
  readonly parameters: readonly Parameter[];
  readonly bodyDescription: string;
  readonly bodies: readonly Content[];
  readonly answers: readonly Answer[];
  readonly errors: readonly OperationError[];
}

/** The operations of a document, in its order. */
export function operationsOf(document: OpenApiDocument): DocOperation[] {
  return Object.entries(document.paths).flatMap(([path, { get, post }]) => [
    ...(get ? [operationOf(document, 'GET', path, get)] : []),
    ...(post ? [operationOf(document, 'POST', path, post)] : []),
  ]);
}

function operationOf(
  document: OpenApiDocument,
  method: DocOperation['method'],
  path: string,
  operation: Operation,
): DocOperation {
  const { operationId: id, summary, description, tags, security, parameters = [], requestBody } = operation;
  const responses = Object.entries(operation.responses).map(([status, response]) => ({
    status: Number(status),
    response: responseOf(document, response),
  }));
  return {
    id,
    method,
    path,
    tag: tags[0] ?? '',
    summary,
    description,
    takesKey: security.some((scheme) => Object.keys(scheme).length > 0),
    parameters,
    bodyDescription: requestBody?.description ?? '',
    bodies: contentsOf(document, requestBody?.content),
    answers: responses
      .filter(({ status }) => status < 400)
      .map(({ status, response }) => ({
        status,
        description: response.description,
        headers: headersOf(document, response),
        contents: contentsOf(document, response.content),
      })),
    errors: responses
      .filter(({ status }) => status >= 400)
      .flatMap(({ status, response }) =>
        codesOf(response).map((code) => ({ status, code, when: document['x-errors'][code]?.when ?? '' })),
      ),
  };
}

function responseOf({ components }: OpenApiDocument, response: Response | Reference): Response {
  return '$ref' in response ? named(components.responses, response.$ref) : response;
}

function headersOf({ components }: OpenApiDocument, { headers = {} }: Response): Answer['headers'] {
  return Object.entries(headers).map(([name, header]) => {
    const { description }: Header = '$ref' in header ? named(components.headers, header.$ref) : header;
    return { name, description };
  });
}

function contentsOf(
  { components }: OpenApiDocument,
  content: Readonly<Record<string, MediaType>> = {},
): Content[] {
  return Object.entries(content).map(([type, { schema, examples = {} }]) => ({
    type,
    schema,
    examples: Object.entries(examples).map(([name, example]) => {
      const { summary = name, value }: Example =
        '$ref' in example ? named(components.examples, example.$ref) : example;
      return { title: summary, value };
    }),
  }));
}

/** The error codes of a response, which its schema names. */
function codesOf({ content = {} }: Response): string[] {
  return Object.values(content).flatMap(({ schema }) => {
    const [, codes = ''] = /"code":\{"enum":\[([^\]]*)\]/.exec(JSON.stringify(schema)) ?? [];
    return codes.split(',').map((code) => code.replaceAll('"', ''));
  });
}

/** What a reference names. @throws Error where there is nothing of that name */
function named<T>(parts: Readonly<Record<string, T>>, reference: string): T {
  const part = parts[nameOf(reference)];
  if (part === undefined) throw new Error(`The document has no ${reference}.`);
  return part;
}

/** `#/components/schemas/ModelCard` -> `ModelCard` */
export function nameOf(reference: string): string {
  return reference.split('/').at(-1) ?? '';
}
