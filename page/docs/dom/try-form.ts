import { make } from '../../dom/elements.js';
import { toBase64 } from '../../../src/client/base64.js';
import { addressOf, typeOfImage, type Asked } from '../asked.js';
import type { DocOperation } from '../operations.js';
import { AnswerPanel, type Answered } from './answer-panel.js';
import { CodeView, type CodeViewDeps } from './code-view.js';
import { ImagePicker, type Sample } from './image-picker.js';
import { ParameterFields } from './parameter-fields.js';

/** Headers of an answer that are worth a line. */
const HEADERS_OF_INTEREST = [
  'content-type',
  'content-encoding',
  'etag',
  'retry-after',
  'www-authenticate',
  'allow',
  'x-inkdigit-model',
];

/** How images may be sent, in words. */
const BODY_NAMES: Readonly<Record<string, string>> = {
  'multipart/form-data': 'as a form',
  'application/json': 'as JSON',
  'image/*': 'as one bare image',
};

export interface TryFormDeps extends CodeViewDeps {
  readonly samples: readonly Sample[];
  /** The key that is typed in, or nothing. */
  readonly key: () => string;
  readonly onKeyChange: (listener: () => void) => void;
}

/** A form that sends what it shows as code, and shows the answer. */
export class TryForm {
  readonly element: HTMLFormElement;
  readonly #operation: DocOperation;
  readonly #deps: TryFormDeps;
  readonly #picker: ImagePicker | null;
  readonly #path: ParameterFields;
  readonly #query: ParameterFields;
  readonly #text: HTMLTextAreaElement | null;
  readonly #bodyType = make('select');
  readonly #code: CodeView;
  readonly #answer = new AnswerPanel();
  readonly #send = make('button', 'main', 'Send');

  constructor(operation: DocOperation, deps: TryFormDeps) {
    this.#operation = operation;
    this.#deps = deps;
    const [sampleFolder, first] = operation.path.endsWith('/read')
      ? ['/numbers/', '/2047.']
      : ['/digits/', '/7.'];
    const samples = deps.samples.filter(({ path }) => path.includes(sampleFolder));
    // That of the examples in the document: its answer is the one that stands there.
    const chosen = samples.find(({ path }) => path.includes(first)) ?? samples[0];
    const takesImages = operation.bodies.some(({ type }) => type === 'multipart/form-data');
    this.#picker = takesImages ? new ImagePicker(samples, chosen?.path ?? '') : null;
    this.#text = takesImages || operation.bodies.length === 0 ? null : textBody(operation);
    this.#path = new ParameterFields(operation.parameters, 'path');
    this.#query = new ParameterFields(operation.parameters, 'query');
    for (const [type, name] of Object.entries(BODY_NAMES)) {
      const option = make('option', '', name);
      option.value = type;
      if (operation.bodies.some((body) => body.type === type)) this.#bodyType.append(option);
    }
    this.#code = new CodeView(operation.id, this.#asked(), deps);
    const sent = make('label', 'field sent', 'Sent', this.#bodyType);
    this.element = make(
      'form',
      'try',
      ...(this.#picker ? [this.#picker.element, sent] : []),
      this.#path.element,
      ...(this.#text ? [make('label', 'field', 'Body (JSON)', this.#text)] : []),
      this.#query.element,
      this.#code.element,
      this.#send,
      this.#answer.element,
    );
    this.element.ariaLabel = `Try ${operation.method} ${operation.path}`;
    this.element.addEventListener('input', () => this.#code.show(this.#asked()));
    deps.onKeyChange(() => this.#code.show(this.#asked()));
    this.element.addEventListener('submit', (event) => {
      event.preventDefault();
      void this.#ask();
    });
  }

  /** What the form asks for now. */
  #asked(): Asked {
    const { method, path, takesKey } = this.#operation;
    const bodyType = this.#text ? 'application/json' : this.#picker ? this.#bodyType.value : null;
    const files = this.#picker?.files() ?? [];
    return {
      method,
      path: this.#path
        .values()
        .reduce((filled, [name, value]) => filled.replace(`{${name}}`, encodeURIComponent(value)), path),
      query: this.#query.values(),
      bodyType,
      files: bodyType === 'image/*' ? files.slice(0, 1) : files,
      ...(this.#text && { text: this.#text.value }),
      withKey: takesKey && this.#deps.key() !== '',
    };
  }

  async #ask(): Promise<void> {
    const asked = this.#asked();
    this.#answer.showWaiting();
    this.#send.disabled = true;
    try {
      this.#answer.show(await this.#fetch(asked));
    } catch (thrown) {
      this.#answer.showProblem(`No answer came: ${String(thrown)}`);
    }
    this.#send.disabled = false;
  }

  async #fetch(asked: Asked): Promise<Answered> {
    const { type, body } = await bodyOf(asked, this.#picker?.files() ?? []);
    const headers = new Headers({ accept: '*/*' });
    if (type !== null) headers.set('content-type', type);
    if (asked.withKey) headers.set('authorization', `Bearer ${this.#deps.key()}`);
    const startedMs = performance.now();
    const response = await fetch(addressOf(asked, this.#deps.service), {
      method: asked.method,
      headers,
      body,
    });
    const text = await response.text();
    return {
      status: response.status,
      statusText: response.statusText,
      headers: HEADERS_OF_INTEREST.flatMap((name): [string, string][] => {
        const value = response.headers.get(name);
        return value === null ? [] : [[name, value]];
      }),
      body: text,
      ms: performance.now() - startedMs,
    };
  }
}

/** The body of a request; the browser itself names the type of a form. */
async function bodyOf(
  { bodyType, files: sent, text }: Asked,
  files: readonly File[],
): Promise<{ readonly type: string | null; readonly body: BodyInit | null }> {
  if (bodyType === null) return { type: null, body: null };
  if (text !== undefined) return { type: bodyType, body: text };
  if (bodyType === 'application/json') {
    const requests = await Promise.all(files.map(async (file) => ({ image: await base64Of(file) })));
    return { type: bodyType, body: JSON.stringify({ requests }) };
  }
  if (bodyType === 'image/*') return { type: typeOfImage(sent[0]), body: files[0] ?? '' };
  const form = new FormData();
  for (const file of files) form.append('image', file);
  return { type: null, body: form };
}

async function base64Of(file: File): Promise<string> {
  return toBase64(new Uint8Array(await file.arrayBuffer()));
}

/** A body to type in, which begins as the first example. */
function textBody({ bodies }: DocOperation): HTMLTextAreaElement {
  const area = make('textarea');
  area.rows = 4;
  area.spellcheck = false;
  area.value = JSON.stringify(bodies[0]?.examples[0]?.value ?? {});
  return area;
}
