import { setImmediate as nextTurn } from 'node:timers/promises';
import { InkdigitError } from '../../errors.js';
import type { ImageContent } from '../../image/picture.js';
import type { DigitModels } from '../../model/digit-models.js';
import { Admission } from './admission.js';
import type { Limits } from '../limits.js';
import { answerBatch, readBatch } from './batch.js';
import { PendingRequest, type AdmittedJob, type ClassifyJob, type ReadImage } from './pending-request.js';

export interface QueueDeps extends DigitModels {
  readonly readImage: ReadImage;
  readonly limits: Pick<Limits, 'maxQueue' | 'timeoutMs'>;
  /** Milliseconds of any steady clock. */
  readonly now?: () => number;
}

/**
 * All that waits to be classified, in the order of arrival. Work is done in turns: each reads some images, whichever
 * requests they belong to, and gives the frames among them to the models in one inference, the pictures in another;
 * what arrives meanwhile is for the next turn. Nothing waits for a batch to fill. The unit is the image, so that a
 * large request takes several turns and a small one shares its own.
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
      const read = readBatch(this.#pending, this.#deps.readImage, this.#now, (request, content) => {
        void this.#requeueWhenDecoded(request, content);
      });
      const images = read.filter(({ request }) => !request.isRefused);
      if (images.length > 0) await answerBatch(this.#deps, images);
    }
    // Reset in the same turn that found no pending request: a later request starts work again.
    this.#isWorking = false;
  }

  /** A request whose large picture is decoded off the thread delays no other; afterwards it goes on where it was. */
  async #requeueWhenDecoded(request: PendingRequest, content: Promise<ImageContent>): Promise<void> {
    await request.receive(content);
    if (request.isOver) return;
    this.#pending.unshift(request);
    this.#work();
  }
}

export function overloaded(maxQueue: number): InkdigitError {
  return new InkdigitError(
    'overloaded',
    `The service has as many images waiting as it may (${maxQueue} in each process); try again soon.`,
  );
}
