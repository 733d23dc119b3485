import type { Worker } from 'node:cluster';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { InkdigitError } from '../../errors.js';
import type { ServiceMetrics } from '../metrics/service-metrics.js';
import {
  HEARTBEATS_PER_TIMEOUT,
  type PrimaryMessage,
  type SettledPorts,
  type WorkerMessage,
  type WorkerSettings,
} from './process-messages.js';
import type { VersionRef } from '../models/held-models.js';
import type { ModelReport, WorkerModelSettings } from '../models/model-messages.js';
import type { WorkerLink } from '../models/rollout.js';
import { ImageCounter, type Verdict } from '../rates/image-counter.js';
import type { CountRequest } from '../rates/remote-counter.js';
import type { TlsSecrets } from '../security/tls-files.js';
import { countEarlyDeaths, respawnDelayMs } from './respawn-policy.js';
import { startWorker, type WorkerProcess } from './worker-process.js';
import { closeInFlightConnections } from './node-internals/in-flight-connections.js';

/** One place in the pool; workers come and go in it. */
interface Slot {
  /** From 0. */
  readonly place: number;
  worker: Worker | undefined;
  earlyDeaths: number;
  /**
   * How many more heartbeats it may miss. Checks are counted, not time: where the whole service was held
   * up (a process group that was stopped, a machine that slept), no worker is taken for hung.
   */
  heartbeatsLeft: number;
}

/** Versions of models that workers are given; `ModelService` is one. */
export interface PoolModels {
  workerSettings(): WorkerModelSettings;
  joined(link: WorkerLink, serving: VersionRef): void;
  left(worker: number): void;
  heard(worker: number, report: ModelReport): void;
}

/** What a pool is given beside its settings. */
export interface PoolDeps {
  /**
   * Settles anew the ports that were left to the system, where another program took one before the workers came to
   * listen on it; undefined where none was.
   */
  readonly otherPorts?: (() => Promise<SettledPorts>) | undefined;
  /** Where what workers report is added up. */
  readonly metrics?: ServiceMetrics | undefined;
  /** Where models are versions of a store. */
  readonly models?: PoolModels | undefined;
}

/** Loading a model may block a worker longer than any request. */
const HEARTBEATS_AT_START = 10 * HEARTBEATS_PER_TIMEOUT;

/** How often a start goes on with other ports, where those that it had were taken before it could listen. */
const OTHER_PORTS = 3;

const UNKNOWN_CLUSTER =
  'node:cluster is not as it is known; connections that a worker has not taken when it dies will stay open';

/** Keeps a number of worker processes alive. One pool a process: `node:cluster` knows only one. */
export class WorkerPool {
  #settings: WorkerSettings;
  readonly #slots: readonly Slot[];
  readonly #log: Logger;
  readonly #models: PoolModels | undefined;
  readonly #otherPorts: PoolDeps['otherPorts'];
  /** Of all workers, those that died included. */
  readonly #counter: ImageCounter;
  readonly #metrics: ServiceMetrics | undefined;
  #state: 'starting' | 'running' | 'stopping' = 'starting';
  #timers = new Set<NodeJS.Timeout>();
  readonly #watch: NodeJS.Timeout;

  constructor(settings: WorkerSettings, log: Logger, { metrics, models, otherPorts }: PoolDeps = {}) {
    this.#settings = settings;
    this.#models = models;
    this.#otherPorts = otherPorts;
    this.#slots = Array.from({ length: settings.workers }, (_, place) => ({
      place,
      worker: undefined,
      earlyDeaths: 0,
      heartbeatsLeft: HEARTBEATS_AT_START,
    }));
    this.#log = log;
    this.#counter = new ImageCounter(settings.rateLimits);
    this.#metrics = metrics;
    this.#watch = setInterval(() => this.#endHung(), settings.hangTimeoutMs / HEARTBEATS_PER_TIMEOUT).unref();
  }

  /**
   * Resolves when every worker is ready; from then on a dead worker is replaced.
   * @param started one for each place
   * @returns the model's name, and the ports on which the workers listen
   * @throws InkdigitError when one cannot start: the first one's reason, and the others are ended.
   */
  async start(started: readonly WorkerProcess[]): Promise<SettledPorts & { readonly modelName: string }> {
    let processes = started;
    for (let triesLeft = OTHER_PORTS; ; triesLeft -= 1) {
      try {
        const [modelName = ''] = await Promise.all(
          this.#slots.map((slot) => this.#fill(slot, processes[slot.place])),
        );
        if (this.#state === 'starting') this.#state = 'running';
        const { port, grpcPort } = this.#settings;
        return { modelName, port, grpcPort };
      } catch (error) {
        // While stopping, workers that were not ready yet end too, and the others still have work.
        if (this.#state !== 'starting') throw error;
        await this.#endAtStart();
        const ports = triesLeft > 0 && isOfTakenPort(error) ? await this.#otherPorts?.() : undefined;
        if (!ports) throw error;
        this.#settings = { ...this.#settings, ...ports };
        processes = [];
      }
    }
  }

  /**
   * Lets every worker finish what is open.
   * @returns whether all were done within `timeoutMs`; those that were not are cut off.
   */
  async drain(timeoutMs: number): Promise<boolean> {
    this.#stop();
    const workers = this.#workers();
    const ends = workers.map(endOf);
    for (const worker of workers) tellWorker(worker, { kind: 'drain' });
    const timeout = new AbortController();
    const isDone = await Promise.race([
      Promise.all(ends).then(() => true),
      delay(timeoutMs, false, { signal: timeout.signal }),
    ]);
    timeout.abort();
    if (!isDone) this.kill();
    return isDone;
  }

  /** Has workers, those to come too, answer new connections with another certificate. */
  useTls(tls: TlsSecrets): void {
    this.#settings = { ...this.#settings, tls };
    for (const worker of this.#workers()) tellWorker(worker, { kind: 'tls', tls });
  }

  /** Ends every worker at once. */
  kill(): void {
    this.#stop();
    for (const worker of this.#workers()) worker.process.kill('SIGKILL');
  }

  /** None is left of a start that failed: the next one has their places. */
  async #endAtStart(): Promise<void> {
    const workers = this.#workers();
    const ends = workers.map(endOf);
    for (const worker of workers) worker.process.kill('SIGKILL');
    await Promise.all(ends);
  }

  #stop(): void {
    this.#state = 'stopping';
    clearInterval(this.#watch);
    for (const timer of this.#timers) clearTimeout(timer);
  }

  #endHung(): void {
    for (const slot of this.#slots) {
      if (!slot.worker || --slot.heartbeatsLeft > 0) continue;
      this.#log.error({ worker: slot.worker.process.pid }, 'worker missed its heartbeats; ending it');
      slot.worker.process.kill('SIGKILL');
    }
  }

  #workers(): Worker[] {
    return this.#slots.flatMap(({ worker }) => worker ?? []);
  }

  /** Takes a worker into the pool; resolves with its model's name when it is ready, rejects when it ends before. */
  #fill(slot: Slot, { worker, loaded, ended }: WorkerProcess = startWorker()): Promise<string> {
    const startedMs = performance.now();
    const isClusterFollowed = closeInFlightConnections(worker);
    slot.worker = worker;
    slot.heartbeatsLeft = HEARTBEATS_AT_START;
    return new Promise((resolve, reject) => {
      let failure: InkdigitError | undefined;
      let workerModels: WorkerModelSettings | undefined;
      void ended.then((how) => {
        slot.worker = undefined;
        this.#models?.left(worker.id);
        this.#metrics?.workerEnded(slot.place);
        slot.earlyDeaths = countEarlyDeaths(slot.earlyDeaths, performance.now() - startedMs);
        reject(failure ?? new InkdigitError('internal', `A worker ended before it was ready (${how}).`));
        if (this.#state === 'running') this.#replace(slot, worker, failure?.message ?? how);
      });
      void loaded.then(() => {
        // One that was told to end while it loaded has not heard it.
        if (this.#state === 'stopping') return tellWorker(worker, { kind: 'drain' });
        workerModels = this.#models?.workerSettings();
        return tellWorker(worker, { kind: 'start', settings: { ...this.#settings, workerModels } });
      });
      worker.on('message', (message: WorkerMessage) => {
        switch (message.kind) {
          case 'loaded':
            break; // Heard already, perhaps before the pool was there.
          case 'failed':
            failure = new WorkerFailure(message);
            break;
          case 'ready':
            if (!isClusterFollowed()) this.#log.warn({ node: process.version }, UNKNOWN_CLUSTER);
            if (workerModels) this.#models?.joined(linkTo(worker), workerModels.serving);
            resolve(message.modelName);
            this.#metrics?.workerReady(slot.place);
            slot.heartbeatsLeft = HEARTBEATS_PER_TIMEOUT;
            break;
          case 'heartbeat':
            slot.heartbeatsLeft = HEARTBEATS_PER_TIMEOUT;
            if (message.report) this.#metrics?.add(slot.place, message.report);
            break;
          case 'model':
            this.#models?.heard(worker.id, message.report);
            break;
          case 'count':
            tellWorker(worker, { kind: 'counted', verdicts: this.#count(message.requests) });
            break;
          case 'metrics-wanted': {
            const text = this.#metrics?.render(message.format) ?? '';
            tellWorker(worker, { kind: 'metrics', id: message.id, text });
          }
        }
      });
      // A message that came too late for one that is ending; its exit says all there is to say.
      worker.on('error', (error) => this.#log.debug({ err: error }, 'worker'));
    });
  }

  #count(requests: readonly CountRequest[]): Verdict[] {
    const nowMs = performance.now();
    return requests.map(([caller, images]) => this.#counter.take(caller, images, nowMs));
  }

  #replace(slot: Slot, dead: Worker, reason: string): void {
    const delayMs = respawnDelayMs(slot.earlyDeaths);
    this.#metrics?.workerReplaced();
    this.#log.error({ worker: dead.process.pid, reason, delayMs }, 'worker ended; replacing it');
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#fill(slot).then(
        () => this.#log.info({ worker: slot.worker?.process.pid }, 'worker replaced'),
        () => {}, // Its exit has been handled: it is replaced in turn.
      );
    }, delayMs);
    this.#timers.add(timer);
  }
}

/** Why a worker could not start. */
class WorkerFailure extends InkdigitError {
  readonly isPortTaken: boolean;

  constructor({ code, message, isPortTaken }: Extract<WorkerMessage, { kind: 'failed' }>) {
    super(code, message);
    this.isPortTaken = isPortTaken;
  }
}

function isOfTakenPort(error: unknown): boolean {
  return error instanceof WorkerFailure && error.isPortTaken;
}

function endOf(worker: Worker): Promise<void> {
  return new Promise((resolve) => void worker.once('exit', () => resolve()));
}

function linkTo(worker: Worker): WorkerLink {
  return { id: worker.id, tell: (order) => tellWorker(worker, { kind: 'model', order }) };
}

function tellWorker(worker: Worker, message: PrimaryMessage): void {
  worker.send(message);
}
