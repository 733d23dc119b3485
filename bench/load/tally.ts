import { percentile } from '../measuring/statistics.js';
import type { Answer } from './response-parser.js';
import type { PreparedRequest } from './requests.js';

/** What became of the requests of one run. */
export interface LoadResult {
  /** Answers, by status. */
  readonly statuses: Readonly<Record<string, number>>;
  /** Answers with status 200. */
  readonly answered: number;
  /** Images a second in answers with status 200, within the time that was measured. */
  readonly imagesPerSecond: number;
  /** Images in answers with status 200, those that came after that time included. */
  readonly images: number;
  /** Answers that were looked at and said something else than the expected classes. */
  readonly wrong: number;
  /** Requests whose connection ended before their answer. */
  readonly lost: number;
  /** Requests that were due while every connection allowed was in use. */
  readonly unsent: number;
  /** Of answers with status 200. */
  readonly latencyMs: Latencies;
  /** By how much an open loop sent its requests too late; `NaN` of a closed one. */
  readonly lateMs: Latencies;
}

export interface Latencies {
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

/** Answers with status 503. */
export function refusals({ statuses }: LoadResult): number {
  return statuses[503] ?? 0;
}

/** Answers that are neither what was asked for nor refusals. */
export function otherAnswers(result: LoadResult): number {
  const all = Object.values(result.statuses).reduce((sum, count) => sum + count, 0);
  return all - result.answered - refusals(result);
}

/** Counts what comes. */
export class Tally {
  readonly #statuses: Record<string, number> = {};
  readonly #latenciesMs: number[] = [];
  readonly #lateMs: number[] = [];
  #images = 0;
  #imagesInTime = 0;
  #wrong = 0;
  lost = 0;
  unsent = 0;

  /** @param isInTime whether the answer came within the time that is measured */
  add(request: PreparedRequest, answer: Answer, latencyMs: number, isInTime: boolean): void {
    this.#statuses[answer.status] = (this.#statuses[answer.status] ?? 0) + 1;
    if (answer.status !== 200) return;
    this.#latenciesMs.push(latencyMs);
    this.#images += request.imageCount;
    if (isInTime) this.#imagesInTime += request.imageCount;
    if (answer.body && !saysClasses(answer.body, request.classes)) this.#wrong += 1;
  }

  addSent(lateMs: number): void {
    this.#lateMs.push(lateMs);
  }

  result(measuredMs: number): LoadResult {
    return {
      statuses: this.#statuses,
      answered: this.#latenciesMs.length,
      imagesPerSecond: (this.#imagesInTime * 1000) / measuredMs,
      images: this.#images,
      wrong: this.#wrong,
      lost: this.lost,
      unsent: this.unsent,
      latencyMs: latenciesOf(this.#latenciesMs),
      lateMs: latenciesOf(this.#lateMs),
    };
  }
}

function latenciesOf(samplesMs: readonly number[]): Latencies {
  const sorted = Float64Array.from(samplesMs).toSorted();
  return {
    p50: percentile(sorted, 0.5),
    p99: percentile(sorted, 0.99),
    p999: percentile(sorted, 0.999),
    max: percentile(sorted, 1),
  };
}

function saysClasses(body: Buffer, classes: readonly number[]): boolean {
  const { responses }: { responses?: { class?: number }[] } = JSON.parse(body.toString('utf8'));
  return (
    responses?.length === classes.length && responses.every((response, i) => response.class === classes[i])
  );
}
