import { readFileSync } from 'node:fs';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { documentParts } from '../../scripts/build/build-openapi.mjs';
import { shapeHash, TYPES_FILE } from '../../scripts/check-openapi.mjs';
import type {
  ClassifyQuery,
  ClassifyRequest,
  ClassifyResponse,
  ErrorResponse,
  FailedImage,
  NumberAnswer,
  PartialResponse,
  ReadQuery,
  ReadResponse,
} from '../../src/api/schemas.js';
import type { Classification, DetailedClassification, ModelCard } from '../../src/client/exports.js';
import { openApiDocument } from '../../src/openapi/open-api-document.js';
import type { components, operations } from './generated-types.js';

type Schemas = components['schemas'];
type Query<Operation extends 'classify' | 'readNumbers'> = NonNullable<
  operations[Operation]['parameters']['query']
>;

/** TypeScript tells `?: T` from `?: T | undefined` here, which programs that generators write do not. */
type Plain<T> = T extends (infer Item)[]
  ? Plain<Item>[]
  : T extends object
    ? { [Key in keyof T]: Plain<T[Key]> | (undefined extends T[Key] ? undefined : never) }
    : T;

// tsc compares the types; the runner only sees that they were made of this document.
describe('the types that openapi-typescript makes of the document', () => {
  it('were made of the document as it is: npm run check:openapi makes them', () => {
    const hash = shapeHash(openApiDocument(documentParts()));
    expect(readFileSync(TYPES_FILE, 'utf8')).toContain(`with the shape ${hash}.`);
  });

  it('change with schemas, and not with words', () => {
    const document = openApiDocument(documentParts());
    expect(shapeHash({ ...document, info: { ...document.info, version: '9.9.9' } })).toBe(
      shapeHash(document),
    );
    expect(shapeHash({ ...document, paths: {} })).not.toBe(shapeHash(document));
  });

  it("fit what goes over the wire and the client's types, both ways", () => {
    expectTypeOf<Plain<Schemas['ClassifyRequest']>>().toEqualTypeOf<Plain<ClassifyRequest>>();
    expectTypeOf<Plain<Schemas['ReadResponse']>>().toExtend<Plain<ReadResponse>>();
    expectTypeOf<Plain<ReadResponse>>().toExtend<Plain<Schemas['ReadResponse']>>();
    expectTypeOf<Plain<Schemas['NumberAnswer']>>().toExtend<Plain<NumberAnswer>>();
    expectTypeOf<Plain<NumberAnswer>>().toExtend<Plain<Schemas['NumberAnswer']>>();
    expectTypeOf<Plain<Schemas['ClassifyResponse']>>().toExtend<Plain<ClassifyResponse>>();
    expectTypeOf<Plain<ClassifyResponse>>().toExtend<Plain<Schemas['ClassifyResponse']>>();
    expectTypeOf<Plain<Schemas['PartialResponse']>>().toExtend<Plain<PartialResponse>>();
    expectTypeOf<Plain<PartialResponse>>().toExtend<Plain<Schemas['PartialResponse']>>();
    expectTypeOf<Schemas['ErrorResponse']>().toEqualTypeOf<ErrorResponse>();
    expectTypeOf<Schemas['FailedImage']>().toEqualTypeOf<FailedImage>();
    expectTypeOf<Plain<DetailedClassification>>().toExtend<Plain<Schemas['ClassifyAnswer']>>();
    expectTypeOf<Pick<Schemas['ClassifyAnswer'], 'class' | 'probability'>>().toEqualTypeOf<Classification>();
    expectTypeOf<Plain<Query<'classify'>>>().toExtend<Plain<ClassifyQuery>>();
    expectTypeOf<Plain<ClassifyQuery>>().toExtend<Plain<Query<'classify'>>>();
    expectTypeOf<Plain<Query<'readNumbers'>>>().toExtend<Plain<ReadQuery>>();
    expectTypeOf<Plain<ReadQuery>>().toExtend<Plain<Query<'readNumbers'>>>();
    expectTypeOf<Schemas['ModelCard']>().toExtend<ModelCard>();
  });
});
