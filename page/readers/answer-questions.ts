import { contentOfImage, readContent } from '../../src/browser/browser-reader.js';
import type { PageAnswer } from '../answers.js';
import type { DeviceNetworks } from '../../src/browser/device-networks.js';
import { storedPngUrl } from '../../src/browser/stored-png.js';
import { InkdigitError, messageOf } from '../../src/errors.js';
import { DEFAULT_NORMALIZE } from '../../src/image/normalize-mode.js';
import { LARGEST_SIDE } from '../../src/image/normalize/to-content.js';
import {
  NUMBER_LARGEST_SIDE,
  numberInContent,
  numberQuestionOf,
} from '../../src/reading/number-in-content.js';
import { detailedAnswerOf, numberAnswerOf } from '../../src/reading/wire-answers.js';
import { AnswerExplainer } from './answer-explainer.js';
import type { ReaderAnswer, ReaderQuestion } from './messages.js';

/** Answers questions one after the other; those that were forgotten meanwhile are passed over. */
export class QuestionQueue {
  readonly #networks: DeviceNetworks;
  readonly #answer: (answer: ReaderAnswer) => void;
  readonly #explainer: AnswerExplainer;
  readonly #controllers = new Map<number, AbortController>();
  #last: Promise<void> = Promise.resolve();
  #practising = new AbortController();

  constructor(networks: DeviceNetworks, answer: (answer: ReaderAnswer) => void) {
    this.#networks = networks;
    this.#explainer = new AnswerExplainer(networks);
    this.#answer = answer;
  }

  /** Takes a question, or that one is not to be answered. */
  take(question: ReaderQuestion): void {
    if (question.kind === 'forget') {
      this.#controllers.get(question.id)?.abort();
      return;
    }
    this.#practising.abort();
    const controller = new AbortController();
    this.#controllers.set(question.id, controller);
    this.#last = this.#last.then(() => this.#settle(question, controller.signal));
  }

  async #settle(question: Exclude<ReaderQuestion, { kind: 'forget' }>, signal: AbortSignal): Promise<void> {
    const { id } = question;
    try {
      signal.throwIfAborted();
      const answer = await this.#answerTo(question, signal);
      this.#answer(answer);
      if (answer.kind === 'digit') this.#practise(answer.answer);
    } catch (thrown) {
      const code = thrown instanceof InkdigitError ? thrown.code : 'internal';
      if (!signal.aborted) this.#answer({ kind: 'failed', id, code, message: messageOf(thrown) });
    } finally {
      this.#controllers.delete(id);
    }
  }

  /** While no one asks. */
  #practise({ frame, class: digit }: PageAnswer): void {
    this.#practising = new AbortController();
    const { signal } = this.#practising;
    this.#last = this.#last
      .then(() => this.#explainer.practise(frame, digit, signal))
      .catch(() => {
        // Someone asked; it is tried again after the answer.
      });
  }

  async #answerTo(
    question: Exclude<ReaderQuestion, { kind: 'forget' }>,
    signal: AbortSignal,
  ): Promise<ReaderAnswer> {
    const { id } = question;
    if (question.kind === 'explain') {
      const answer = await this.#explainer.explain(question.frame, question.answer, signal);
      if (answer) return { kind: 'explained', id, answer };
      return { kind: 'failed', id, code: 'unsupported', message: 'it is read as a whole' };
    }
    if (question.kind === 'classify') {
      const content = await contentOfImage(question.image, LARGEST_SIDE, DEFAULT_NORMALIZE, signal);
      const { reading, input } = await readContent(this.#networks, content, true);
      if (!input) throw new Error('unreachable: it was asked for');
      return { kind: 'digit', id, answer: detailedAnswerOf(reading, storedPngUrl(input)) };
    }
    const known = numberQuestionOf(question.known);
    const content = await contentOfImage(question.image, NUMBER_LARGEST_SIDE, DEFAULT_NORMALIZE, signal);
    const number = await numberInContent(await this.#networks.networksFor(content), content, known);
    return { kind: 'number', id, answer: numberAnswerOf(number, true) };
  }
}
