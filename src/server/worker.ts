import cluster from 'node:cluster';
import { Server } from 'node:https';
import type { FastifyInstance } from 'fastify';
import { Collection } from '../collected/collection.js';
import { codeOf, InkdigitError, messageOf } from '../errors.js';
import { readImageSyncIfSmall } from '../image/read-image.js';
import type { ModelCard } from '../model/card/card.js';
import { openModel } from '../model/classifier.js';
import { pictureReaderBeside } from '../model/pictures/picture-reader.js';
import { buildApp, type AppDeps } from './app.js';
import { startGrpcServer, type GrpcServer } from './grpc/grpc-server.js';
import { drain } from './http/drain.js';
import { ANSWERED_CODES } from './http/error-table.js';
import { loggerOptions } from './log/logger.js';
import { PrimaryText } from './metrics/primary-text.js';
import { PROCESS_USE } from './metrics/process-use.js';
import { servedModels, WorkerMetrics, type ServedModel } from './metrics/worker-metrics.js';
import { FIXED_MODELS } from './oip/model-repository.js';
import { cannotListenOn } from './processes/listen-address.js';
import {
  HEARTBEATS_PER_TIMEOUT,
  type PrimaryMessage,
  type WorkerMessage,
  type WorkerSettings,
} from './processes/process-messages.js';
import { boundHeapGrowth } from './processes/node-internals/heap-growth.js';
import { WorkerModels } from './models/worker-models.js';
import { readPageFiles } from './routes/page-files.js';
import { Readiness } from './readiness.js';
import type { Rates } from './rates/rate-gate.js';
import { RemoteCounter } from './rates/remote-counter.js';
import type { Tracing } from './tracing/tracing.js';
import { acceptedDigests } from './security/access.js';
import { repositoryOf } from './store-repository.js';
import type { ModelOrder, ModelReport } from './models/model-messages.js';
import { answerFrames, answerPicture } from './warm-up.js';
import { tlsOptions, type TlsSecrets } from './security/tls-files.js';

// The program of one worker process; `worker-pool.ts` starts it and sends it the settings.

/** Where the build puts the page, beside this program's own folder. */
const PAGE_FOLDER = new URL('../page/', import.meta.url);

/** Where the package has its `.proto` files. */
const PROTO_FOLDER = new URL('../../proto/', import.meta.url);

type ModelDeps = Pick<
  AppDeps,
  'classifier' | 'pictures' | 'card' | 'source' | 'shadow' | 'modelControl' | 'repository'
>;

class Worker {
  #settings: WorkerSettings;
  readonly #readiness = new Readiness();
  readonly #primaryText = new PrimaryText((id, format) => tell({ kind: 'metrics-wanted', id, format }));
  #metrics: WorkerMetrics | undefined;
  #app: FastifyInstance | undefined;
  /** Where they are versions of a store. */
  #models: WorkerModels | undefined;
  #grpc: GrpcServer | undefined;
  #tracing: Tracing | undefined;
  /** The primary counts what all workers answer. */
  readonly counter = new RemoteCounter((requests) => tell({ kind: 'count', requests }));

  constructor(settings: WorkerSettings) {
    this.#settings = settings;
  }

  /**
   * Listens once the model has answered frames, so that no connection comes to a worker which cannot serve it. The
   * networks of pictures are opened after that: pictures that come before wait until they are.
   */
  async start(): Promise<void> {
    const { limits, access, version, logLevel, host, port, socket, hangTimeoutMs } = this.#settings;
    const { grpcPort, modelAlias } = this.#settings;
    const { trustedProxies, rateLimits, collection } = this.#settings;
    if (this.#settings.isTraced) this.#tracing = await this.#openTracing();
    const take: Rates['take'] = (caller, images) => this.counter.take(caller, images);
    const { metrics } = this.#settings;
    if (metrics) this.#metrics = newMetrics();
    const { deps, modelName, warmUpLater } = await this.#openModels();
    if (this.#metrics) this.#metrics.models = metered(deps.card, deps.source?.current.ref?.version);
    const app = await buildApp({
      ...deps,
      readImage: readImageSyncIfSmall,
      limits,
      access,
      version,
      page: readPageFiles(PAGE_FOLDER),
      readiness: this.#readiness,
      logger: loggerOptions(logLevel, this.#settings.logStyle),
      metrics: this.#metrics,
      metricsText: metrics?.isOnMainPort ? (format) => this.#primaryText.get(format) : undefined,
      tls: this.#settings.tls,
      modelAlias,
      logSample: this.#settings.logSample,
      tracing: this.#tracing,
      trustedProxies,
      collection: collection && new Collection(collection.folder, collection.maxBytes),
      rates: rateLimits.length > 0 ? { limits: rateLimits, take } : undefined,
    });
    const address = socket ? { path: socket.path } : { host, port };
    // What the files said while the model was read.
    const { tls } = this.#settings;
    if (tls) setTls(app, tls);
    const listening = app.listen({ ...address, listenTextResolver: () => 'listening' });
    await (socket ? listening : listening.catch(cannotListenOn(host, port)));
    this.#app = app;
    if (grpcPort !== undefined) this.#grpc = await this.#startGrpc(app, grpcPort);
    this.#readiness.markReady();
    await warmUpLater?.();
    tell({ kind: 'ready', modelName });
    this.#metrics?.watchEventLoop();
    this.#beat();
    setInterval(() => this.#beat(), hangTimeoutMs / HEARTBEATS_PER_TIMEOUT).unref();
  }

  async #startGrpc({ protocol, log, rateGate }: FastifyInstance, port: number): Promise<GrpcServer> {
    const { host, access, logSample, tls } = this.#settings;
    const counted = this.#metrics;
    const server = await startGrpcServer({
      protocol,
      host,
      port,
      keyDigests: acceptedDigests(access),
      protoFolder: PROTO_FOLDER,
      log,
      logSample,
      tls,
      tracing: this.#tracing,
      onFailed: counted && ((code) => counted.http.refusedConnection(code)),
      onRefused: counted && (() => counted.digits.ended('overloaded')),
      rateGate,
    }).catch(cannotListenOn(host, port, 'grpc-'));
    // What the files said while it was started.
    if (this.#settings.tls) server.useTls(this.#settings.tls);
    return server;
  }

  #beat(): void {
    tell({ kind: 'heartbeat', report: this.#metrics?.takeReport() });
  }

  receiveMetrics(id: number, text: string): void {
    this.#primaryText.receive(id, text);
  }

  obey(order: ModelOrder): void {
    void this.#models?.obey(order).then(() => {
      const { serving } = this.#models?.live ?? {};
      if (!serving || !this.#metrics) return;
      this.#metrics.models = metered(serving.card, serving.ref.version);
    });
  }

  /** One model for good, or the version of a store that serves now. */
  async #openModels(): Promise<{
    readonly deps: ModelDeps;
    readonly modelName: string;
    readonly warmUpLater?: () => Promise<void>;
  }> {
    const { modelPath, workerModels } = this.#settings;
    if (!workerModels) {
      const { classifier, card } = await openModel(modelPath);
      const pictures = pictureReaderBeside(modelPath);
      const models = { classifier, pictures };
      await answerFrames(models, modelPath);
      return {
        deps: { ...models, card },
        modelName: card.name,
        ...(pictures && { warmUpLater: () => answerPicture(models, modelPath) }),
      };
    }
    const tellModel = (report: ModelReport): void => tell({ kind: 'model', report });
    const models = await WorkerModels.open(workerModels, tellModel, this.#metrics?.shadow);
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
        repository: repositoryOf(models),
      },
      modelName: `${card.name}, version ${ref.version}`,
    };
  }

  async drainAndExit(): Promise<void> {
    if (this.#readiness.state === 'draining') return;
    this.#readiness.markDraining();
    const { drainMs, shutdownTimeoutMs } = this.#settings;
    await Promise.all([
      this.#app && drain(this.#app, drainMs, shutdownTimeoutMs),
      this.#grpc?.drain(drainMs, shutdownTimeoutMs),
    ]);
    await this.#tracing?.close();
    // What has been counted since the last heartbeat is lost otherwise.
    if (this.#metrics && process.connected) {
      tell({ kind: 'heartbeat', report: this.#metrics.takeReport() }, () => process.exit(0));
    } else process.exit(0);
  }

  async #openTracing(): Promise<Tracing> {
    const { openTelemetry } = await import('./tracing/open-telemetry.js');
    const onFault = (reason: string): void => this.#app?.log.warn({ reason }, 'traces not sent');
    return openTelemetry({ version: this.#settings.version, onFault });
  }

  /** Connections that are open keep the certificate that they began with. */
  useTls(tls: TlsSecrets): void {
    this.#settings = { ...this.#settings, tls };
    if (this.#app) setTls(this.#app, tls);
    this.#grpc?.useTls(tls);
  }
}

function setTls({ server }: FastifyInstance, tls: TlsSecrets): void {
  if (server instanceof Server) server.setSecureContext(tlsOptions(tls));
}

/** What answers, as metrics name it. */
function metered({ file }: ModelCard, version: number | undefined): ServedModel[] {
  return servedModels(version?.toString() ?? FIXED_MODELS.version, file.sha256);
}

function newMetrics(): WorkerMetrics {
  return new WorkerMetrics({
    codes: ANSWERED_CODES,
    models: [],
    use: PROCESS_USE,
    now: () => performance.now(),
  });
}

function tell(message: WorkerMessage, sent?: () => void): void {
  process.send?.(message, undefined, undefined, sent);
}

function run(): void {
  boundHeapGrowth();
  let worker: Worker | undefined;
  const start = (settings: WorkerSettings): void => {
    worker = new Worker(settings);
    worker.start().catch((thrown: unknown) => {
      const code = thrown instanceof InkdigitError ? thrown.code : 'internal';
      const isPortTaken = thrown instanceof InkdigitError && codeOf(thrown.cause) === 'EADDRINUSE';
      tell({ kind: 'failed', code, message: messageOf(thrown), isPortTaken }, () => process.exit(1));
    });
  };
  const end = (): void => {
    if (worker) void worker.drainAndExit();
    else process.exit(0);
  };
  process.on('message', (message: PrimaryMessage) => {
    switch (message.kind) {
      case 'start':
        start(message.settings);
        break;
      case 'model':
        worker?.obey(message.order);
        break;
      case 'tls':
        worker?.useTls(message.tls);
        break;
      case 'counted':
        worker?.counter.receive(message.verdicts);
        break;
      case 'metrics':
        worker?.receiveMetrics(message.id, message.text);
        break;
      case 'drain':
        end();
    }
  });
  process.on('SIGTERM', end);
  // Ctrl-C in a terminal reaches every process of the service; the primary says what follows from it.
  process.on('SIGINT', () => {});
  // What is sent before somebody listens is lost, so the primary waits for this.
  tell({ kind: 'loaded' });
}

if (cluster.isWorker) run();
