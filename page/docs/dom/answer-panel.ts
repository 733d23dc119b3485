import { make } from '../../dom/elements.js';
import { framesIn, shownBody } from '../shown-answer.js';
import { codeBlock } from './rich-text.js';

/** What came of a request. */
export interface Answered {
  readonly status: number;
  readonly statusText: string;
  /** Those that say something about this answer. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
  readonly ms: number;
}

/** The answer to a request that the form sent. */
export class AnswerPanel {
  readonly element = make('div', 'answer');
  readonly #status = make('p', 'answer-status');
  readonly #rest = make('div');

  constructor() {
    this.#status.setAttribute('role', 'status');
    this.element.append(this.#status, this.#rest);
  }

  showWaiting(): void {
    this.element.dataset['state'] = 'waiting';
    this.#status.replaceChildren('Asking …');
    this.#rest.replaceChildren();
  }

  /** Nothing was sent, or nothing came back. */
  showProblem(text: string): void {
    this.element.dataset['state'] = 'refused';
    this.#status.replaceChildren(text);
    this.#rest.replaceChildren();
  }

  show({ status, statusText, headers, body, ms }: Answered): void {
    this.element.dataset['state'] = status < 400 ? 'good' : 'refused';
    const bytes = new TextEncoder().encode(body).length;
    const time = `${Math.max(1, Math.round(ms))} ms`;
    this.#status.replaceChildren(make('strong', '', `${status} ${statusText}`), ` ${time}, ${bytes} bytes`);
    const facts = headers.map(([name, value]) =>
      make('div', '', make('dt', '', name), make('dd', '', value)),
    );
    const type = headers.find(([name]) => name === 'content-type')?.[1] ?? '';
    const frames = framesIn(body).map((frame, i) => {
      const picture = make('img');
      picture.src = frame;
      picture.alt = `What the model was given of image ${i}`;
      return picture;
    });
    this.#rest.replaceChildren(
      make('dl', 'headers', ...facts),
      ...(frames.length > 0 ? [make('div', 'frames', ...frames)] : []),
      ...(body === '' ? [] : [codeBlock(shownBody(body, type), 'The body of the answer')]),
    );
  }
}
