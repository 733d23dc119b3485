import multipart from '@fastify/multipart';
import fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify';
import type { Access } from './access.js';
import { requireApiKey } from './api-keys.js';
import { limitBodies } from './body-budget.js';
import { addClassifyRoute, type ClassifyDeps } from './classify-route.js';
import { addCors } from './cors.js';
import { answerError } from './error-handler.js';
import { addInfoRoutes, type InfoDeps } from './info-routes.js';
import { addJsonParser } from './json-body.js';
import { addPageRoutes } from './page-routes.js';
import { RawAnswers } from './raw-answers.js';
import { prepareRequestLog, RequestLog } from './request-log.js';
import { RouteList } from './route-list.js';
import { addSecurityHeaders, securityHeaders } from './security-headers.js';
import { cutOffStalledReaders } from './stalled-readers.js';

/** All that the service needs of the world; `logger` is Fastify's option of that name. */
export interface AppDeps extends ClassifyDeps, InfoDeps {
  readonly access: Access;
  readonly logger: NonNullable<FastifyServerOptions['logger']>;
}

/** Fields of a form beside its files are ignored; this bounds them. */
const MAX_FORM_FIELDS = 100;
const MAX_FORM_FIELD_BYTES = 64 * 1024;

/** Builds the HTTP service; the caller lets it listen. */
export async function buildApp(deps: AppDeps): Promise<FastifyInstance> {
  const { limits, readiness, access } = deps;
  const headers = securityHeaders(access.corsOrigins);
  const raw = new RawAnswers(headers, () => app.log);
  const app: FastifyInstance = fastify({
    logger: deps.logger,
    logController: new RequestLog(),
    bodyLimit: limits.maxBodyBytes,
    requestTimeout: limits.requestTimeoutMs,
    http: {
      connectionsCheckingInterval: Math.min(limits.requestTimeoutMs, 10_000),
      // Were it longer than the time for the whole request, Node would swap the two.
      headersTimeout: Math.min(limits.requestTimeoutMs, 60_000),
      // Node's own answer to a missing Host has no body.
      requireHostHeader: false,
    },
    // While the service drains, connections that are open are still served; each answer then closes its own.
    return503OnClosing: false,
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false, allErrors: true } },
    frameworkErrors(error, request, reply) {
      // No hook has run.
      void answerError(error, request, reply.headers(headers), limits);
    },
    clientErrorHandler: (error, socket) => raw.answerFault(error, socket),
  });

  app.setErrorHandler((error, request, reply) => answerError(error, request, reply, limits));
  raw.listen(app.server);
  prepareRequestLog(app);
  addSecurityHeaders(app, headers);
  addCors(app, access.corsOrigins);
  cutOffStalledReaders(app.server, limits.requestTimeoutMs);
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
      fileSize: limits.maxBodyBytes,
      fields: MAX_FORM_FIELDS,
      fieldSize: MAX_FORM_FIELD_BYTES,
      parts: limits.maxBatch + MAX_FORM_FIELDS,
    },
  });

  addInfoRoutes(app, routes, deps);
  addPageRoutes(app, deps.page);
  addClassifyRoute(app, deps);
  return app;
}
