import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance, FastifyServerOptions } from 'fastify';
import { InkdigitError } from '../errors.js';
import { readImageSyncIfSmall } from '../image/read-image.js';
import { openDigitModels } from '../model/digit-models.js';
import { shippedModelPath } from '../model/model-paths.js';
import { packageVersion } from '../package-info.js';
import { buildApp } from '../server/app.js';
import type { ExpositionFormat } from '../server/metrics/exposition.js';
import { DEFAULT_LIMITS, DEFAULT_SHUTDOWN_TIMEOUT_MS, type Limits } from '../server/limits.js';
import { Readiness } from '../server/readiness.js';
import { digestOfKey } from '../server/security/api-keys.js';
import { EmbeddedMetrics } from './embedded-metrics.js';

/** The service as a part of another server, which listens and owns the connections. */
export interface HandlerOptions {
  /** Default: the shipped model. */
  readonly modelPath?: string;
  /** ONNX Runtime's threads for one inference, as `openDigitReader` has them. */
  readonly threads?: number;
  /** What one request may ask; each that is left out is as `inkdigit serve` has it. */
  readonly limits?: Partial<EmbeddedLimits>;
  /** Keys that callers have to send; none by default: everybody whom the server around it lets in. */
  readonly apiKeys?: readonly string[];
  /** Origins whose pages may read the answers, as `https://example.org`; none by default. */
  readonly corsOrigins?: readonly string[];
  /**
   * Whether requests are counted, for `metrics()`; `'route'` answers `GET /metrics` too, under `apiKeys`. Nothing is
   * counted by default.
   */
  readonly metrics?: boolean | 'route';
  /** For how long `close` waits for open requests, in milliseconds; 10,000 by default. */
  readonly shutdownTimeoutMs?: number;
  /** Fastify's option of that name. Default: what fails within the service, as JSON lines on stderr. */
  readonly logger?: NonNullable<FastifyServerOptions['logger']>;
}

/** The limits but for `maxConnections`: connections are those of the server around it. */
export type EmbeddedLimits = Omit<Limits, 'maxConnections'>;

/**
 * Answers a request as the service does, whose paths begin where the handler is mounted: `POST /mnist/classify` and
 * the others of the API. Fits `app.use('/digits', handler)` of Express and `http.createServer(handler)`.
 */
export interface Handler {
  /**
   * @param next where it is given, called for paths that are none of the service's
   * @throws InkdigitError `invalid_request` where another has read the body before (given to `next` where there is one)
   */
  (request: IncomingMessage, response: ServerResponse, next?: (error?: unknown) => void): void;
  /**
   * What was counted since it was made, as `GET /metrics` of the service has it, but for what is of whole processes.
   * @param format Prometheus' own text unless said
   * @throws InkdigitError `invalid_option` where the option `metrics` is not set
   */
  metrics(format?: 'prometheus' | 'openmetrics'): string;
  /** Tells `GET /readyz` to say 503, so that load balancers send no more. */
  drain(): void;
  /** Waits until open requests are answered, and frees the native memory. The server around it ends by itself. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Opens the model and makes a handler.
 * @throws InkdigitError `missing_file` or `invalid_model`; `invalid_option` for limits that exclude each other
 */
export async function createHandler(options: HandlerOptions = {}): Promise<Handler> {
  const limits: Limits = { ...DEFAULT_LIMITS, ...options.limits };
  requireRoomForBatch(limits);
  const { modelPath = shippedModelPath(), threads } = options;
  const models = await openDigitModels(modelPath, threads === undefined ? {} : { threads });
  const version = packageVersion();
  const metrics = options.metrics
    ? new EmbeddedMetrics({ version, sha256: models.card.file.sha256, maxQueue: limits.maxQueue })
    : undefined;
  const readiness = new Readiness();
  const app = await buildApp({
    ...models,
    readImage: readImageSyncIfSmall,
    limits,
    access: {
      keyDigests: (options.apiKeys ?? []).map(digestOfKey),
      corsOrigins: options.corsOrigins ?? [],
    },
    version,
    page: [],
    readiness,
    metrics: metrics?.counts,
    metricsText:
      metrics && options.metrics === 'route' ? async (format) => metrics.render(format) : undefined,
    logger: options.logger ?? { level: 'error', stream: process.stderr },
  });
  await app.ready();
  readiness.markReady();
  const { shutdownTimeoutMs = DEFAULT_SHUTDOWN_TIMEOUT_MS } = options;
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    readiness.markDraining();
    return (closing ??= closeApp(app, shutdownTimeoutMs).then(() => models.close()));
  };
  return Object.assign(handlerOf(app), {
    metrics(format: ExpositionFormat = 'prometheus') {
      if (metrics) return metrics.render(format);
      throw new InkdigitError(
        'invalid_option',
        'Nothing is counted: make the handler with the option metrics.',
      );
    },
    drain: () => readiness.markDraining(),
    close,
    [Symbol.asyncDispose]: close,
  });
}

/** The app's own server never listens: requests that came to another are given to it, with its hooks and limits. */
function handlerOf(app: FastifyInstance): (...args: Parameters<Handler>) => void {
  return (request, response, next) => {
    const path = request.url?.split('?', 1)[0] ?? '/';
    if (next && !app.routeList.has(path)) {
      next();
      return;
    }
    if (request.readableDidRead) {
      const error = new InkdigitError(
        'invalid_request',
        'Expected a request whose body is still to be read: mount inkdigit before parsers such as express.json().',
      );
      if (!next) throw error;
      next(error);
      return;
    }
    app.server.emit('request', request, response);
  };
}

async function closeApp(app: FastifyInstance, timeoutMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<void>((resolve) => (timer = setTimeout(resolve, timeoutMs)));
  await Promise.race([app.openRequests.none(), timeout]);
  clearTimeout(timer);
  await app.close();
}

function requireRoomForBatch({ maxQueue, maxBatch }: Limits): void {
  if (maxQueue >= maxBatch) return;
  throw new InkdigitError(
    'invalid_option',
    'Expected maxQueue to be at least maxBatch, or a full request would always be refused; ' +
      `got ${maxQueue} and ${maxBatch}.`,
  );
}
