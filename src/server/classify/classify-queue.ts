import { setImmediate as nextTurn } from 'node:timers/promises';
import { InkdigitError } from '../../errors.js';
import type { ImageContent } from '../../image/picture.js';
import { SerialQueue } from '../../image/decode/serial-queue.js';
import type { DigitModels, ImageReading } from '../../model/digit-models.js';
import type { NumberReading } from '../../model/number-reading.js';
import { readNumberIn } from '../../model/read-number.js';
import type { NumberQuestion } from '../../reading/number-in-content.js';
import type { Tracing } from '../tracing/tracing.js';
import { Admission } from './admission.js';
import type { Limits } from '../limits.js';
import { fixedModels, type ModelSource } from '../models/held-models.js';
import type { ShadowPort } from '../models/shadow.js';
import type { ModelMeter } from '../metrics/model-meter.js';
import type { QueueState, WorkerMetrics } from '../metrics/worker-metrics.js';
import { answerBatch, readBatch, type ReadyImage } from './batch.js';
import type { AdmittedJob, ClassifyJob, NumberJob, ReadImage } from './jobs.js';
import { PendingRequest } from './pending-request.js';

export interface QueueDeps extends DigitModels {
  readonly tracing?: Tracing | undefined;
  readonly readImage: ReadImage;
  readonly limits: Pick<Limits, 'maxQueue' | 'timeoutMs'>;
  /** Where models may change while the service runs; else those above answer. */
  readonly source?: ModelSource | undefined;
  /** Reads frames too while the queue is empty. */
  readonly shadow?: ShadowPort | undefined;
  /** Milliseconds of any steady clock. */
  readonly now?: () => number;
  /** Counts what happens; nothing is counted without. */
  readonly metrics?: Pick<WorkerMetrics, 'digits' | 'numbers'> | undefined;
}

/** A picture to read numbers in is held in more pixels: it takes the room of this number of others. */
const ROOM_OF_NUMBERS = 4;

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
  readonly #source: ModelSource;
  readonly #pending: PendingRequest<unknown>[] = [];
  /** Reading a number takes many inferences: one picture at a time, beside the turns of all others. */
  readonly #numbers = new SerialQueue();
  #isWorking = false;

  constructor(deps: QueueDeps) {
    this.#deps = deps;
    this.#now = deps.now ?? (() => performance.now());
    this.#admission = new Admission(deps.limits.maxQueue);
    this.#source = deps.source ?? fixedModels(deps);
  }

  /** What waits and what is worked on. */
  get state(): QueueState {
    return {
      imagesInFlight: this.#admission.images,
      imagesWaiting: this.#pending.reduce((sum, { waiting }) => sum + waiting, 0),
      requestsWaiting: this.#pending.length,
    };
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
    const meter = this.#deps.metrics?.digits;
    const release = this.#admit(job.uploads.length, job.onReleased, meter);
    return this.#enqueue(PendingRequest.toClassify(job, this.#timeoutOf(job), release, meter?.admitted()));
  }

  /**
   * Takes in a request to read all digits of one image or more.
   * @throws InkdigitError `overloaded` where there is no room
   */
  submitNumbers(job: NumberJob): AdmittedJob<NumberReading> {
    const { maxQueue } = this.#deps.limits;
    const room = Math.min(maxQueue, ROOM_OF_NUMBERS * job.uploads.length);
    const meter = this.#deps.metrics?.numbers;
    const release = this.#admit(room, job.onReleased, meter);
    return this.#enqueue(PendingRequest.toReadNumbers(job, this.#timeoutOf(job), release, meter?.admitted()));
  }

  #timeoutOf({ timeoutMs = Infinity }: Pick<ClassifyJob, 'timeoutMs'>): number {
    return Math.min(timeoutMs, this.#deps.limits.timeoutMs);
  }

  /** @returns what is to be called when the request is over */
  #admit(images: number, onReleased: (() => void) | undefined, meter: ModelMeter | undefined): () => void {
    if (!this.#admission.admit(images)) {
      meter?.ended('overloaded');
      throw overloaded(this.#deps.limits.maxQueue);
    }
    return () => {
      this.#admission.release(images);
      onReleased?.();
      if (this.#admission.isIdle) this.#deps.shadow?.idle(() => this.#admission.isIdle);
    };
  }

  #enqueue<R>(request: PendingRequest<R>): PendingRequest<R> {
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
      const single: ReadyImage[] = [];
      for (const image of images) {
        this.#begin(image.request);
        const { question } = image.request;
        if (question) void this.#readNumber(image, question);
        else single.push(image);
      }
      if (single.length > 0) await this.#answer(single);
    }
    // Reset in the same turn that found no pending request: a later request starts work again.
    this.#isWorking = false;
  }

  /** A request is answered by the models of its first turn. */
  #begin(request: PendingRequest<unknown>): void {
    const { shadow } = this.#deps;
    if (request.begin(this.#source.current) && shadow) request.isSampled = shadow.samples();
  }

  #offer({ request, content }: ReadyImage, { reading }: ImageReading): void {
    if (request.isSampled) this.#deps.shadow?.offer(content, reading);
  }

  async #answer(images: readonly ReadyImage[]): Promise<void> {
    const { tracing, metrics, shadow } = this.#deps;
    const ended = tracing?.infer(images.map(({ request }) => request.trace));
    const onRead =
      shadow && ((image: ReadyImage, reading: ImageReading): void => this.#offer(image, reading));
    await answerBatch(images, { meter: metrics?.digits, onRead });
    ended?.();
  }

  async #readNumber({ request, index, content }: ReadyImage, question: NumberQuestion): Promise<void> {
    const { models } = request;
    models.hold();
    try {
      await this.#numbers.run(async () => {
        if (request.isRefused) return;
        const meter = this.#deps.metrics?.numbers;
        const read = (): Promise<NumberReading> => readNumberIn(models, content, question);
        const ended = this.#deps.tracing?.infer([request.trace]);
        const number = meter ? await meter.infer(1, read) : await read();
        ended?.();
        const { accepted: isAccepted, probability } = number;
        const handOut = (): void => request.answer(index, number);
        if (meter) meter.answer([{ isAccepted, probability }], handOut);
        else handOut();
      }, request.signal);
    } catch (thrown) {
      request.fail(thrown);
    } finally {
      models.letGo();
    }
  }

  /** A request whose large picture is decoded off the thread delays no other; afterwards it goes on where it was. */
  async #requeueWhenDecoded(request: PendingRequest<unknown>, content: Promise<ImageContent>): Promise<void> {
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
