import Schema from 'typebox/schema';
import { describe, expect, it } from 'vitest';
import { documentParts } from '../../scripts/build/build-openapi.mjs';
import type { Operation, Reference, Response } from '../../src/openapi/document-types.js';
import { openApiDocument } from '../../src/openapi/open-api-document.js';
import { REQUEST_ERROR_CODES } from '../../src/openapi/request-errors.js';
import { statusOf } from '../../src/server/http/error-table.js';
import { Collection } from '../../src/collected/collection.js';
import type { ModelControl } from '../../src/server/models/model-control.js';
import { MODEL_FILE_PATHS } from '../../src/server/routes/model-files.js';
import { PAGE_FILES } from '../../src/server/routes/page-files.js';
import { buildTestApp } from '../helpers/programs/test-app.js';

const document = openApiDocument(documentParts());

const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]): [name: string, operation: Operation] => [
    `${method.toUpperCase()} ${path}`,
    operation,
  ]),
);

/** What a `$ref` of the document names. */
function resolve(reference: string): unknown {
  const keys = reference.replace(/^#\//, '').split('/');
  return keys.reduce<unknown>((part, key) => (part as Record<string, unknown>)[key], document);
}

function responseOf(response: Response | Reference): Response {
  return '$ref' in response ? (resolve(response.$ref) as Response) : response;
}

/** A part of the document with all that it refers to in its place. */
function resolved(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(resolved);
  if (typeof part !== 'object' || part === null) return part;
  if ('$ref' in part) return resolved(resolve(String(part.$ref)));
  return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, resolved(value)]));
}

/** The errors of an operation: status and codes. */
function errorsOf({ responses }: Operation): [status: number, codes: string[]][] {
  return Object.entries(responses)
    .filter(([status]) => Number(status) >= 400)
    .map(([status, response]) => {
      const json = responseOf(response).content?.['application/json'];
      const [form, { properties }] = (json?.schema['allOf'] ?? []) as unknown as [
        { $ref: string },
        { properties: { code: { enum: string[] } } },
      ];
      const codes = properties.code.enum;
      expect(form.$ref).toMatch(/\/(?:Infer)?ErrorResponse$/);
      if (json?.examples) expect(Object.keys(json.examples)).toEqual(codes);
      return [Number(status), codes];
    });
}

describe('the OpenAPI document', () => {
  it('has every route of the service, and no other; files of the pages alone are left out', async () => {
    const page = PAGE_FILES.map(({ path, contentType }) => {
      return { path, contentType, body: Buffer.of(), etag: '""', encoded: [] };
    });
    const modelControl: ModelControl = {
      now: () => {
        throw new Error('Routes are listed, not asked.');
      },
      choose: async () => ({ ok: false, serving: 1 }),
    };
    const collection = new Collection('/nowhere', 1);
    const app = await buildTestApp({ page, metricsText: async () => '', modelControl, collection });
    const { routes } = (await app.inject('/')).json<{ routes: string[] }>();
    await app.close();
    const documented = operations.map(([name]) => name);
    const own = new Set(['/docs', '/openapi.json']);
    const ofPages = page.map(({ path }) => path).filter((path) => !own.has(path));
    const partsOfPages = [...ofPages, ...MODEL_FILE_PATHS];
    const expected = routes.filter((route) => !partsOfPages.some((path) => route === `GET ${path}`));
    expect(documented.toSorted()).toEqual(expected.toSorted());
  });

  it.each(operations)(
    'names for %s codes of the error table with their statuses alone',
    (_name, operation) => {
      const errors = errorsOf(operation);
      for (const [status, codes] of errors) {
        expect(codes.length).toBeGreaterThan(0);
        for (const code of codes) {
          expect(document['x-errors'][code]?.status, code).toBe(status);
          expect(responseOf(operation.responses[status]!).description).toContain(`\`${code}\``);
        }
      }
      // What any request may be answered with.
      expect(errors.map(([status]) => status)).toEqual(
        expect.arrayContaining([400, 408, 413, 415, 431, 500, 503]),
      );
      const isOpen = operation.security.every((scheme) => Object.keys(scheme).length === 0);
      expect(errors.some(([status]) => status === 401)).toBe(!isOpen);
    },
  );

  it('has every code that a request may be answered with, and no other', () => {
    const named = new Set(
      operations.flatMap(([, operation]) => errorsOf(operation).flatMap(([, codes]) => codes)),
    );
    const ofNoOperation = ['method_not_allowed'];
    expect([...named, ...ofNoOperation].toSorted()).toEqual([...REQUEST_ERROR_CODES].toSorted());
    expect(Object.entries(document['x-errors']).map(([code, { status }]) => [code, status])).toEqual(
      REQUEST_ERROR_CODES.map((code) => [code, statusOf(code)]),
    );
    const withoutExample = ['model_not_found', 'unsupported', 'route_not_found'];
    expect([...Object.keys(document.components.examples), ...withoutExample].toSorted()).toEqual(
      [...named].toSorted(),
    );
  });

  it('refers to what is there, and has nothing that is referred to nowhere', () => {
    const text = JSON.stringify(document);
    const references = new Set(
      [...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, reference = '']) => reference),
    );
    expect(references.size).toBeGreaterThan(20);
    for (const reference of references) expect(resolve(reference), reference).toBeDefined();
    const { securitySchemes: _, ...parts } = document.components;
    const there = Object.entries(parts).flatMap(([kind, named]) =>
      Object.keys(named).map((name) => `#/components/${kind}/${name}`),
    );
    expect(there.filter((reference) => !references.has(reference))).toEqual([]);
  });

  it('has examples that are as their schemas say', () => {
    const contents = operations.flatMap(([, { requestBody, responses }]) => [
      ...Object.values(requestBody?.content ?? {}),
      ...Object.values(responses).flatMap((response) => Object.values(responseOf(response).content ?? {})),
    ]);
    let checked = 0;
    for (const { schema, examples = {} } of contents) {
      const whole = resolved(schema) as object;
      for (const [name, example] of Object.entries(examples)) {
        const { value } = resolved(example) as { value: unknown };
        const [isValid, errors] = Schema.Errors(whole, value);
        expect(errors, name).toEqual([]);
        expect(isValid).toBe(true);
        expect(Schema.Check(whole, null)).toBe(false);
        checked += 1;
      }
    }
    expect(checked).toBeGreaterThan(50);
  });

  it('has the headers of answers to images, and of refusals', () => {
    const headersOf = (path: string, status: string): string[] => {
      const response = document.paths[path]?.post?.responses[status];
      return Object.keys((response && responseOf(response).headers) ?? {});
    };
    const reading = [
      '/mnist/classify',
      '/mnist/read',
      '/v2/models/{model}/infer',
      '/v1/models/{model}:predict',
    ];
    for (const path of reading) {
      expect(headersOf(path, '200'), path).toEqual(['X-Inkdigit-Model', 'RateLimit', 'RateLimit-Policy']);
      expect(headersOf(path, '429'), path).toEqual(['Retry-After', 'RateLimit-Policy']);
      expect(headersOf(path, '503'), path).toEqual(['Retry-After']);
      expect(headersOf(path, '401'), path).toEqual(['WWW-Authenticate']);
    }
  });

  it('describes every parameter and every member of what is sent', () => {
    for (const [name, { parameters = [] }] of operations) {
      for (const parameter of parameters) expect(parameter.description, name).toMatch(/\.$|`\.$/);
    }
    const posted = operations.find(([name]) => name === 'POST /mnist/classify')?.[1];
    expect(Object.keys(posted?.requestBody?.content ?? {})).toEqual([
      'application/json',
      'multipart/form-data',
      'image/*',
    ]);
  });
});
