import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { documentParts } from '../../scripts/build/build-openapi.mjs';
import { readImageSyncIfSmall } from '../../src/image/read-image.js';
import { openDigitModels, type DigitModels } from '../../src/model/digit-models.js';
import { shippedModelPath } from '../../src/model/model-paths.js';
import type { Example, Operation } from '../../src/openapi/document-types.js';
import { EXCHANGES } from '../../src/openapi/document-examples.js';
import { openApiDocument } from '../../src/openapi/open-api-document.js';
import { buildTestApp } from '../helpers/programs/test-app.js';

// The examples of the document, asked of the models that ship.

const parts = documentParts();
const document = openApiDocument(parts);

let app: FastifyInstance;
let models: DigitModels;
beforeAll(async () => {
  const opened = await openDigitModels(shippedModelPath());
  models = opened;
  app = await buildTestApp({ ...opened, readImage: readImageSyncIfSmall, version: parts.version });
});
afterAll(async () => {
  await app.close();
  await models.classifier.close();
});

/** Examples write probabilities with four digits, and processors differ in the last ones. */
const TOLERANCE = 0.002;

function expectLike(came: unknown, example: unknown): void {
  if (typeof example === 'number' && !Number.isInteger(example)) {
    expect(Math.abs(Number(came) - example)).toBeLessThan(TOLERANCE);
  } else if (typeof example === 'object' && example !== null) {
    expect(Object.keys(came as object)).toEqual(Object.keys(example));
    for (const [key, value] of Object.entries(example))
      expectLike((came as Record<string, unknown>)[key], value);
  } else if (typeof came === 'number' && !Number.isInteger(came)) {
    expect(Math.abs(came - Number(example))).toBeLessThan(TOLERANCE);
  } else expect(came).toEqual(example);
}

function postOf(path: string): Operation {
  const operation = document.paths[path]?.post;
  if (!operation) throw new Error(`The document has no POST ${path}.`);
  return operation;
}

function examplesOf(part: { readonly examples?: object } | undefined): Record<string, Example> {
  return { ...part?.examples };
}

function requestsOf(path: string): Record<string, Example> {
  return examplesOf(postOf(path).requestBody?.content['application/json']);
}

function answersOf(path: string): Record<string, Example> {
  const response = postOf(path).responses['200'];
  if (!response || '$ref' in response) throw new Error(`POST ${path} has no 200.`);
  return examplesOf(response.content?.['application/json']);
}

describe('examples of the OpenAPI document', () => {
  it.each(EXCHANGES)(
    '$path$query answers $request with $answer',
    async ({ path, request, query, answer }) => {
      const payload = requestsOf(path)[request]?.value;
      const url = path.replace('{model}', 'digits').replace('{version}', '1') + query;
      const came = await app.inject({ method: 'POST', url, payload: payload as object });
      expect(came.statusCode).toBe(200);
      expectLike(came.json(), answersOf(path)[answer]?.value);
    },
  );

  it('are all asked for', () => {
    for (const path of ['/mnist/classify', '/mnist/read']) {
      const of = EXCHANGES.filter((exchange) => exchange.path === path);
      expect(Object.keys(requestsOf(path))).toEqual([...new Set(of.map(({ request }) => request))]);
      expect(Object.keys(answersOf(path))).toEqual(of.map(({ answer }) => answer));
    }
  });

  it('are those of the other routes', async () => {
    for (const [path, { get }] of Object.entries(document.paths)) {
      // There where models are versions of a store; its schema is checked by.
      if (path === '/version') continue;
      const response = get?.responses['200'];
      if (!response || '$ref' in response) continue;
      for (const [name, example] of Object.entries(examplesOf(response.content?.['application/json']))) {
        const came = (await app.inject(path)).json<Record<string, unknown>>();
        if (path !== '/') expect(came, name).toEqual(example.value);
        else expect(came).toMatchObject({ name: 'inkdigit', version: parts.version });
      }
    }
    const { routes } = (await app.inject('/')).json<{ routes: string[] }>();
    const example = JSON.stringify(document.paths['/']);
    const named = routes.filter((route) => example.includes(`"${route}"`));
    expect(named).toContain('POST /mnist/classify');
    expect(named.length).toBe([...example.matchAll(/"(?:GET|POST) \//g)].length);
  });

  it('would not pass for others', () => {
    expect(() => expectLike({ class: 7, probability: 0.99 }, { class: 7, probability: 0.9961 })).toThrow();
    expect(() =>
      expectLike({ class: 7, probability: 0.9961, box: [] }, { class: 7, probability: 0.9961 }),
    ).toThrow();
  });
});
