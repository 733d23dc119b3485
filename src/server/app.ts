import { createServer } from 'node:http';
import multipart from '@fastify/multipart';
import fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify';
import type { Access } from './security/access.js';
import { requireApiKey } from './security/api-keys.js';
import { limitBodies } from './bodies/body-budget.js';
import { ClassifyQueue, overloaded, type QueueDeps } from './classify/classify-queue.js';
import { addClassifyRoute } from './classify/classify-route.js';
import { ConnectionErrors } from './http/connection-errors.js';
import { addCors, corsHeaders } from './security/cors.js';
import { answerError } from './http/error-handler.js';
import { addInfoRoutes, type InfoDeps } from './routes/info-routes.js';
import { addJsonParser } from './bodies/json-body.js';
import type { Limits } from './limits.js';
import { OpenRequests } from './http/open-requests.js';
import { OverloadGate } from './classify/overload-gate.js';
import { addReadRoute } from './classify/read-route.js';
import { addPageRoutes } from './routes/page-routes.js';
import { addVersionRoute } from './routes/version-route.js';
import { prepareRequestLog, RequestLog } from './log/request-log.js';
import { RouteList } from './routes/route-list.js';
import { addSecurityHeaders, securityHeaders } from './security/security-headers.js';
import { limitResponseTime } from './http/response-timeout.js';

declare module 'fastify' {
  interface FastifyInstance {
    readonly openRequests: OpenRequests;
  }
}

/** All that the service needs of the world; `logger` is Fastify's option of that name. */
export interface AppDeps extends QueueDeps, InfoDeps {
  readonly limits: Limits;
  readonly access: Access;
  readonly logger: NonNullable<FastifyServerOptions['logger']>;
}

/** Fields of a form beside its files are ignored; this bounds them. */
const MAX_FORM_FIELDS = 100;
const MAX_FORM_FIELD_BYTES = 64 * 1024;

/** A kept connection without a request is closed after so long. */
const KEEP_ALIVE_MS = 72_000;

/** Builds the HTTP service; the caller lets it listen. */
export async function buildApp(deps: AppDeps): Promise<FastifyInstance> {
  const { limits, readiness, access } = deps;
  const headers = securityHeaders(access.corsOrigins);
  const open = new OpenRequests();
  const connectionErrors = new ConnectionErrors({
    headers,
    maxConnections: limits.maxConnections,
    open,
    log: () => app.log,
  });
  const queue = new ClassifyQueue(deps);
  const gate = new OverloadGate({
    isFull: () => queue.isFull,
    isClosing: () => readiness.state === 'draining',
    refusal: overloaded(limits.maxQueue),
    headers,
    headersFor: corsHeaders(access.corsOrigins),
    responseTimeoutMs: limits.requestTimeoutMs,
    log: () => app.log,
  });
  const app: FastifyInstance = fastify({
    logger: deps.logger,
    logController: new RequestLog(),
    bodyLimit: limits.maxBodyBytes,
    serverFactory(serve) {
      const server = createServer({
        keepAliveTimeout: KEEP_ALIVE_MS,
        requestTimeout: limits.requestTimeoutMs,
        connectionsCheckingInterval: Math.min(limits.requestTimeoutMs, 10_000),
        // Were it longer than the time for the whole request, Node would swap the two.
        headersTimeout: Math.min(limits.requestTimeoutMs, 60_000),
        // Node's own answer to a missing Host has no body.
        requireHostHeader: false,
      });
      open.listen(server);
      connectionErrors.listen(server);
      gate.listen(server, (request, response) => {
        open.add(request, response);
        limitResponseTime(response, limits.requestTimeoutMs);
        serve(request, response);
      });
      return server;
    },
    // While the service drains, connections that are open are still served; each answer then closes its own.
    return503OnClosing: false,
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false, allErrors: true } },
    frameworkErrors(error, request, reply) {
      // No hook has run.
      void answerError(error, request, reply.headers(headers), limits);
    },
    clientErrorHandler: (error, socket) => void connectionErrors.answerFault(error, socket),
  });

  app.setErrorHandler((error, request, reply) => answerError(error, request, reply, limits));
  app.decorate('openRequests', open);
  prepareRequestLog(app);
  addSecurityHeaders(app, headers);
  addCors(app, access.corsOrigins);
  app.addHook('onSend', async (_request, reply) => {
    if (readiness.state === 'draining') void reply.header('connection', 'close');
  });
  const routes = new RouteList(app);
  requireApiKey(app, access.keyDigests, ['/', '/livez', '/readyz', ...deps.page.map(({ path }) => path)]);
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
  addClassifyRoute(app, queue, limits);
  addReadRoute(app, queue, limits);
  app.addHook('onClose', async () => gate.report());
  return app;
}
