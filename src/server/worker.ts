import cluster from 'node:cluster';
import type { FastifyInstance } from 'fastify';
import { InkdigitError, messageOf } from '../errors.js';
import { FRAME_PIXELS, FRAME_SIDE, planeOfFrame } from '../image/frame.js';
import { contentOf, type ImageContent } from '../image/picture.js';
import { readImageSyncIfSmall } from '../image/read-image.js';
import { openDigitModels, readContents, type DigitModels } from '../model/digit-models.js';
import { buildApp, type AppDeps } from './app.js';
import { drain } from './http/drain.js';
import { loggerOptions } from './log/logger.js';
import {
  HEARTBEATS_PER_TIMEOUT,
  type PrimaryMessage,
  type ServiceSettings,
  type WorkerMessage,
} from './processes/process-messages.js';
import { boundHeapGrowth } from './processes/node-internals/heap-growth.js';
import { WorkerModels } from './models/worker-models.js';
import { readPageFiles } from './routes/page-files.js';
import { Readiness } from './readiness.js';
import type { ModelOrder } from './models/model-messages.js';

// The program of one worker process; `worker-pool.ts` starts it and sends it the settings.

/** Where the build puts the page, beside this program's own folder. */
const PAGE_FOLDER = new URL('../page/', import.meta.url);

/** Images that the models must answer before their worker is ready. */
const WARM_UP_IMAGES = 8;

type ModelDeps = Pick<
  AppDeps,
  'classifier' | 'pictures' | 'card' | 'source' | 'shadow' | 'modelControl'
>;

class Worker {
  readonly #settings: ServiceSettings;
  readonly #readiness = new Readiness();
  #app: FastifyInstance | undefined;
  /** Where they are versions of a store. */
  #models: WorkerModels | undefined;

  constructor(settings: ServiceSettings) {
    this.#settings = settings;
  }

  /** Listens only once the model has answered, so that no connection comes to a worker which cannot serve it. */
  async start(): Promise<void> {
    const { limits, access, version, logLevel, host, port, hangTimeoutMs } = this.#settings;
    const { deps, modelName } = await this.#openModels();
    const app = await buildApp({
      ...deps,
      readImage: readImageSyncIfSmall,
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
    tell({ kind: 'ready', modelName });
    setInterval(() => tell({ kind: 'heartbeat' }), hangTimeoutMs / HEARTBEATS_PER_TIMEOUT).unref();
  }

  obey(order: ModelOrder): void {
    void this.#models?.obey(order);
  }

  /** One model for good, or the version of a store that serves now. */
  async #openModels(): Promise<{ readonly deps: ModelDeps; readonly modelName: string }> {
    const { modelPath, workerModels } = this.#settings;
    if (!workerModels) {
      const { classifier, pictures, card } = await openDigitModels(modelPath);
      await warmUp({ classifier, pictures }, modelPath);
      return { deps: { classifier, pictures, card }, modelName: card.name };
    }
    const models = await WorkerModels.open(workerModels, (report) => tell({ kind: 'model', report }));
    this.#models = models;
    // It tells the primary to look again; the end of a terminal sends it to every process.
    process.on('SIGHUP', () => {});
    const { live } = models;
    const { classifier, pictures, card, ref } = live.serving;
    return {
      deps: {
        classifier,
        pictures,
        card,
        source: live,
        shadow: models,
        modelControl: models,
      },
      modelName: `${card.name}, version ${ref.version}`,
    };
  }

  async drainAndExit(): Promise<void> {
    if (this.#readiness.state === 'draining') return;
    this.#readiness.markDraining();
    const { shutdownTimeoutMs } = this.#settings;
    if (this.#app) await drain(this.#app, shutdownTimeoutMs);
    process.exit(0);
  }
}

/** Blank frames, and blank pictures where there is a reader of them. */
async function warmUp({ classifier, pictures }: DigitModels, modelPath: string): Promise<void> {
  const contents = Array.from({ length: WARM_UP_IMAGES }, (_, i): ImageContent => {
    const frame = new Uint8Array(FRAME_PIXELS);
    if (!pictures || i % 2 === 0) return contentOf(frame);
    const picture = { gray: planeOfFrame(frame), reduction: 1, width: FRAME_SIDE, height: FRAME_SIDE };
    return { kind: 'picture', picture };
  });
  const readings = await readContents({ classifier, pictures }, contents);
  const isProbability = (value: number): boolean => value >= 0 && value <= 1;
  if (readings.every(({ reading }) => reading.probabilities.every(isProbability))) return;
  throw new InkdigitError(
    'invalid_model',
    `${modelPath}, or what lies beside it, answers with what is no probability; train it again.`,
  );
}

function tell(message: WorkerMessage, sent?: () => void): void {
  process.send?.(message, undefined, undefined, sent);
}

function run(): void {
  boundHeapGrowth();
  let worker: Worker | undefined;
  const start = (settings: ServiceSettings): void => {
    worker = new Worker(settings);
    worker.start().catch((thrown: unknown) => {
      const code = thrown instanceof InkdigitError ? thrown.code : 'internal';
      tell({ kind: 'failed', code, message: messageOf(thrown) }, () => process.exit(1));
    });
  };
  const end = (): void => {
    if (worker) void worker.drainAndExit();
    else process.exit(0);
  };
  process.on('message', (message: PrimaryMessage) => {
    if (message.kind === 'start') start(message.settings);
    else if (message.kind === 'model') worker?.obey(message.order);
    else end();
  });
  process.on('SIGTERM', end);
  // Ctrl-C in a terminal reaches every process of the service; the primary says what follows from it.
  process.on('SIGINT', () => {});
  // What is sent before somebody listens is lost, so the primary waits for this.
  tell({ kind: 'loaded' });
}

if (cluster.isWorker) run();
