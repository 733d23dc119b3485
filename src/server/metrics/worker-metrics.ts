import type { ErrorCode } from '../../errors.js';
import { DELAY_INTERVAL_MS, EventLoopDelay } from './event-loop-delay.js';
import { HttpMeter } from './http-meter.js';
import { ModelMeter, type ModelName } from './model-meter.js';
import { Recorder, type Counter, type Histogram, type SeriesDelta } from './recorder.js';
import { ShadowMeter } from './shadow-meter.js';

/** A model that a worker answers with. */
export interface ServedModel {
  readonly name: ModelName;
  readonly version: string;
  /** Of its file, in hexadecimal. */
  readonly sha256: string;
}

/** The models of a service, which are versions of one. @param sha256 of the file of that which reads frames */
export function servedModels(version: string, sha256: string): ServedModel[] {
  return (['digits', 'numbers'] as const).map((name) => ({ name, version, sha256 }));
}

/** What waits and what is worked on, at one moment. */
export interface QueueState {
  /** Admitted and not released. */
  readonly imagesInFlight: number;
  /** Admitted and not taken up. */
  readonly imagesWaiting: number;
  readonly requestsWaiting: number;
}

/** What a worker tells the primary, with its heartbeats. */
export interface WorkerReport {
  /** Since the report before. */
  readonly deltas: readonly SeriesDelta[];
  /** Processor time since the report before, user and system. */
  readonly cpuSeconds: number;
  readonly residentBytes: number;
  readonly queue: QueueState;
  readonly models: readonly ServedModel[];
}

/** What a process says of itself. */
export interface ProcessUse {
  /** Microseconds of processor time so far. */
  readonly cpuUsage: () => { readonly user: number; readonly system: number };
  readonly residentBytes: () => number;
}

export interface WorkerMetricsDeps {
  /** Codes of errors that requests are answered with. */
  readonly codes: readonly ErrorCode[];
  readonly models: readonly ServedModel[];
  readonly use: ProcessUse;
  /** Milliseconds of a steady clock. */
  readonly now: () => number;
}

/** All that one worker counts. */
export class WorkerMetrics {
  readonly http: HttpMeter;
  readonly digits: ModelMeter;
  readonly numbers: ModelMeter;
  readonly shadow: ShadowMeter;
  /** What answers now; a worker that takes another says so here. */
  models: readonly ServedModel[];
  readonly #recorder = new Recorder();
  readonly #deps: WorkerMetricsDeps;
  readonly #eventLoopDelay: Histogram;
  #queueState: () => QueueState = () => ({ imagesInFlight: 0, imagesWaiting: 0, requestsWaiting: 0 });
  #cpuMicroseconds = 0;

  constructor(deps: WorkerMetricsDeps) {
    const { codes, models, now } = deps;
    const recorder = this.#recorder;
    this.#deps = deps;
    this.models = models;
    this.http = new HttpMeter(recorder, codes, now);
    const faults = new Map<string, Counter>();
    this.digits = new ModelMeter(recorder, 'digits', faults, now);
    this.numbers = new ModelMeter(recorder, 'numbers', faults, now);
    this.shadow = new ShadowMeter(recorder);
    this.#eventLoopDelay = recorder.histogram('eventLoopDelay');
  }

  /** A request was refused before the app saw it, as the queue is full. */
  refusedAtGate(route: string, model: ModelName): void {
    this.http.refused('POST', route, 503, 'overloaded');
    this[model].ended('overloaded');
  }

  /** Watches a queue: `stateOf` is asked at every report. */
  watchQueue(stateOf: () => QueueState): void {
    this.#queueState = stateOf;
  }

  /** Watches the event loop until the process ends. */
  watchEventLoop(): void {
    const { now } = this.#deps;
    const delay = new EventLoopDelay(this.#eventLoopDelay, now());
    setInterval(() => delay.tick(now()), DELAY_INTERVAL_MS).unref();
  }

  /** What there is to tell since the last call. */
  takeReport(): WorkerReport {
    const { use } = this.#deps;
    const { user, system } = use.cpuUsage();
    const cpuSeconds = (user + system - this.#cpuMicroseconds) / 1e6;
    this.#cpuMicroseconds = user + system;
    return {
      deltas: this.#recorder.takeDeltas(),
      cpuSeconds,
      residentBytes: use.residentBytes(),
      queue: this.#queueState(),
      models: this.models,
    };
  }
}
