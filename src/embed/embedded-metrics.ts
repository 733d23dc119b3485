import { ANSWERED_CODES } from '../server/http/error-table.js';
import type { ExpositionFormat } from '../server/metrics/exposition.js';
import type { FamilyName } from '../server/metrics/families.js';
import { PROCESS_USE } from '../server/metrics/process-use.js';
import { ServiceMetrics } from '../server/metrics/service-metrics.js';
import { servedModels, WorkerMetrics } from '../server/metrics/worker-metrics.js';
import { FIXED_MODELS } from '../server/oip/model-repository.js';

/** What a process or a pool of them has, which are those of the program around the handler. */
const OF_PROCESSES: readonly FamilyName[] = [
  'workers',
  'workersReady',
  'workerRestarts',
  'eventLoopDelay',
  'residentMemory',
  'cpuSeconds',
  'startTime',
  'modelChanges',
];

export interface EmbeddedMetricsDeps {
  /** Of this package. */
  readonly version: string;
  /** Of the model's file. */
  readonly sha256: string;
  readonly maxQueue: number;
}

/** What a handler within another server counts: what a service does, but for what is of its processes. */
export class EmbeddedMetrics {
  readonly counts: WorkerMetrics;
  readonly #service: ServiceMetrics;

  constructor({ version, sha256, maxQueue }: EmbeddedMetricsDeps) {
    this.counts = new WorkerMetrics({
      codes: ANSWERED_CODES,
      models: servedModels(FIXED_MODELS.version, sha256),
      use: PROCESS_USE,
      now: () => performance.now(),
    });
    this.#service = new ServiceMetrics({ version, maxQueue, workers: 1, startSeconds: 0, use: PROCESS_USE });
  }

  /** The text of `GET /metrics`. */
  render(format: ExpositionFormat): string {
    this.#service.add(0, this.counts.takeReport());
    return this.#service.render(format, OF_PROCESSES);
  }
}
