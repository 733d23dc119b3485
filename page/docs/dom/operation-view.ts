import type { Parameter } from '../../../src/openapi/document-types.js';
import { make } from '../../dom/elements.js';
import type { Content, DocOperation } from '../operations.js';
import { shownJson } from '../shown-answer.js';
import { schemaRows, typeText, valuesOf } from '../schema-rows.js';
import { codeBlock, richLine, richParagraphs, scrollTable, tableRow } from './rich-text.js';
import { withLinks } from './schema-view.js';
import { TryForm, type TryFormDeps } from './try-form.js';

/** One operation: what it does on one side, a form to try it on the other. */
export function operationView(operation: DocOperation, deps: TryFormDeps): HTMLElement {
  const { id, method, path, summary, description, takesKey } = operation;
  const title = make('h3', '', methodBadge(method), make('code', '', path), make('span', '', summary));
  title.id = `${id}-title`;
  const about = make(
    'div',
    'about',
    ...richParagraphs(description),
    ...(takesKey ? [make('p', 'aside', 'A service with keys requires one here.')] : []),
    ...parametersOf(operation),
    ...bodyOf(operation),
    ...answersOf(operation),
    ...errorsOf(operation),
  );
  const tryIt = make('div', 'side', make('h4', '', 'Try it'), new TryForm(operation, deps).element);
  const view = make('section', 'operation', title, make('div', 'halves', about, tryIt));
  view.id = id;
  view.setAttribute('aria-labelledby', title.id);
  return view;
}

export function methodBadge(method: DocOperation['method']): HTMLElement {
  return make('span', `method ${method.toLowerCase()}`, method);
}

function parametersOf({ path, parameters }: DocOperation): HTMLElement[] {
  if (parameters.length === 0) return [];
  const rows = parameters.map((parameter) =>
    tableRow(
      make('code', '', parameter.name),
      [make('code', 'type', parameterType(parameter))],
      [...richLine(parameter.description)],
    ),
  );
  return [
    make('h4', '', 'Parameters'),
    scrollTable(`Parameters of ${path}`, ['Name', 'Value', 'Meaning'], rows),
  ];
}

/** Where a pattern says little to people, an example says more. */
function parameterType({ in: place, schema, example }: Parameter): string {
  if (place === 'header') return 'header';
  if (place === 'path') return 'in the path';
  const values = valuesOf(schema);
  if (values.length > 0) return values.join(', ');
  return example === undefined ? typeText(schema) : `as ${example}`;
}

function bodyOf({ path, bodies, bodyDescription }: DocOperation): HTMLElement[] {
  if (bodies.length === 0) return [];
  const rows = bodies.map(({ type, schema }) => {
    const { description } = schema;
    const [first] = schemaRows(schema);
    const words = typeof description === 'string' ? richLine(description) : [];
    const members =
      words.length === 0 || !first ? [] : [make('code', '', `${first.name}: ${first.type}`), ' '];
    const content = words.length > 0 ? [...members, ...words] : [withLinks(typeText(schema), schema)];
    return tableRow(make('code', '', type), content);
  });
  return [
    make('h4', '', 'Body'),
    ...richParagraphs(bodyDescription),
    scrollTable(`Bodies of ${path}`, ['Content type', 'Content'], rows),
    ...bodies.flatMap(examplesOf),
  ];
}

function answersOf({ answers }: DocOperation): HTMLElement[] {
  return [
    make('h4', '', 'Answers'),
    ...answers.flatMap(({ status, description, headers, contents }) => [
      make('p', '', make('strong', '', String(status)), ' ', ...richLine(description)),
      make(
        'ul',
        'contents',
        ...contents.map(({ type, schema }) =>
          make('li', '', make('code', '', type), ': ', withLinks(typeText(schema), schema)),
        ),
        ...headers.map(({ name, description: meaning }) =>
          make('li', '', make('code', '', name), ': ', ...richLine(meaning)),
        ),
      ),
      ...contents.flatMap(examplesOf),
    ]),
  ];
}

function examplesOf({ examples }: Content): HTMLElement[] {
  return examples.map(({ title, value }) =>
    make('details', 'example', make('summary', '', `Example: ${title}`), codeBlock(shownJson(value), title)),
  );
}

function errorsOf({ path, errors }: DocOperation): HTMLElement[] {
  const rows = errors.map(({ status, code, when }) =>
    tableRow(String(status), [errorLink(code)], richLine(when)),
  );
  return [
    make(
      'details',
      'errors',
      make('summary', '', make('h4', '', `Errors (${errors.length})`)),
      scrollTable(`Errors of ${path}`, ['Status', 'Code', 'When'], rows),
    ),
  ];
}

function errorLink(code: string): HTMLElement {
  const link = make('a', '', make('code', '', code));
  link.href = `#error-${code}`;
  return link;
}
