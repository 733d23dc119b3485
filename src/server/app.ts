import { createServer, type ServerOptions } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { dirname } from 'node:path';
import multipart from '@fastify/multipart';
import fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify';
import { shippedModelPath } from '../model/model-paths.js';
import type { Collection } from '../collected/collection.js';
import { addCorrectionsRoute } from './corrections/corrections-route.js';
import { acceptedDigests, type Access } from './security/access.js';
import { requireApiKey } from './security/api-keys.js';
import { limitBodies } from './bodies/body-budget.js';
import { ClassifyQueue, overloaded, type QueueDeps } from './classify/classify-queue.js';
import { addClassifyRoute } from './classify/classify-route.js';
import { ConnectionErrors } from './http/connection-errors.js';
import { addCors, corsHeaders } from './security/cors.js';
import { answerError } from './http/error-handler.js';
import { asksForNumbers } from './http/inference-paths.js';
import { addInfoRoutes, HEALTH_PATHS, type InfoDeps } from './routes/info-routes.js';
import { addJsonParser } from './bodies/json-body.js';
import type { Limits } from './limits.js';
import { addMetricsRoute, type MetricsText } from './metrics/metrics-route.js';
import type { WorkerMetrics } from './metrics/worker-metrics.js';
import { OpenRequests } from './http/open-requests.js';
import { Inference } from './oip/inference.js';
import { FIXED_MODELS, ModelNames, type ModelRepository } from './oip/model-repository.js';
import type { ProtocolDeps } from './oip/protocol-deps.js';
import { addProtocolRoutes, OPEN_PATHS } from './oip/protocol.js';
import { InferenceStatistics } from './oip/statistics.js';
import { OverloadGate } from './classify/overload-gate.js';
import { addReadRoute } from './classify/read-route.js';
import { requireAdmin } from './models/model-control.js';
import { addModelFiles, MODEL_FILE_PATHS } from './routes/model-files.js';
import { addPageRoutes } from './routes/page-routes.js';
import { addVersionRoute } from './routes/version-route.js';
import { RequestLog } from './log/request-log.js';
import { traceRequests } from './tracing/tracing.js';
import { limitRates, type Rates } from './rates/rate-gate.js';
import { rememberAddress, trustFunction, type TrustedProxies } from './security/client-address.js';
import { RouteList } from './routes/route-list.js';
import { addSecurityHeaders, securityHeaders } from './security/security-headers.js';
import { HANDSHAKE_TIMEOUT_MS, tlsOptions, type TlsSecrets } from './security/tls-files.js';
import { limitResponseTime } from './http/response-timeout.js';
import { serializersWhenUsed, validatorsWhenUsed } from './http/schema-compilers.js';

declare module 'fastify' {
  interface FastifyInstance {
    readonly openRequests: OpenRequests;
    /** What answers by the Open Inference Protocol, for those who speak it in another way than HTTP. */
    readonly protocol: ProtocolDeps;
    readonly routeList: RouteList;
  }
}

/** All that the service needs of the world; `logger` is Fastify's option of that name. */
export interface AppDeps extends QueueDeps, InfoDeps {
  readonly limits: Limits;
  readonly access: Access;
  readonly logger: NonNullable<FastifyServerOptions['logger']>;
  readonly metrics?: WorkerMetrics | undefined;
  /** What `GET /metrics` answers, where it is to be a route of the app. */
  readonly metricsText?: MetricsText | undefined;
  /** Another name of the model `digits` in the Open Inference Protocol. */
  readonly modelAlias?: string | undefined;
  /** The versions of the models; those that the service was started with, if unsaid. */
  readonly repository?: ModelRepository | undefined;
  /** HTTPS instead of HTTP. */
  readonly tls?: TlsSecrets | undefined;
  /** Limits for each caller; none by default. */
  readonly rates?: Rates | undefined;
  /** The share of requests that went well which are logged; all by default. */
  readonly logSample?: number | undefined;
  /** Where corrections are kept; none are taken by default. */
  readonly collection?: Collection | undefined;
  /** Whom to believe about the addresses of clients; no one by default. */
  readonly trustedProxies?: TrustedProxies | undefined;
}

/** Fields of a form beside its files are ignored; this bounds them. */
const MAX_FORM_FIELDS = 100;
const MAX_FORM_FIELD_BYTES = 64 * 1024;

/** A kept connection without a request is closed after so long. */
const KEEP_ALIVE_MS = 72_000;

/** Builds the HTTP service; the caller lets it listen. */
export async function buildApp(deps: AppDeps): Promise<FastifyInstance> {
  const { limits, readiness, access, metrics } = deps;
  const headers = securityHeaders(access.corsOrigins);
  const open = new OpenRequests();
  const connectionErrors = new ConnectionErrors({
    headers,
    maxConnections: limits.maxConnections,
    open,
    log: () => app.log,
    onAnswered: metrics && ((code) => metrics.http.refusedConnection(code)),
  });
  const queue = new ClassifyQueue(deps);
  metrics?.watchQueue(() => queue.state);
  const gate = new OverloadGate({
    isFull: () => queue.isFull,
    isClosing: () => readiness.state === 'draining',
    refusal: overloaded(limits.maxQueue),
    headers,
    headersFor: corsHeaders(access.corsOrigins),
    responseTimeoutMs: limits.requestTimeoutMs,
    log: () => app.log,
    onRefused:
      metrics && ((route, url) => metrics.refusedAtGate(route, asksForNumbers(url) ? 'numbers' : 'digits')),
  });
  const requestLog = new RequestLog({ sample: deps.logSample });
  const app: FastifyInstance = fastify({
    logger: deps.logger,
    logController: requestLog,
    bodyLimit: limits.maxBodyBytes,
    ...(deps.trustedProxies && { trustProxy: trustFunction(deps.trustedProxies) }),
    serverFactory(serve) {
      const options: ServerOptions = {
        keepAliveTimeout: KEEP_ALIVE_MS,
        requestTimeout: limits.requestTimeoutMs,
        connectionsCheckingInterval: Math.min(limits.requestTimeoutMs, 10_000),
        // Were it longer than the time for the whole request, Node would swap the two.
        headersTimeout: Math.min(limits.requestTimeoutMs, 60_000),
        // Node's own answer to a missing Host has no body.
        requireHostHeader: false,
      };
      const server = deps.tls
        ? createTlsServer({ ...options, ...tlsOptions(deps.tls), handshakeTimeout: HANDSHAKE_TIMEOUT_MS })
        : createServer(options);
      open.listen(server);
      connectionErrors.listen(server);
      gate.listen(server, (request, response) => {
        open.add(request, response);
        rememberAddress(request.socket);
        limitResponseTime(response, limits.requestTimeoutMs);
        serve(request, response);
      });
      return server;
    },
    // While the service drains, connections that are open are still served; each answer then closes its own.
    return503OnClosing: false,
    frameworkErrors(error, request, reply) {
      // No hook has run.
      metrics?.http.follow(request, reply);
      void answerError(error, request, reply.headers(headers), limits);
    },
    clientErrorHandler: (error, socket) => void connectionErrors.answerFault(error, socket),
  });

  app.setValidatorCompiler(validatorsWhenUsed);
  app.setSerializerCompiler(serializersWhenUsed);
  app.setErrorHandler((error, request, reply) => answerError(error, request, reply, limits));
  app.decorate('openRequests', open);
  metrics?.http.listen(app);
  const protocol = protocolOf(deps, queue);
  app.decorate('protocol', protocol);
  requestLog.prepare(app);
  traceRequests(app, deps.tracing, [...HEALTH_PATHS, ...OPEN_PATHS, '/metrics']);
  addSecurityHeaders(app, headers);
  addCors(app, access.corsOrigins);
  app.addHook('onSend', (_request, reply, _payload, done) => {
    if (readiness.state === 'draining') void reply.header('connection', 'close');
    done();
  });
  const routes = new RouteList(app);
  app.decorate('routeList', routes);
  const openPaths = [
    '/',
    ...HEALTH_PATHS,
    ...OPEN_PATHS,
    ...deps.page.map(({ path }) => path),
    ...MODEL_FILE_PATHS,
  ];
  requireApiKey(app, acceptedDigests(access), openPaths);
  limitRates(app, deps.rates);
  limitBodies(app, limits);

  app.removeAllContentTypeParsers();
  addJsonParser(app, limits.maxBatch);
  app.addContentTypeParser(/^image\//i, { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  await app.register(multipart, {
    limits: {
      files: limits.maxBatch,
      // `form-uploads.ts` bounds all files together.
      fileSize: Infinity,
      fields: MAX_FORM_FIELDS,
      fieldSize: MAX_FORM_FIELD_BYTES,
      parts: limits.maxBatch + MAX_FORM_FIELDS,
    },
  });

  addInfoRoutes(app, routes, deps);
  addVersionRoute(app, deps.version, deps.modelControl);
  addPageRoutes(app, deps.page);
  if (deps.page.length > 0) addModelFiles(app, dirname(shippedModelPath()));
  if (deps.metricsText) addMetricsRoute(app, deps.metricsText);
  addClassifyRoute(app, queue, limits);
  addReadRoute(app, queue, limits);
  if (deps.collection) addCorrectionsRoute(app, deps.collection);
  await addProtocolRoutes(app, protocol);
  app.addHook('onClose', async () => gate.report());
  return app;
}

function protocolOf(deps: AppDeps, queue: ClassifyQueue): ProtocolDeps {
  const { limits, readiness, version, modelAlias, repository = FIXED_MODELS } = deps;
  const statistics = new InferenceStatistics();
  return {
    inference: new Inference({ queue, limits, statistics }),
    names: new ModelNames(repository, modelAlias),
    repository,
    statistics,
    readiness,
    limits,
    version,
    authorizeChange: deps.modelControl && ((request) => requireAdmin(request, deps.access)),
  };
}
