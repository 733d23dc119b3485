import cluster, { type Worker } from 'node:cluster';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import { InkdigitError } from '../../errors.js';
import {
  SIGNS_PER_TIMEOUT,
  type PrimaryMessage,
  type ServiceSettings,
  type WorkerMessage,
} from './process-messages.js';
import { countEarlyDeaths, respawnDelayMs } from './respawn-policy.js';
import { WORKER_ENVIRONMENT, WORKER_FLAGS } from './worker-memory.js';
import { closeUntakenConnections } from './node-internals/untaken-connections.js';

/** One place in the pool; workers come and go in it. */
interface Slot {
  worker: Worker | undefined;
  earlyDeaths: number;
  /**
   * How many more looks at it may find no sign of life. Looks are counted, not time: where the whole service was held
   * up (a process group that was stopped, a machine that slept), nobody is taken for hung.
   */
  patience: number;
}

/** Loading a model may block a worker longer than any request. */
const START_PATIENCE = 10 * SIGNS_PER_TIMEOUT;

const UNKNOWN_CLUSTER =
  'node:cluster is not as it is known; connections that a worker has not taken when it dies will stay open';

/** Keeps a number of worker processes alive. One pool a process: `node:cluster` knows only one. */
export class WorkerPool {
  readonly #settings: ServiceSettings;
  readonly #slots: readonly Slot[];
  readonly #log: Logger;
  #state: 'starting' | 'running' | 'stopping' = 'starting';
  #timers = new Set<NodeJS.Timeout>();
  readonly #watch: NodeJS.Timeout;

  constructor(settings: ServiceSettings, log: Logger) {
    this.#settings = settings;
    this.#slots = Array.from({ length: settings.workers }, () => ({
      worker: undefined,
      earlyDeaths: 0,
      patience: START_PATIENCE,
    }));
    this.#log = log;
    this.#watch = setInterval(() => this.#endHung(), settings.hangTimeoutMs / SIGNS_PER_TIMEOUT).unref();
    cluster.setupPrimary({
      exec: fileURLToPath(new URL('../worker.js', import.meta.url)),
      // Unless told otherwise, those of this process.
      args: [],
      execArgv: [...process.execArgv, ...WORKER_FLAGS],
    });
  }

  /**
   * Resolves with the model's name when every worker is ready; from then on a dead worker is replaced.
   * @throws InkdigitError when one cannot start: the first one's reason, and the others are ended.
   */
  async start(): Promise<string> {
    try {
      const [modelName = ''] = await Promise.all(this.#slots.map((slot) => this.#fork(slot)));
      if (this.#state === 'starting') this.#state = 'running';
      return modelName;
    } catch (error) {
      // While stopping, workers that were not ready yet end too, and the others still have work.
      if (this.#state === 'starting') this.kill();
      throw error;
    }
  }

  /**
   * Lets every worker finish what is open.
   * @returns whether all were done within `timeoutMs`; those that were not are cut off.
   */
  async drain(timeoutMs: number): Promise<boolean> {
    this.#stop();
    const workers = this.#workers();
    const ends = workers.map((worker) => new Promise((resolve) => void worker.once('exit', resolve)));
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

  /** Ends every worker at once. */
  kill(): void {
    this.#stop();
    for (const worker of this.#workers()) worker.process.kill('SIGKILL');
  }

  #stop(): void {
    this.#state = 'stopping';
    clearInterval(this.#watch);
    for (const timer of this.#timers) clearTimeout(timer);
  }

  #endHung(): void {
    for (const slot of this.#slots) {
      if (!slot.worker || --slot.patience > 0) continue;
      this.#log.error({ worker: slot.worker.process.pid }, 'worker gives no sign of life; ending it');
      slot.worker.process.kill('SIGKILL');
    }
  }

  #workers(): Worker[] {
    return this.#slots.flatMap(({ worker }) => worker ?? []);
  }

  /** Starts a worker; resolves with its model's name when it is ready, rejects when it ends before. */
  #fork(slot: Slot): Promise<string> {
    const startedMs = performance.now();
    const worker = cluster.fork(WORKER_ENVIRONMENT);
    const isClusterFollowed = closeUntakenConnections(worker);
    slot.worker = worker;
    slot.patience = START_PATIENCE;
    return new Promise((resolve, reject) => {
      let failure: InkdigitError | undefined;
      let isOver = false;
      const end = (how: string): void => {
        if (isOver) return;
        isOver = true;
        slot.worker = undefined;
        slot.earlyDeaths = countEarlyDeaths(slot.earlyDeaths, performance.now() - startedMs);
        reject(failure ?? new InkdigitError('internal', `A worker ended before it was ready (${how}).`));
        if (this.#state === 'running') this.#replace(slot, worker, failure?.message ?? how);
      };
      worker.on('message', (message: WorkerMessage) => {
        switch (message.kind) {
          case 'loaded':
            // One that was told to end while it loaded has not heard it.
            if (this.#state === 'stopping') tellWorker(worker, { kind: 'drain' });
            else tellWorker(worker, { kind: 'start', settings: this.#settings });
            break;
          case 'failed':
            failure = new InkdigitError(message.code, message.message);
            break;
          case 'ready':
            if (!isClusterFollowed()) this.#log.warn({ node: process.version }, UNKNOWN_CLUSTER);
            resolve(message.modelName);
            slot.patience = SIGNS_PER_TIMEOUT;
            break;
          case 'alive':
            slot.patience = SIGNS_PER_TIMEOUT;
        }
      });
      worker.on('error', (error) => {
        // A process that could not be started has no exit; otherwise a message came too late for one that is
        // ending, and its exit says all there is to say.
        if (worker.process.pid === undefined) end(`it could not be started: ${error.message}`);
        else this.#log.debug({ err: error }, 'worker');
      });
      worker.once('exit', (exitCode, signal) => end(signal ? `signal ${signal}` : `exit code ${exitCode}`));
    });
  }

  #replace(slot: Slot, dead: Worker, reason: string): void {
    const delayMs = respawnDelayMs(slot.earlyDeaths);
    this.#log.error({ worker: dead.process.pid, reason, delayMs }, 'worker ended; replacing it');
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#fork(slot).then(
        () => this.#log.info({ worker: slot.worker?.process.pid }, 'worker replaced'),
        () => {}, // Its exit has been handled: it is replaced in turn.
      );
    }, delayMs);
    this.#timers.add(timer);
  }
}

function tellWorker(worker: Worker, message: PrimaryMessage): void {
  worker.send(message);
}
