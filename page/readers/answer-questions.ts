import { contentOfImage, readContent } from '../../src/browser/browser-reader.js';
import type { DeviceNetworks } from '../../src/browser/device-networks.js';
import { explain, occludedNetwork, type OccludedNetwork } from '../../src/browser/explain.js';
import { planeOfStoredPng, storedPngUrl } from '../../src/browser/stored-png.js';
import { InkdigitError, messageOf } from '../../src/errors.js';
import { FRAME_SIDE } from '../../src/image/frame.js';
import { VIEW_SIDE } from '../../src/image/view/sizes.js';
import { DEFAULT_NORMALIZE } from '../../src/image/normalize-mode.js';
import { LARGEST_SIDE } from '../../src/image/normalize/to-content.js';
import {
  NUMBER_LARGEST_SIDE,
  numberInContent,
  numberQuestionOf,
} from '../../src/reading/number-in-content.js';
import { detailedAnswerOf, numberAnswerOf } from '../../src/reading/wire-answers.js';
import type { ReaderAnswer, ReaderQuestion } from './messages.js';

/** Which network was shown a picture of this side. */
const ROLE_OF_SIDE: ReadonlyMap<number, 'frames' | 'reader'> = new Map([
  [FRAME_SIDE, 'frames'],
  [VIEW_SIDE, 'reader'],
]);

/** Answers questions one after the other; those that were forgotten meanwhile are passed over. */
export class QuestionQueue {
  readonly #networks: DeviceNetworks;
  readonly #answer: (answer: ReaderAnswer) => void;
  /** By what is asked: they keep what the network gave. */
  readonly #occluded = new Map<'frames' | 'reader', OccludedNetwork>();
  readonly #controllers = new Map<number, AbortController>();
  #last: Promise<void> = Promise.resolve();

  constructor(networks: DeviceNetworks, answer: (answer: ReaderAnswer) => void) {
    this.#networks = networks;
    this.#answer = answer;
  }

  /** Takes a question, or that one is not to be answered. */
  take(question: ReaderQuestion): void {
    if (question.kind === 'forget') {
      this.#controllers.get(question.id)?.abort();
      return;
    }
    const controller = new AbortController();
    this.#controllers.set(question.id, controller);
    this.#last = this.#last.then(() => this.#settle(question, controller.signal));
  }

  async #settle(question: Exclude<ReaderQuestion, { kind: 'forget' }>, signal: AbortSignal): Promise<void> {
    const { id } = question;
    try {
      signal.throwIfAborted();
      const isWhy = question.kind === 'explain';
      this.#answer(
        await (isWhy ? this.#explain(question, signal) : answerTo(this.#networks, question, signal)),
      );
    } catch (thrown) {
      const code = thrown instanceof InkdigitError ? thrown.code : 'internal';
      if (!signal.aborted) this.#answer({ kind: 'failed', id, code, message: messageOf(thrown) });
    } finally {
      this.#controllers.delete(id);
    }
  }

  async #explain(
    { id, frame, answer }: Extract<ReaderQuestion, { kind: 'explain' }>,
    signal: AbortSignal,
  ): Promise<ReaderAnswer> {
    const shown = planeOfStoredPng(frame);
    const role = shown && ROLE_OF_SIDE.get(shown.width);
    if (!shown || !role) return { kind: 'failed', id, code: 'unsupported', message: 'it is read as a whole' };
    const network = this.#occluded.get(role) ?? occludedNetwork(await this.#networks.networkOf(role));
    this.#occluded.set(role, network);
    return { kind: 'explained', id, answer: await explain(network, shown, answer, { signal }) };
  }
}

async function answerTo(
  networks: DeviceNetworks,
  question: Exclude<ReaderQuestion, { kind: 'forget' | 'explain' }>,
  signal: AbortSignal,
): Promise<ReaderAnswer> {
  const { id, image } = question;
  if (question.kind === 'classify') {
    const content = await contentOfImage(image, LARGEST_SIDE, DEFAULT_NORMALIZE, signal);
    const { reading, input } = await readContent(networks, content, true);
    if (!input) throw new Error('unreachable: it was asked for');
    return { kind: 'digit', id, answer: detailedAnswerOf(reading, storedPngUrl(input)) };
  }
  const known = numberQuestionOf(question.known);
  const content = await contentOfImage(image, NUMBER_LARGEST_SIDE, DEFAULT_NORMALIZE, signal);
  const number = await numberInContent(await networks.networksFor(content), content, known);
  return { kind: 'number', id, answer: numberAnswerOf(number, true) };
}
