import type { FamilyName } from './families.js';
import { expositionOf, type ExpositionFormat } from './exposition.js';
import { Totals, type Series } from './totals.js';
import { tritonSamples } from './triton-aliases.js';
import type { ProcessUse, QueueState, ServedModel, WorkerReport } from './worker-metrics.js';

/** What the primary knows from the start. */
export interface ServiceMetricsDeps {
  readonly version: string;
  readonly workers: number;
  /** Images that one worker may have in flight. */
  readonly maxQueue: number;
  /** When the service started, in seconds since 1970. */
  readonly startSeconds: number;
  /** Of the primary. */
  readonly use: ProcessUse;
}

/** What is known of the worker in one place of the pool, until it ends. */
interface LiveWorker {
  readonly residentBytes: number;
  readonly queue: QueueState;
  readonly models: readonly ServedModel[];
}

/** What the primary knows of the whole service: what workers report, and what becomes of them. */
export class ServiceMetrics {
  readonly #deps: ServiceMetricsDeps;
  readonly #totals = new Totals();
  readonly #live = new Map<number, LiveWorker>();
  readonly #ready = new Set<number>();
  /** By the place in the pool. */
  readonly #cpuSeconds = new Map<number, number>();
  #restarts = 0;
  readonly #modelChanges = { swapped: 0, refused: 0 };
  /** The last that were reported: while no worker lives, numbers keep their names. */
  #models: readonly ServedModel[] = [];

  constructor(deps: ServiceMetricsDeps) {
    this.#deps = deps;
  }

  /** @param place of a worker in the pool, from 0 */
  add(place: number, report: WorkerReport): void {
    const { deltas, cpuSeconds, residentBytes, queue, models } = report;
    this.#totals.add(deltas);
    this.#cpuSeconds.set(place, (this.#cpuSeconds.get(place) ?? 0) + cpuSeconds);
    this.#live.set(place, { residentBytes, queue, models });
    this.#models = models;
  }

  workerReady(place: number): void {
    this.#ready.add(place);
  }

  workerEnded(place: number): void {
    this.#ready.delete(place);
    this.#live.delete(place);
  }

  /** Another worker is to take the place of one that ended. */
  workerReplaced(): void {
    this.#restarts += 1;
  }

  /** A version of a store was chosen, and serves now or does not. */
  modelChanged(result: 'swapped' | 'refused'): void {
    this.#modelChanges[result] += 1;
  }

  /** The text for `/metrics`. @param without families that are left out */
  render(format: ExpositionFormat, without: readonly FamilyName[] = []): string {
    const { version, workers, maxQueue, startSeconds, use } = this.#deps;
    const live = [...this.#live.values()];
    const queued = (count: (queue: QueueState) => number): readonly Series[] => {
      return single(live.reduce((sum, { queue }) => sum + count(queue), 0));
    };
    const { user, system } = use.cpuUsage();
    const primary: readonly [FamilyName, readonly Series[]][] = [
      ['imagesInFlight', queued(({ imagesInFlight }) => imagesInFlight)],
      ['imagesInFlightLimit', single(workers * maxQueue)],
      ['queueImages', queued(({ imagesWaiting }) => imagesWaiting)],
      ['queueRequests', queued(({ requestsWaiting }) => requestsWaiting)],
      ['workers', single(workers)],
      ['workersReady', single(this.#ready.size)],
      ['workerRestarts', single(this.#restarts)],
      [
        'residentMemory',
        [
          of(use.residentBytes(), 'primary'),
          ...inOrder(this.#live).map(([place, { residentBytes }]) => of(residentBytes, nameOf(place))),
        ],
      ],
      [
        'cpuSeconds',
        [
          of((user + system) / 1e6, 'primary'),
          ...inOrder(this.#cpuSeconds).map(([place, seconds]) => of(seconds, nameOf(place))),
        ],
      ],
      ['startTime', single(startSeconds)],
      ['buildInfo', [of(1, version)]],
      ['modelInfo', modelSeries(live)],
      ['modelChanges', Object.entries(this.#modelChanges).map(([result, count]) => of(count, result))],
    ];
    const samples = this.#totals.samples();
    for (const [family, series] of primary) samples.set(family, series);
    for (const [family, series] of tritonSamples(samples, versionsOf(this.#models))) {
      samples.set(family, series);
    }
    for (const family of without) samples.delete(family);
    return expositionOf(samples, format);
  }
}

function single(value: number): readonly Series[] {
  return [of(value)];
}

function of(value: number, ...labels: readonly string[]): Series {
  return { labels, values: [value] };
}

/** The process in a place of the pool: a number that does not change when another process takes it. */
function nameOf(place: number): string {
  return `worker-${place + 1}`;
}

function inOrder<T>(byPlace: ReadonlyMap<number, T>): [number, T][] {
  return [...byPlace].toSorted(([a], [b]) => a - b);
}

/** How many workers have each model: while a service changes its model there are two. */
function modelSeries(live: readonly LiveWorker[]): Series[] {
  const counts = new Map<string, { labels: readonly string[]; count: number }>();
  for (const { name, version, sha256 } of live.flatMap(({ models }) => models)) {
    const labels = [name, version, sha256];
    const known = counts.get(labels.join('\0'));
    if (known) known.count += 1;
    else counts.set(labels.join('\0'), { labels, count: 1 });
  }
  return [...counts.values()].map(({ labels, count }) => of(count, ...labels));
}

function versionsOf(models: readonly ServedModel[]): ReadonlyMap<string, string> {
  return new Map(models.map(({ name, version }) => [name, version]));
}
