import cluster from 'node:cluster';
import type { FastifyInstance } from 'fastify';
import { InkdigitError, messageOf } from '../errors.js';
import { FRAME_PIXELS } from '../image/frame.js';
import { readFrameSoon } from '../image/read-frame.js';
import { openModel, type Classifier } from '../model/classifier.js';
import { buildApp } from './app.js';
import { drain } from './drain.js';
import { loggerOptions } from './logger.js';
import {
  SIGNS_PER_TIMEOUT,
  type DrainMessage,
  type ServiceSettings,
  type WorkerMessage,
} from './messages.js';
import { readPageFiles } from './page-files.js';
import { Readiness } from './readiness.js';

// The program of one worker process; `worker-pool.ts` starts it, with the settings as its one argument.

/** Where the build puts the page, beside this program's own folder. */
const PAGE_FOLDER = new URL('../page/', import.meta.url);

/** Images in the batch that a model must answer before its worker is ready. */
const WARM_UP_IMAGES = 8;

class Worker {
  readonly #settings: ServiceSettings;
  readonly #readiness = new Readiness();
  #app: FastifyInstance | undefined;

  constructor(settings: ServiceSettings) {
    this.#settings = settings;
  }

  /** Listens only once the model has answered, so that no connection comes to a worker which cannot serve it. */
  async start(): Promise<void> {
    const { modelPath, limits, access, version, logLevel, host, port, hangTimeoutMs } = this.#settings;
    const { classifier, card } = await openModel(modelPath);
    await warmUp(classifier, modelPath);
    const app = await buildApp({
      classifier,
      card,
      readFrame: readFrameSoon,
      limits,
      access,
      version,
      page: await readPageFiles(PAGE_FOLDER),
      readiness: this.#readiness,
      logger: loggerOptions(logLevel),
    });
    await app.listen({ host, port, listenTextResolver: () => 'listening' });
    this.#app = app;
    this.#readiness.markReady();
    tell({ kind: 'ready', modelName: card.name });
    setInterval(() => tell({ kind: 'alive' }), hangTimeoutMs / SIGNS_PER_TIMEOUT).unref();
  }

  async drainAndExit(): Promise<void> {
    if (this.#readiness.state === 'draining') return;
    this.#readiness.markDraining();
    const { shutdownTimeoutMs } = this.#settings;
    if (this.#app) await drain(this.#app, shutdownTimeoutMs);
    process.exit(0);
  }
}

async function warmUp(classifier: Classifier, modelPath: string): Promise<void> {
  const pixels = new Uint8Array(WARM_UP_IMAGES * FRAME_PIXELS);
  const probabilities = await classifier.probabilities({ count: WARM_UP_IMAGES, pixels });
  if (probabilities.every((probability) => probability >= 0 && probability <= 1)) return;
  throw new InkdigitError(
    'invalid_model',
    `${modelPath} answers with what is no probability; train it again.`,
  );
}

function tell(message: WorkerMessage, sent?: () => void): void {
  process.send?.(message, undefined, undefined, sent);
}

function run(): void {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- worker-pool.ts wrote it
  const settings = JSON.parse(process.argv[2] ?? '{}') as ServiceSettings;
  const worker = new Worker(settings);
  const end = (): void => void worker.drainAndExit();
  process.on('message', ({ kind }: DrainMessage) => kind === 'drain' && end());
  process.on('SIGTERM', end);
  // Ctrl-C in a terminal reaches every process of the service; the primary says what follows from it.
  process.on('SIGINT', () => {});
  worker.start().catch((thrown: unknown) => {
    const code = thrown instanceof InkdigitError ? thrown.code : 'internal';
    tell({ kind: 'failed', code, message: messageOf(thrown) }, () => process.exit(1));
  });
}

if (cluster.isWorker) run();
