import { setImmediate as nextTurn } from 'node:timers/promises';
import { InkdigitError } from '../errors.js';
import { packFrames, type Frame } from '../image/frame.js';
import type { Classifier } from '../model/classifier.js';
import { readingsOf } from '../model/readings.js';
import { Admission } from './admission.js';
import type { Limits } from './limits.js';
import { PendingRequest, type AdmittedJob, type ClassifyJob, type ReadFrame } from './pending-request.js';

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
export const MAX_BATCH_IMAGES = 64;

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
  readonly #pending: PendingRequest[] = [];
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
   * Takes in a request of one image or more.
   * @throws InkdigitError `overloaded` where there is no room
   */
  submit(job: ClassifyJob): AdmittedJob {
    const count = job.uploads.length;
    const { maxQueue, timeoutMs } = this.#deps.limits;
    if (!this.#admission.admit(count)) throw overloaded(maxQueue);
    const request = new PendingRequest(job, timeoutMs, () => {
      this.#admission.release(count);
      job.onReleased?.();
    });
    this.#pending.push(request);
    this.#work();
    return request;
  }

  #work(): void {
    if (this.#isWorking) return;
    this.#isWorking = true;
    void this.#takeTurns();
  }

  async #takeTurns(): Promise<void> {
    while (this.#pending.length > 0) {
      // Whatever has come in by now is read from its socket first, and is there for the same inference.
      await nextTurn();
      const images = this.#readImages().filter(({ request }) => !request.isRefused);
      if (images.length > 0) await this.#answer(images);
    }
    // In the same breath as the line was found empty: what comes later finds nobody at work.
    this.#isWorking = false;
  }

  /** The next images of the line, as many as one inference takes. */
  #readImages(): ReadImage[] {
    const images: ReadImage[] = [];
    const endMs = this.#now() + LONGEST_READING_MS;
    while (images.length < MAX_BATCH_IMAGES) {
      const [request] = this.#pending;
      if (!request) break;
      if (!request.hasMore()) {
        this.#pending.shift();
        continue;
      }
      const index = request.next;
      const frame = request.readNext(this.#deps.readFrame);
      if (frame instanceof Promise) {
        this.#pending.shift();
        void this.#requeueWhenDecoded(request, frame);
      } else if (frame) images.push({ request, index, frame });
      if (this.#now() > endMs) break;
    }
    return images;
  }

  /** A request whose large picture is read elsewhere holds up nobody; once it is, it goes on where it was. */
  async #requeueWhenDecoded(request: PendingRequest, frame: Promise<Frame>): Promise<void> {
    await request.receive(frame);
    if (request.isOver) return;
    this.#pending.unshift(request);
    this.#work();
  }

  async #answer(images: readonly ReadImage[]): Promise<void> {
    const { classifier } = this.#deps;
    const batch = packFrames(images.map(({ frame }) => frame));
    try {
      const probabilities = await classifier.probabilities(batch);
      const readings = readingsOf(batch, probabilities, classifier.digitThreshold);
      readings.forEach((reading, i) =>
        images[i]?.request.answer(images[i].index, { reading, frame: images[i].frame }),
      );
    } catch (thrown) {
      for (const { request } of images) request.fail(thrown);
    }
  }
}

/** An image that is ready to be classified. */
interface ReadImage {
  readonly request: PendingRequest;
  /** Its place in the request. */
  readonly index: number;
  readonly frame: Frame;
}

export function overloaded(maxQueue: number): InkdigitError {
  return new InkdigitError(
    'overloaded',
    `The service has as many images waiting as it may (${maxQueue} in each process); try again soon.`,
  );
}
