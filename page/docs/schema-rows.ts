import type { JsonSchema } from '../../src/openapi/document-types.js';
import { nameOf } from './operations.js';

/** One member of a schema. */
export interface SchemaRow {
  /** With the members around it, as `lines[].text`. */
  readonly name: string;
  readonly type: string;
  readonly isRequired: boolean;
  readonly description: string;
}

/** The members of a schema, those of unnamed schemas within it too; names of other schemas are left as types. */
export function schemaRows(schema: JsonSchema, prefix = ''): SchemaRow[] {
  const { properties, required } = schema;
  if (!isSchema(properties)) return [];
  const names = Array.isArray(required) ? required : [];
  return Object.entries(properties).flatMap(([key, member]) => {
    if (!isSchema(member)) return [];
    const name = prefix + key;
    const { description } = member;
    const row = {
      name,
      type: typeText(member),
      isRequired: names.includes(key),
      description: typeof description === 'string' ? description : '',
    };
    const [inner, mark] = isSchema(member['items']) ? [member['items'], '[].'] : [member, '.'];
    return [row, ...schemaRows(inner, name + mark)];
  });
}

/** A schema in a few words, as `number 0-1` or `NumberAnswer[]`. */
export function typeText(schema: JsonSchema): string {
  const { $ref, type, items, patternProperties } = schema;
  if (typeof $ref === 'string') return nameOf($ref);
  if ('const' in schema) return JSON.stringify(schema['const']);
  const choices = [schema['enum'], schema['anyOf'], schema['allOf']].find((list) => Array.isArray(list));
  if (Array.isArray(choices)) {
    const texts = choices.map((one: unknown) => (isSchema(one) ? typeText(one) : JSON.stringify(one)));
    return [...new Set(texts)].join(schema['allOf'] ? ' & ' : ' | ');
  }
  if (type === 'array') {
    const of = isSchema(items) ? typeText(items) : 'any';
    return `${/[ |]/.test(of) ? `(${of})` : of}[]${rangeText(schema['minItems'], schema['maxItems'])}`;
  }
  if (isSchema(patternProperties)) {
    const [of] = Object.values(patternProperties);
    return `map of ${isSchema(of) ? typeText(of) : 'any'}`;
  }
  if (schema['format'] === 'binary') return 'file';
  return `${typeof type === 'string' ? type : 'any'}${rangeText(schema['minimum'], schema['maximum'])}`;
}

/** The values that a schema leaves a choice of; none where it names none. */
export function valuesOf(schema: JsonSchema): string[] {
  const values = Array.isArray(schema['enum']) ? schema['enum'] : [schema['const'] ?? []].flat();
  return values.map(String);
}

/** The names of schemas that a schema refers to. */
export function referredSchemas(schema: JsonSchema): string[] {
  const names = Object.entries(schema).flatMap(([key, value]) => {
    if (key === '$ref' && typeof value === 'string') return [nameOf(value)];
    const within = Array.isArray(value) ? value : [value];
    return within.flatMap((one: unknown) => (isSchema(one) ? referredSchemas(one) : []));
  });
  return [...new Set(names)];
}

function rangeText(least: unknown, most: unknown): string {
  if (typeof least !== 'number') return '';
  if (typeof most !== 'number') return least === 0 ? '' : ` from ${least}`;
  return least === most ? ` (${least})` : ` ${least}-${most}`;
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
