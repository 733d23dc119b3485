import type { ErrorCode } from '../../errors.js';
import type { Counter, Histogram, Recorder } from './recorder.js';

/** What a model can be asked for: single digits, or numbers. */
export type ModelName = 'digits' | 'numbers';

/** Below it an accepted answer counts as doubtful. */
const DOUBTFUL_BELOW = 0.9;

/** What is counted of an answer. */
export interface MeteredAnswer {
  readonly isAccepted: boolean;
  /** 0..1 */
  readonly probability: number;
  /** 0-9, where the answer is one digit. */
  readonly class?: number;
}

/** Counts what becomes of the requests for one model, from their admission on. Times are read from one steady clock. */
export class ModelMeter {
  readonly #recorder: Recorder;
  readonly #model: ModelName;
  readonly #now: () => number;
  readonly #outcomes = new Map<string, Counter>();
  readonly #faults: Map<string, Counter>;
  readonly #classes: readonly Counter[];
  readonly #answered: Counter;
  readonly #rejected: Counter;
  readonly #doubtful: Counter;
  readonly #inference: Histogram;
  readonly #batch: Histogram;
  readonly #output: Counter;
  readonly total: Histogram;
  readonly queue: Histogram;
  readonly decode: Histogram;

  /**
   * @param faults images that cannot be read, by their code: shared by the models, as the series are
   * @param now milliseconds
   */
  constructor(recorder: Recorder, model: ModelName, faults: Map<string, Counter>, now: () => number) {
    this.#recorder = recorder;
    this.#model = model;
    this.#faults = faults;
    this.#now = now;
    this.#classes =
      model === 'digits'
        ? Array.from({ length: 10 }, (_, digit) => recorder.counter('digitsAnswered', [String(digit)]))
        : [];
    this.#answered = recorder.counter('imagesAnswered', [model]);
    this.#rejected = recorder.counter('imagesRejected', [model]);
    this.#doubtful = recorder.counter('imagesDoubtful', [model]);
    this.#inference = recorder.histogram('inferenceDuration', [model]);
    this.#batch = recorder.histogram('batchImages', [model]);
    this.#output = recorder.counter('outputSeconds', [model]);
    this.total = recorder.histogram('requestDuration', [model]);
    this.queue = recorder.histogram('queueDuration', [model]);
    this.decode = recorder.histogram('decodeDuration', [model]);
    for (const code of ['ok', 'overloaded', 'deadline_exceeded'] as const) this.#outcome(code);
  }

  /** A request was taken in. */
  admitted(): RequestMeter {
    return new RequestMeter(this, this.#now);
  }

  /** A request is over, or was not taken in. */
  ended(code: 'ok' | ErrorCode): void {
    this.#outcome(code).add(1);
  }

  /** An image cannot be read. */
  faulty(code: ErrorCode): void {
    let counter = this.#faults.get(code);
    if (!counter) {
      counter = this.#recorder.counter('imageFaults', [code]);
      this.#faults.set(code, counter);
    }
    counter.add(1);
  }

  /** Measures one inference. @param images in it */
  async infer<T>(images: number, run: () => Promise<T>): Promise<T> {
    const startMs = this.#now();
    const result = await run();
    this.#inference.observe(seconds(this.#now() - startMs));
    this.#batch.observe(images);
    return result;
  }

  /** Counts the answers of an inference, and measures how long it takes to hand them out. */
  answer(answers: readonly MeteredAnswer[], handOut: () => void): void {
    for (const { isAccepted, probability, class: digit } of answers) {
      this.#answered.add(1);
      if (!isAccepted) this.#rejected.add(1);
      else {
        if (probability < DOUBTFUL_BELOW) this.#doubtful.add(1);
        if (digit !== undefined) this.#classes[digit]?.add(1);
      }
    }
    const startMs = this.#now();
    handOut();
    this.#output.add(seconds(this.#now() - startMs));
  }

  #outcome(code: 'ok' | ErrorCode): Counter {
    const known = this.#outcomes.get(code);
    if (known) return known;
    const counter = this.#recorder.counter('modelRequests', [this.#model, code]);
    this.#outcomes.set(code, counter);
    return counter;
  }
}

/** Measures one request that was taken in. */
export class RequestMeter {
  readonly #model: ModelMeter;
  readonly #now: () => number;
  readonly #admittedMs: number;
  #isTakenUp = false;

  constructor(model: ModelMeter, now: () => number) {
    this.#model = model;
    this.#now = now;
    this.#admittedMs = now();
  }

  /** Measures how long one image takes to be read; with the first one, how long the request has waited. */
  read<T>(read: () => T | Promise<T>): T | Promise<T> {
    const startMs = this.#now();
    if (!this.#isTakenUp) this.#model.queue.observe(seconds(startMs - this.#admittedMs));
    this.#isTakenUp = true;
    const measure = (): void => this.#model.decode.observe(seconds(this.#now() - startMs));
    const content = read();
    if (content instanceof Promise) void content.then(measure, () => {});
    else measure();
    return content;
  }

  /** One of its images cannot be read. */
  faulty(code: ErrorCode): void {
    this.#model.faulty(code);
  }

  /** To be called once. */
  ended(code: 'ok' | ErrorCode): void {
    this.#model.total.observe(seconds(this.#now() - this.#admittedMs));
    this.#model.ended(code);
  }
}

/** A clock that is said to be steady may still repeat itself; none runs back. */
function seconds(ms: number): number {
  return Math.max(0, ms) / 1000;
}
