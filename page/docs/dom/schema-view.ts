import type { JsonSchema } from '../../../src/openapi/document-types.js';
import { make } from '../../dom/elements.js';
import { referredSchemas, schemaRows, typeText } from '../schema-rows.js';
import { richLine, scrollTable, tableRow } from './rich-text.js';

/** One named schema, folded: its members in a table. */
export function schemaView(name: string, schema: JsonSchema): HTMLElement {
  const rows = schemaRows(schema).map(({ name: member, type, isRequired, description }) =>
    tableRow(
      make('code', '', member),
      [withLinks(type, schema)],
      [...(isRequired ? [] : [make('i', '', 'optional '), ' ']), ...richLine(description)],
    ),
  );
  const summary = make('summary', '', make('h3', '', make('code', '', name)));
  const content =
    rows.length > 0
      ? scrollTable(`Members of ${name}`, ['Member', 'Type', 'Meaning'], rows)
      : make('p', '', withLinks(typeText(schema), schema));
  const view = make('details', 'schema', summary, content);
  view.id = `schema-${name}`;
  return view;
}

/** A type with the names of other schemas as links to them. */
export function withLinks(type: string, schema: JsonSchema): HTMLElement {
  const names = new Set(referredSchemas(schema));
  const words = type.split(/(\w+)/).map((word) => (names.has(word) ? schemaLink(word) : word));
  return make('code', 'type', ...words);
}

function schemaLink(name: string): HTMLElement {
  const link = make('a', '', name);
  link.href = `#schema-${name}`;
  return link;
}
