import { describe, expect, it } from 'vitest';
import { documentParts } from '../../../scripts/build/build-openapi.mjs';
import { paragraphsOf } from '../../../page/docs/prose.js';
import { operationsOf } from '../../../page/docs/operations.js';
import { referredSchemas, schemaRows, typeText, valuesOf } from '../../../page/docs/schema-rows.js';
import { framesIn, shownBody, shownJson } from '../../../page/docs/shown-answer.js';
import { openApiDocument } from '../../../src/openapi/open-api-document.js';

const document = openApiDocument(documentParts());

describe('typeText', () => {
  it.each([
    [{ $ref: '#/components/schemas/ModelCard' }, 'ModelCard'],
    [{ type: 'string', const: 'full' }, '"full"'],
    [{ enum: ['a', 'b'] }, '"a" | "b"'],
    [{ anyOf: [{ type: 'string' }, { type: 'null' }] }, 'string | null'],
    [{ allOf: [{ $ref: '#/components/schemas/A' }, { type: 'object' }] }, 'A & object'],
    [{ type: 'array', items: { $ref: '#/components/schemas/A' } }, 'A[]'],
    [{ type: 'array', items: { anyOf: [{ type: 'string' }, { type: 'integer' }] } }, '(string | integer)[]'],
    [{ type: 'array', items: { type: 'integer', minimum: 0 }, minItems: 4, maxItems: 4 }, 'integer[] (4)'],
    [{ type: 'number', minimum: 0, maximum: 1 }, 'number 0-1'],
    [{ type: 'integer', minimum: 1 }, 'integer from 1'],
    [{ type: 'object', patternProperties: { '^.*$': { type: 'string' } } }, 'map of string'],
    [{ type: 'string', format: 'binary' }, 'file'],
    [{}, 'any'],
  ])('of %j is %s', (schema, text) => {
    expect(typeText(schema)).toBe(text);
  });
});

describe('schemaRows', () => {
  it('gives members of unnamed schemas their way there, and says which may be missing', () => {
    const rows = schemaRows(document.components.schemas['NumberAnswer'] ?? {});
    expect(rows).toContainEqual(
      expect.objectContaining({ name: 'lines[].digits', type: 'integer[] (2)', isRequired: true }),
    );
    expect(rows).toContainEqual(expect.objectContaining({ name: 'digits', type: 'NumberDigitAnswer[]' }));
    expect(rows).toContainEqual(expect.objectContaining({ name: 'raw', isRequired: false }));
  });

  it('knows every type of the document', () => {
    const rows = Object.values(document.components.schemas).flatMap((schema) => schemaRows(schema));
    expect(rows.length).toBeGreaterThan(80);
    // Tensors and instances are what each model takes.
    const anything = rows.filter(({ type }) => type.includes('any'));
    expect(anything.map(({ name }) => name)).toEqual(['inputs[].data', 'instances', 'predictions']);
  });

  it('names the schemas that one refers to, and the values that there are', () => {
    expect(referredSchemas(document.components.schemas['ReadResponse'] ?? {})).toEqual(['NumberAnswer']);
    expect(valuesOf({ const: 'full' })).toEqual(['full']);
    expect(valuesOf({ enum: ['a', 'b'] })).toEqual(['a', 'b']);
    expect(valuesOf({ type: 'string' })).toEqual([]);
  });
});

describe('operationsOf', () => {
  it('puts what is referred to in its place', () => {
    const operations = operationsOf(document);
    const classify = operations.find(({ path }) => path === '/mnist/classify');
    expect(classify).toMatchObject({ method: 'POST', id: 'classify', takesKey: true });
    expect(classify?.bodies.map(({ type }) => type)).toEqual([
      'application/json',
      'multipart/form-data',
      'image/*',
    ]);
    expect(classify?.errors).toContainEqual({
      status: 413,
      code: 'too_many_images',
      when: 'more than `--max-batch`',
    });
    expect(classify?.errors.every(({ when }) => when !== '')).toBe(true);
    const docs = operations.find(({ path }) => path === '/docs');
    expect(docs).toMatchObject({ takesKey: false, bodies: [] });
    expect(docs?.answers).toContainEqual(
      expect.objectContaining({ status: 304, headers: [expect.objectContaining({ name: 'ETag' })] }),
    );
  });
});

describe('what the page of the API shows', () => {
  it('has code between backticks, and paragraphs', () => {
    expect(paragraphsOf('See `a b`\nnow.\n\n`c`')).toEqual([
      [
        { kind: 'text', text: 'See ' },
        { kind: 'code', text: 'a b' },
        { kind: 'text', text: ' now.' },
      ],
      [{ kind: 'code', text: 'c' }],
    ]);
  });

  it('has JSON in lines, short things and numbers in one, long texts cut', () => {
    const numbers = Array.from({ length: 40 }, (_, i) => i);
    expect(shownJson({ a: [1, 2], b: {}, c: 'x'.repeat(200), d: numbers })).toBe(
      `{\n  "a": [1, 2],\n  "b": {},\n  "c": "${'x'.repeat(120)}… (200 characters)",\n` +
        `  "d": [${numbers.join(', ')}]\n}`,
    );
    expect(JSON.parse(shownJson({ a: [{ b: null }, true, 'é"'] }))).toEqual({ a: [{ b: null }, true, 'é"'] });
    expect(shownBody('{"a":1}', 'application/json; charset=utf-8')).toBe('{ "a": 1 }');
    expect(shownBody('{"a":', 'application/json')).toBe('{"a":');
    expect(shownBody('<p>', 'text/html')).toBe('<p>');
  });

  it('finds the frames of an answer', () => {
    const frame = 'data:image/png;base64,AAAA';
    expect(
      framesIn(
        JSON.stringify({
          responses: [
            { class: 1, frame },
            { class: 2, frame },
          ],
        }),
      ),
    ).toEqual([frame, frame]);
    expect(framesIn('{}')).toEqual([]);
  });
});
