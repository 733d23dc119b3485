import { setImmediate as nextTurn } from 'node:timers/promises';
import { InkdigitError } from '../errors.js';
import { packFrames, type Frame } from '../image/frame.js';
import type { NormalizeMode } from '../image/normalize-mode.js';
import type { Classifier } from '../model/classifier.js';
import { readingsOf, type Reading } from '../model/readings.js';
import { Admission } from './admission.js';
import { statusOf } from './error-table.js';
import { refuseImages, type ImageFault } from './image-faults.js';
import type { Limits } from './limits.js';
import type { Upload } from './uploads.js';

/** Turns an image file into what the model reads; see `image/read-frame.ts`. A small one is read when it returns. */
export type ReadFrame = (bytes: Uint8Array, options: ReadOptions) => Frame | Promise<Frame>;

export interface ReadOptions {
  /** Width x height of one picture, as its header announces it. */
  readonly maxPixels: number;
  readonly normalize: NormalizeMode;
}

/** What one request wants classified. */
export interface ClassifyOrder {
  readonly uploads: readonly Upload[];
  readonly options: ReadOptions;
  /** Whether the client has gone, so that nobody waits for the answer. */
  readonly isGone: () => boolean;
}

/** What became of one image. */
export interface Classified {
  readonly reading: Reading;
  /** What the model got. */
  readonly frame: Frame;
}

export interface QueueDeps {
  readonly classifier: Classifier;
  readonly readFrame: ReadFrame;
  readonly limits: Pick<Limits, 'maxQueue' | 'timeoutMs'>;
  /** Milliseconds of any steady clock. */
  readonly now?: () => number;
}

/**
 * Images of one turn. With 128 an image takes a tenth less time, as a core that stays longer with one kind of work is quicker at it; but
 * at ten times of capacity, where refusals come between, no more images are answered than with 64.
 */
export const RUN_IMAGES = 64;

/**
 * After so long the images that were read are classified, however few: pictures of the page take longer to read than
 * frames, and whoever asks whether the process lives is answered between two turns only.
 */
const LONGEST_READING_MS = 10;

/**
 * All that waits to be classified, in the order of arrival. Work is done in turns: each reads some images, whichever requests
 * they belong to, and gives them to the model in one inference; what arrives meanwhile is for the next turn. Nothing waits
 * for a batch to fill. The unit is the image, so that a large request takes several turns and a small one shares its own.
 */
export class ClassifyQueue {
  readonly #deps: QueueDeps;
  readonly #now: () => number;
  readonly #admission: Admission;
  readonly #line: Order[] = [];
  #isWorking = false;

  constructor(deps: QueueDeps) {
    this.#deps = deps;
    this.#now = deps.now ?? (() => performance.now());
    this.#admission = new Admission(deps.limits.maxQueue);
  }

  /** Whether requests are to be refused without a look at them. */
  get isFull(): boolean {
    return this.#admission.isFull;
  }

  /**
   * One result an image, in their order.
   * @throws InkdigitError `overloaded` at once where there is no room; `deadline_exceeded`; `client_gone`; one that names
   * every image which cannot be read
   */
  classify(wanted: ClassifyOrder): Promise<readonly Classified[]> {
    const count = wanted.uploads.length;
    if (count === 0) return Promise.resolve([]);
    const { maxQueue, timeoutMs } = this.#deps.limits;
    if (!this.#admission.admit(count)) return Promise.reject(overloaded(maxQueue));
    return new Promise<readonly Classified[]>((resolve, reject) => {
      const order = new Order(wanted, timeoutMs, resolve, reject, () => this.#admission.leave(count));
      this.#line.push(order);
      this.#work();
    });
  }

  #work(): void {
    if (this.#isWorking) return;
    this.#isWorking = true;
    void this.#takeTurns();
  }

  async #takeTurns(): Promise<void> {
    while (this.#line.length > 0) {
      // Whatever has come in by now is read from its socket first, and is there for the same inference.
      await nextTurn();
      const images = this.#readImages().filter(({ order }) => !order.isRefused);
      if (images.length > 0) await this.#answer(images);
    }
    // In the same breath as the line was found empty: what comes later finds nobody at work.
    this.#isWorking = false;
  }

  /** The next images of the line, as many as one inference takes. */
  #readImages(): ReadImage[] {
    const images: ReadImage[] = [];
    const endMs = this.#now() + LONGEST_READING_MS;
    while (images.length < RUN_IMAGES) {
      const [order] = this.#line;
      if (!order) break;
      if (!order.hasMore()) {
        this.#line.shift();
        continue;
      }
      const index = order.next;
      const frame = order.readNext(this.#deps.readFrame);
      if (frame instanceof Promise) {
        this.#line.shift();
        void this.#comeBack(order, frame);
      } else if (frame) images.push({ order, index, frame });
      if (this.#now() > endMs) break;
    }
    return images;
  }

  /** A request whose large picture is read elsewhere holds up nobody; once it is, it goes on where it was. */
  async #comeBack(order: Order, frame: Promise<Frame>): Promise<void> {
    await order.receive(frame);
    this.#line.unshift(order);
    this.#work();
  }

  async #answer(images: readonly ReadImage[]): Promise<void> {
    const { classifier } = this.#deps;
    const batch = packFrames(images.map(({ frame }) => frame));
    try {
      const probabilities = await classifier.probabilities(batch);
      const readings = readingsOf(batch, probabilities, classifier.digitThreshold);
      readings.forEach((reading, i) =>
        images[i]?.order.answer(images[i].index, { reading, frame: images[i].frame }),
      );
    } catch (thrown) {
      for (const { order } of images) order.fail(thrown);
    }
  }
}

/** An image that is ready to be classified. */
interface ReadImage {
  readonly order: Order;
  /** Its place in the order. */
  readonly index: number;
  readonly frame: Frame;
}

/** A request on its way through the house. Whatever ends it first, it ends once. */
class Order {
  readonly #wanted: ClassifyOrder;
  readonly #resolve: (results: readonly Classified[]) => void;
  readonly #reject: (reason: unknown) => void;
  readonly #onEnd: () => void;
  readonly #deadline: NodeJS.Timeout;
  readonly #results: Classified[] = [];
  readonly #faults: ImageFault[] = [];
  /** The frame of image `next`, where it was read elsewhere. */
  #received: Frame | undefined;
  #next = 0;
  #answered = 0;
  #isOver = false;

  constructor(
    wanted: ClassifyOrder,
    timeoutMs: number,
    resolve: (results: readonly Classified[]) => void,
    reject: (reason: unknown) => void,
    onEnd: () => void,
  ) {
    this.#wanted = wanted;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#onEnd = onEnd;
    this.#deadline = setTimeout(() => this.fail(deadlineExceeded(timeoutMs)), timeoutMs);
  }

  /** The place of the image that is to be read next. */
  get next(): number {
    return this.#next;
  }

  /** Whether none of its images is worth classifying any more. */
  get isRefused(): boolean {
    return this.#isOver || this.#faults.length > 0;
  }

  /** Whether there is an image to be read; where there is none that will ever be, the request is answered. */
  hasMore(): boolean {
    if (this.#isOver) return false;
    const { uploads, isGone } = this.#wanted;
    if (isGone())
      this.fail(new InkdigitError('client_gone', 'The client went away before its images were read.'));
    else if (this.#next < uploads.length) return true;
    else if (this.#faults.length > 0) this.fail(refuseImages(this.#faults, uploads.length));
    return false;
  }

  /** Reads the next image. @returns undefined where it cannot be read, which is kept for the answer. */
  readNext(readFrame: ReadFrame): Frame | Promise<Frame> | undefined {
    const received = this.#received;
    if (received) {
      this.#received = undefined;
      this.#next += 1;
      return received;
    }
    const upload = this.#wanted.uploads[this.#next];
    if (!upload) throw new Error('unreachable: there is an image to be read');
    try {
      const frame = readFrame(upload(), this.#wanted.options);
      if (!(frame instanceof Promise)) this.#next += 1;
      return frame;
    } catch (thrown) {
      this.#blame(thrown);
      return undefined;
    }
  }

  /** Waits for the image that is read elsewhere. */
  async receive(frame: Promise<Frame>): Promise<void> {
    try {
      this.#received = await frame;
    } catch (thrown) {
      this.#blame(thrown);
    }
  }

  /** Notes what is wrong with the image that was to be read; what is not the image's fault ends the request. */
  #blame(thrown: unknown): void {
    if (thrown instanceof InkdigitError && statusOf(thrown.code) < 500) {
      this.#faults.push({ index: this.#next, error: thrown });
    } else this.fail(thrown);
    this.#next += 1;
  }

  answer(index: number, result: Classified): void {
    this.#results[index] = result;
    this.#answered += 1;
    if (this.#answered === this.#wanted.uploads.length && this.#end()) this.#resolve(this.#results);
  }

  fail(reason: unknown): void {
    if (this.#end()) this.#reject(reason);
  }

  /** @returns false where it had ended before */
  #end(): boolean {
    if (this.#isOver) return false;
    this.#isOver = true;
    clearTimeout(this.#deadline);
    this.#onEnd();
    return true;
  }
}

export function overloaded(maxQueue: number): InkdigitError {
  return new InkdigitError(
    'overloaded',
    `The service has as many images waiting as it may (${maxQueue} in each process); try again soon.`,
  );
}

function deadlineExceeded(timeoutMs: number): InkdigitError {
  return new InkdigitError(
    'deadline_exceeded',
    `The images were not classified within ${timeoutMs} ms; try again when the service has less to do, or send fewer or smaller images.`,
  );
}
