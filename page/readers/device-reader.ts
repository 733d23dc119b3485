import { isDigit, NONE, type PageAnswer, type PageNumber } from '../answers.js';
import type { ReaderAnswer, ReaderQuestion } from './messages.js';
import {
  DeviceReadError,
  type DrawnPixels,
  type PagePicture,
  type PageExplanation,
  type PageReader,
} from './page-reader.js';

/** The way to a reader in a worker. */
export interface ReaderPort {
  send(question: ReaderQuestion): void;
}

/**
 * Opens the way.
 * @param onAnswer called with each answer
 * @param onBroken called when nothing will be answered any more, with the reason in words
 */
export type OpenPort = (
  onAnswer: (answer: ReaderAnswer) => void,
  onBroken: (why: string) => void,
) => ReaderPort;

interface Waiting {
  readonly resolve: (answer: ReaderAnswer) => void;
  readonly reject: (error: unknown) => void;
}

/** A question without the number that it is given. */
type Ask =
  | { readonly kind: 'classify'; readonly image: Blob | DrawnPixels }
  | { readonly kind: 'explain'; readonly frame: string; readonly answer: number }
  | {
      readonly kind: 'readNumber';
      readonly image: Blob | DrawnPixels;
      readonly known: Extract<ReaderQuestion, { kind: 'readNumber' }>['known'];
    };

/** Has this device read pictures, in a worker that starts with the first one. */
export function deviceReader(openPort: OpenPort): PageReader {
  const waiting = new Map<number, Waiting>();
  let port: ReaderPort | undefined;
  let nextId = 1;

  const settle = (id: number, use: (one: Waiting) => void): void => {
    const one = waiting.get(id);
    waiting.delete(id);
    if (one) use(one);
  };
  const opened = (): ReaderPort =>
    (port ??= openPort(
      (answer) => settle(answer.id, ({ resolve }) => resolve(answer)),
      (why) => {
        port = undefined;
        const error = new DeviceReadError('reader_broken', why);
        for (const id of waiting.keys()) settle(id, ({ reject }) => reject(error));
      },
    ));

  const ask = (question: Ask, signal: AbortSignal): Promise<ReaderAnswer> =>
    new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const id = nextId++;
      const way = opened();
      const onAbort = (): void => {
        way.send({ kind: 'forget', id });
        settle(id, (one) => one.reject(signal.reason));
      };
      signal.addEventListener('abort', onAbort, { once: true });
      const settled =
        <T>(use: (value: T) => void) =>
        (value: T): void => {
          signal.removeEventListener('abort', onAbort);
          use(value);
        };
      waiting.set(id, { resolve: settled(resolve), reject: settled(reject) });
      way.send({ ...question, id });
    });

  return {
    readBy: 'device',
    async classify(picture, signal): Promise<PageAnswer> {
      const answer = await ask({ kind: 'classify', image: await imageOf(picture) }, signal);
      if (answer.kind === 'digit') return answer.answer;
      throw errorOf(answer);
    },
    async explain(answer, signal): Promise<PageExplanation | null> {
      const { frame, class: digit } = answer;
      const explained = await ask({ kind: 'explain', frame, answer: isDigit(answer) ? digit : NONE }, signal);
      return explained.kind === 'explained' ? explained.answer : null;
    },
    async readNumber(picture, known, signal): Promise<PageNumber> {
      const answer = await ask({ kind: 'readNumber', image: await imageOf(picture), known }, signal);
      if (answer.kind === 'number') return answer.answer;
      throw errorOf(answer);
    },
  };
}

async function imageOf(picture: PagePicture): Promise<Blob | DrawnPixels> {
  return picture.pixels ?? picture.file();
}

function errorOf(answer: ReaderAnswer): Error {
  if (answer.kind === 'failed') return new DeviceReadError(answer.code, answer.message);
  return new Error(`the reader answered another question: ${answer.kind}`);
}
