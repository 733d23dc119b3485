import type { OpenApiDocument } from '../../src/openapi/document-types.js';
import { byId, make } from '../dom/elements.js';
import { LanguageChoice } from './dom/code-view.js';
import { methodBadge, operationView } from './dom/operation-view.js';
import type { Sample } from './dom/image-picker.js';
import { richLine, richParagraphs, tableRow } from './dom/rich-text.js';
import { schemaView } from './dom/schema-view.js';
import type { TryFormDeps } from './dom/try-form.js';
import { operationsOf, type DocOperation } from './operations.js';

/** The sample digits; the build puts them here. */
declare const SAMPLES: readonly Sample[];

const service = new URL('.', location.href).href;

const key = byId('key', HTMLInputElement);
const announcer = byId('announcer', HTMLElement);

const deps: TryFormDeps = {
  samples: SAMPLES,
  service,
  choice: new LanguageChoice(),
  say: (text) => (announcer.textContent = text),
  key: () => (key.validity.valid ? key.value : ''),
  onKeyChange: (listener) => key.addEventListener('input', listener),
};

async function loadDocument(): Promise<OpenApiDocument> {
  const response = await fetch(new URL('openapi.json', service));
  if (!response.ok) throw new Error(`${response.status} ${response.statusText}`);
  const document: OpenApiDocument = await response.json();
  return document;
}

function show(openApi: OpenApiDocument): void {
  const operations = operationsOf(openApi);
  byId('version', HTMLElement).textContent = `Version ${openApi.info.version}`;
  byId('about', HTMLElement).append(...richParagraphs(openApi.info.description));
  const groups = openApi.tags.map(({ name, description }) => ({
    name,
    description,
    operations: operations.filter(({ tag }) => tag === name),
  }));
  byId('operations', HTMLElement).append(
    ...groups.flatMap((group) => [
      make('h2', '', group.name),
      ...group.operations.map((operation) => operationView(operation, deps)),
    ]),
  );
  showErrors(openApi);
  const schemas = Object.entries(openApi.components.schemas);
  const section = byId('schemas', HTMLElement);
  section.append(...schemas.map(([name, schema]) => schemaView(name, schema)));
  section.hidden = false;
  byId('contents', HTMLElement).append(
    ...groups.map((group) => contentsGroup(group.name, group.operations)),
    make(
      'ul',
      '',
      make('li', '', contentsLink('errors', 'Errors')),
      make('li', '', contentsLink('schemas', 'Schemas')),
    ),
  );
}

function showErrors(openApi: OpenApiDocument): void {
  const errors = Object.entries(openApi['x-errors']).toSorted(([, a], [, b]) => a.status - b.status);
  byId('error-rows', HTMLElement).append(
    ...errors.map(([code, { status, when }]) => {
      const row = tableRow(String(status), [make('code', '', code)], richLine(when));
      row.id = `error-${code}`;
      return row;
    }),
  );
  byId('errors', HTMLElement).hidden = false;
}

function contentsGroup(name: string, operations: readonly DocOperation[]): HTMLElement {
  const links = operations.map(({ id, method, path }) =>
    make('li', '', contentsLink(id, methodBadge(method), make('code', '', path))),
  );
  return make('div', '', make('p', '', name), make('ul', '', ...links));
}

function contentsLink(id: string, ...content: readonly (Node | string)[]): HTMLElement {
  const link = make('a', '', ...content);
  link.href = `#${id}`;
  return link;
}

/** Opens what is folded, and goes where the address says: the browser looked for it before it was there. */
function goToHash(): void {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  if (target instanceof HTMLDetailsElement) target.open = true;
  target.scrollIntoView();
}

async function start(): Promise<void> {
  try {
    show(await loadDocument());
    goToHash();
  } catch (thrown) {
    const failure = byId('failure', HTMLElement);
    failure.textContent = `openapi.json cannot be shown: ${String(thrown)}. Reload the page to try again.`;
    failure.hidden = false;
  }
  byId('content', HTMLElement).ariaBusy = 'false';
}

window.addEventListener('hashchange', goToHash);
byId('key-form', HTMLFormElement).addEventListener('submit', (event) => event.preventDefault());
void start();
