import { InkdigitError } from '../../errors.js';
import type { NormalizeMode } from '../../image/normalize-mode.js';
import type { ImageContent } from '../../image/picture.js';
import type { ImageReading } from '../../model/digit-models.js';
import type { NumberReading } from '../../model/number-reading.js';
import { NUMBER_LARGEST_SIDE, type NumberQuestion } from '../../reading/number-in-content.js';
import { statusOf } from '../http/error-table.js';
import type { HeldModels } from '../models/held-models.js';
import type { RequestTrace } from '../tracing/request-trace.js';
import { refuseImages, type ImageFault } from './image-faults.js';
import type { RequestMeter } from '../metrics/model-meter.js';
import type { ReadImage, ReadOptions, ImageSource, ClassifyJob, NumberJob, AdmittedJob } from './jobs.js';

/** A request from its admission to its end. Whatever ends it first, it ends once, and is released once. */
export class PendingRequest<R> implements AdmittedJob<R> {
  readonly results: Promise<readonly R[]>;
  /** Whether the results are to have what the model got. */
  readonly withInputs: boolean;
  /** What is asked about numbers; left out where single digits are. */
  readonly question: NumberQuestion | undefined;
  /** Where its times are noted; left out where no traces are recorded. */
  readonly trace: RequestTrace | undefined;
  readonly #uploads: readonly ImageSource[];
  readonly #options: ReadOptions;
  readonly #stop = new AbortController();
  readonly #onReleased: () => void;
  readonly #onFault: ClassifyJob['onFault'];
  readonly #meter: RequestMeter | undefined;
  readonly #deadline: NodeJS.Timeout;
  readonly #answers: R[] = [];
  readonly #faults: ImageFault[] = [];
  /** Image `next`, where it was read elsewhere. */
  #received: ImageContent | undefined;
  #promise: Settle<R> = { resolve() {}, reject() {} };
  /** Those that answer all of its images, from the first turn on. */
  #models: HeldModels | undefined;
  /** Whether its frames are offered to a shadow. */
  isSampled = false;
  #next = 0;
  #answered = 0;
  #isOver = false;
  /** Whether image `next` is being read elsewhere, and so is held until that ends. */
  #isDecoding = false;

  /** A request for single digits. @param onReleased called once it is over, and nothing of it is held any more */
  static toClassify(
    { uploads, options, withInputs, onFault, trace }: ClassifyJob,
    timeoutMs: number,
    onReleased: () => void,
    meter?: RequestMeter,
  ): PendingRequest<ImageReading> {
    const { maxPixels, normalize } = options;
    return new PendingRequest(
      uploads,
      { maxPixels, normalize },
      { withInputs, onFault, meter, trace },
      timeoutMs,
      onReleased,
    );
  }

  /** A request for numbers. @param onReleased called once it is over, and nothing of it is held any more */
  static toReadNumbers(
    { uploads, options, question, trace }: NumberJob,
    timeoutMs: number,
    onReleased: () => void,
    meter?: RequestMeter,
  ): PendingRequest<NumberReading> {
    const decoding = { ...options, normalize: 'auto', largestSide: NUMBER_LARGEST_SIDE } as const;
    return new PendingRequest(uploads, decoding, { question, meter, trace }, timeoutMs, onReleased);
  }

  private constructor(
    uploads: ClassifyJob['uploads'],
    options: Omit<ReadOptions, 'signal'>,
    {
      withInputs = false,
      onFault,
      question,
      meter,
      trace,
    }: Pick<ClassifyJob, 'withInputs' | 'onFault' | 'trace'> &
      Partial<Pick<NumberJob, 'question'>> & { readonly meter: RequestMeter | undefined },
    timeoutMs: number,
    onReleased: () => void,
  ) {
    this.#uploads = uploads;
    this.withInputs = withInputs;
    this.question = question;
    this.trace = trace;
    trace?.queue();
    this.#options = new Decoding(options, this.#stop);
    this.#onReleased = onReleased;
    this.#onFault = onFault;
    this.#meter = meter;
    this.results = new Promise((resolve, reject) => {
      this.#promise = { resolve, reject };
    });
    this.#deadline = setTimeout(() => this.fail(deadlineExceeded(timeoutMs)), timeoutMs);
  }

  /** Aborted once no client waits for the results any more. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** The place of the image that is to be read next. */
  get next(): number {
    return this.#next;
  }

  /** Images that are still to be read. */
  get waiting(): number {
    return this.#isOver ? 0 : this.#uploads.length - this.#next;
  }

  /** @throws Error before `begin` */
  get models(): HeldModels {
    if (!this.#models) throw new Error('unreachable: it has begun');
    return this.#models;
  }

  get modelVersion(): number | undefined {
    return this.#models?.ref?.version;
  }

  /**
   * Takes the models that answer it, all of it: one request is never answered by two versions.
   * @returns whether it had none yet
   */
  begin(models: HeldModels): boolean {
    if (this.#models) return false;
    models.hold();
    this.#models = models;
    return true;
  }

  /** Whether none of its images is worth classifying any more. */
  get isRefused(): boolean {
    return this.#isOver || this.#faults.length > 0;
  }

  /** Whether there is an image to be read; where there is none that will ever be, the request is answered. */
  hasMore(): boolean {
    if (this.#isOver) return false;
    if (this.#next < this.#uploads.length) return true;
    this.trace?.endReading();
    if (this.#faults.length > 0) this.fail(refuseImages(this.#faults, this.#uploads.length));
    return false;
  }

  /** Reads the next image. @returns undefined where it cannot be read, which is kept for the answer. */
  readNext(readImage: ReadImage): ImageContent | Promise<ImageContent> | undefined {
    this.trace?.beginReading();
    const received = this.#received;
    if (received) {
      this.#received = undefined;
      this.#next += 1;
      return received;
    }
    const upload = this.#uploads[this.#next];
    if (!upload) throw new Error('unreachable: there is an image to be read');
    try {
      const read = (): ImageContent | Promise<ImageContent> => {
        const source = upload();
        return source instanceof Uint8Array ? readImage(source, this.#options) : source;
      };
      const content = this.#meter ? this.#meter.read(read) : read();
      if (content instanceof Promise) this.#isDecoding = true;
      else this.#next += 1;
      return content;
    } catch (thrown) {
      this.#recordFault(thrown);
      return undefined;
    }
  }

  /** Waits for the image that is read elsewhere. */
  async receive(content: Promise<ImageContent>): Promise<void> {
    const [read] = await Promise.allSettled([content]);
    this.#isDecoding = false;
    if (this.#isOver) this.#onReleased();
    else if (read.status === 'fulfilled') this.#received = read.value;
    else this.#recordFault(read.reason);
  }

  /** Notes what is wrong with the image that was to be read; what is not the image's fault ends the request. */
  #recordFault(thrown: unknown): void {
    const index = this.#next;
    this.#next += 1;
    if (!(thrown instanceof InkdigitError) || statusOf(thrown.code) >= 500) {
      this.fail(thrown);
      return;
    }
    this.#meter?.faulty(thrown.code);
    if (!this.#onFault) this.#faults.push({ index, error: thrown });
    else if (!this.#isOver) {
      this.#onFault({ index, error: thrown });
      this.#countAnswered();
    }
  }

  answer(index: number, result: R): void {
    this.#answers[index] = result;
    this.#countAnswered();
  }

  #countAnswered(): void {
    this.#answered += 1;
    if (this.#answered < this.#uploads.length || !this.#end()) return;
    this.#meter?.ended('ok');
    // `filter` passes over the places of images that could not be read, which were never filled.
    this.#promise.resolve(this.#onFault ? this.#answers.filter(() => true) : this.#answers);
  }

  fail(reason: unknown): void {
    if (!this.#end()) return;
    this.#meter?.ended(reason instanceof InkdigitError ? reason.code : 'internal');
    this.#stop.abort(reason);
    this.#promise.reject(reason);
  }

  cancel(): void {
    // Comes with the end of every answer; an error looks at the stack, and is made only where one is needed.
    if (!this.#isOver) this.fail(clientGone());
  }

  /** @returns false where it had ended before */
  #end(): boolean {
    if (this.#isOver) return false;
    this.#isOver = true;
    clearTimeout(this.#deadline);
    this.#models?.letGo();
    if (!this.#isDecoding) this.#onReleased();
    return true;
  }
}

/**
 * What the decoder is told. Most requests have no picture that asks for the signal, which Node makes when it is first
 * asked for. A class: V8 keeps what a getter of an object literal refers to, here all of the request, until it collects
 * everything.
 */
class Decoding implements ReadOptions {
  readonly maxPixels: number;
  readonly normalize: NormalizeMode;
  readonly largestSide: number | undefined;
  readonly #stop: AbortController;

  constructor({ maxPixels, normalize, largestSide }: Omit<ReadOptions, 'signal'>, stop: AbortController) {
    this.maxPixels = maxPixels;
    this.normalize = normalize;
    this.largestSide = largestSide;
    this.#stop = stop;
  }

  get signal(): AbortSignal {
    return this.#stop.signal;
  }
}

/** How a promise is settled; as methods, so that a list may hold requests of all kinds. */
interface Settle<R> {
  resolve(results: readonly R[]): void;
  reject(reason: unknown): void;
}

export function clientGone(): InkdigitError {
  return new InkdigitError('client_gone', 'The client went away before it was answered.');
}

function deadlineExceeded(timeoutMs: number): InkdigitError {
  return new InkdigitError(
    'deadline_exceeded',
    `The images were not classified within ${timeoutMs} ms; try again when the service has less to do, or send ` +
      'fewer or smaller images.',
  );
}
