import { toBase64 } from './base64.js';
import { BatchQueue } from './batch-queue.js';
import { MnistClientError } from './client-error.js';
import type { Answer } from './messages.js';
import { resolveOptions, type ClientSettings, type MnistClientOptions } from './options.js';
import type {
  Classification,
  ClassifyQuery,
  ClassifyRequest,
  DetailedClassification,
  FailedImage,
  NumberAnswer,
} from '../api/schemas.js';
import { isTooLarge, mergeRefusals, refusalOfBatch } from './refusals.js';
import { send, sendWithRetries } from './transport.js';
import { readClassifications, readModelCard, readNumbers, readRefusal, type ModelCard } from './wire.js';

/** The bytes of an image file (PNG, JPEG, GIF, BMP, WebP, TIFF), or its base64 or `data:` URL. */
export type ImageSource = Uint8Array | ArrayBuffer | Blob | string;

export interface ClassifyOptions {
  /**
   * `full` adds the probabilities of all ten digits, whether the image is taken for a digit at all, what the model saw,
   * and where.
   */
  readonly detail?: 'full' | undefined;
  /** Whether the server looks for the digit in each picture; `auto` by default: unless it is a frame as MNIST's are. */
  readonly normalize?: ClassifyQuery['normalize'] | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly partial?: false | undefined;
}

export interface PartialClassifyOptions extends Omit<ClassifyOptions, 'partial'> {
  /** Answers the good images, and says what is wrong with each bad one at its place; else one bad image refuses all. */
  readonly partial: true;
}

/** What is known of the numbers in images: each member narrows what the server considers. */
export interface ReadOptions {
  /** `full` adds `raw`, `alternatives`, and `probabilities` of each digit. */
  readonly detail?: 'full' | undefined;
  /** Digits of a number, exactly, at least, at most. */
  readonly length?: number | undefined;
  readonly minLength?: number | undefined;
  readonly maxLength?: number | undefined;
  /** `d` for each digit, and separators between them: `dd.dd`. */
  readonly pattern?: string | undefined;
  /** The largest value that a number may have. */
  readonly max?: number | undefined;
  /** Lines at most, the likeliest ones. */
  readonly lines?: number | undefined;
  /** Cells of a form beside each other: one digit or none in each. */
  readonly cells?: number | undefined;
  /** Cells of a table, columns x rows, as `9x9`. */
  readonly grid?: string | undefined;
  /** Below it a number is not accepted, and a digit is `?`; 0..1. */
  readonly reject?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A client of an inkdigit server, for browsers and Node. */
export class MnistClient {
  readonly #settings: ClientSettings;
  /** Images in one request; shrinks when the server refuses that many. */
  #maxBatch: number;

  /** @throws MnistClientError `invalid_option` */
  constructor(options: MnistClientOptions = {}) {
    this.#settings = resolveOptions(options);
    this.#maxBatch = this.#settings.maxBatch;
  }

  /**
   * Reads one digit from each image, split over as many requests as needed.
   * @returns one answer an image, in their order; with `partial`, an `error` at the place of one that cannot be read.
   * @throws MnistClientError whose `items` name every bad image, where images were at fault and `partial` is not set;
   * the signal's reason when aborted.
   */
  classify(
    images: readonly ImageSource[],
    options: PartialClassifyOptions & { readonly detail: 'full' },
  ): Promise<(DetailedClassification | FailedImage)[]>;
  classify(
    images: readonly ImageSource[],
    options: PartialClassifyOptions,
  ): Promise<(Classification | FailedImage)[]>;
  classify(
    images: readonly ImageSource[],
    options: ClassifyOptions & { readonly detail: 'full' },
  ): Promise<DetailedClassification[]>;
  classify(images: readonly ImageSource[], options?: ClassifyOptions): Promise<Classification[]>;
  async classify(
    images: readonly ImageSource[],
    options: ClassifyOptions | PartialClassifyOptions = {},
  ): Promise<(Classification | FailedImage)[]> {
    return this.#inBatches<Classification | FailedImage>(
      images,
      options.signal,
      (some, signal) => this.#classifyBatch(some, options, signal),
      options.partial ? ({ code, message }) => ({ error: { code, message } }) : undefined,
    );
  }

  /**
   * Reads every digit in each image, as a number; split over as many requests as needed.
   * @returns one answer an image, in their order.
   * @throws MnistClientError whose `items` name every bad image, where images were at fault; the signal's reason
   * when aborted.
   */
  async read(images: readonly ImageSource[], options: ReadOptions = {}): Promise<NumberAnswer[]> {
    return this.#inBatches(images, options.signal, (some, signal) => this.#readBatch(some, options, signal));
  }

  /**
   * @param ask for one answer an image
   * @param failed what stands in the place of an image that is too large for a request of its own; else it is refused
   */
  async #inBatches<T>(
    images: readonly ImageSource[],
    outer: AbortSignal | undefined,
    ask: (images: readonly ImageSource[], signal: AbortSignal) => Promise<T[]>,
    failed?: (error: MnistClientError) => T,
  ): Promise<T[]> {
    const results = Array.from<T>({ length: images.length });
    const refusals: MnistClientError[] = [];
    const queue = new BatchQueue(images.length, this.#maxBatch);
    await runTogether(this.#settings.concurrency, outer, async (signal) => {
      for (let batch = queue.next(); batch && !signal.aborted; batch = queue.next()) {
        const { from, to } = batch;
        try {
          const answers = await ask(images.slice(from, to), signal);
          answers.forEach((answer, i) => (results[from + i] = answer));
        } catch (thrown) {
          if (!(thrown instanceof MnistClientError)) throw thrown;
          if (isTooLarge(thrown) && to - from > 1) {
            const half = queue.halve(batch);
            if (thrown.code === 'too_many_images') queue.limit(half);
            continue;
          }
          if (failed && isTooLarge(thrown)) {
            results[from] = failed(thrown);
            continue;
          }
          // Bad images do not hold up the other batches: in the end every bad one is named.
          const refusal = refusalOfBatch(thrown, from);
          if (!refusal) throw thrown;
          refusals.push(refusal);
        }
      }
    });
    this.#maxBatch = Math.min(this.#maxBatch, queue.maxBatch);
    const [refusal, ...others] = refusals;
    if (refusal) throw mergeRefusals(refusal, others);
    return results;
  }

  /**
   * The card of the model that the server uses.
   * @throws MnistClientError, the signal's reason when aborted.
   */
  async model(options: { readonly signal?: AbortSignal } = {}): Promise<ModelCard> {
    const { transport, retryPolicy } = this.#settings;
    const answer = await sendWithRetries(this.#url('model'), {}, transport, retryPolicy, options.signal);
    return readModelCard(answer, transport.server);
  }

  /** Whether the server can be reached and its model answers. Asks once, without retries. */
  async ready(options: { readonly signal?: AbortSignal } = {}): Promise<boolean> {
    const { transport } = this.#settings;
    let answer: Answer;
    try {
      answer = await send(this.#url('readyz'), {}, transport, options.signal);
    } catch (thrown) {
      if (isUnavailable(thrown)) return false;
      throw thrown;
    }
    if (answer.status === 200 || answer.status === 503) return answer.status === 200;
    const refusal = readRefusal(answer, transport.server);
    if (isUnavailable(refusal)) return false;
    throw refusal;
  }

  async #classifyBatch(
    images: readonly ImageSource[],
    { detail, normalize, partial = false }: ClassifyOptions | PartialClassifyOptions,
    signal: AbortSignal,
  ): Promise<(Classification | FailedImage)[]> {
    const url = this.#url('mnist/classify');
    if (detail) url.searchParams.set('detail', detail);
    if (normalize) url.searchParams.set('normalize', normalize);
    if (partial) url.searchParams.set('partial', 'true');
    const answer = await this.#post(url, images, signal);
    const expected = { count: images.length, detailed: detail === 'full', partial };
    return readClassifications(answer, expected, this.#settings.transport.server);
  }

  async #readBatch(
    images: readonly ImageSource[],
    { signal: _signal, ...members }: ReadOptions,
    signal: AbortSignal,
  ): Promise<NumberAnswer[]> {
    const url = this.#url('mnist/read');
    for (const [name, value] of Object.entries(members)) {
      if (value !== undefined) url.searchParams.set(name, String(value));
    }
    const answer = await this.#post(url, images, signal);
    return readNumbers(answer, images.length, this.#settings.transport.server);
  }

  async #post(url: URL, images: readonly ImageSource[], signal: AbortSignal): Promise<Answer> {
    const { transport, retryPolicy } = this.#settings;
    const body: ClassifyRequest = {
      requests: await Promise.all(images.map(async (image) => ({ image: await encode(image) }))),
    };
    const init = {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    };
    return sendWithRetries(url, init, transport, retryPolicy, signal);
  }

  #url(path: string): URL {
    return new URL(path, this.#settings.server);
  }
}

function isUnavailable(thrown: unknown): boolean {
  return thrown instanceof MnistClientError && (thrown.code === 'unreachable' || thrown.code === 'timeout');
}

async function encode(image: ImageSource): Promise<string> {
  if (typeof image === 'string') return image;
  if (image instanceof Uint8Array) return toBase64(image);
  return toBase64(new Uint8Array(image instanceof ArrayBuffer ? image : await image.arrayBuffer()));
}

/** Runs `count` workers; when one fails the others are aborted, and all have ended before this rejects. */
async function runTogether(
  count: number,
  outer: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  outer?.throwIfAborted();
  const stop = new AbortController();
  const onAbort = (): void => stop.abort(outer?.reason);
  outer?.addEventListener('abort', onAbort, { once: true });
  const workers = Array.from({ length: count }, () =>
    work(stop.signal).catch((thrown: unknown) => {
      stop.abort(thrown); // the first reason stays; what the others then throw follows from it
    }),
  );
  await Promise.all(workers);
  outer?.removeEventListener('abort', onAbort);
  stop.signal.throwIfAborted();
}
