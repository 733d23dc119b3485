import type { FastifyInstance } from 'fastify';
import { InkdigitError } from '../../errors.js';
import { ModelCard } from '../../model/card/card.js';
import type { ModelControl } from '../models/model-control.js';
import type { PageFile } from './page-files.js';
import { prefersHtml, sendPageFile } from './page-routes.js';
import type { Readiness } from '../readiness.js';
import type { RouteList } from './route-list.js';
import { ErrorResponse, HealthResponse, type ServiceResponse } from '../../api/schemas.js';

export interface InfoDeps {
  /** Of the model that serves first, and for good unless models are versions of a store. */
  readonly card: ModelCard;
  /** Where they are. */
  readonly modelControl?: ModelControl | undefined;
  readonly readiness: Readiness;
  readonly version: string;
  /** The files of the page; the first one is the page itself. */
  readonly page: readonly PageFile[];
}

/** What supervisors ask for: without a key, and the same for every client. `/healthz` is an older name of `/livez`. */
export const HEALTH_PATHS = ['/livez', '/healthz', '/readyz'] as const;

/**
 * What the service says of itself: `GET /` (to browsers the page, as JSON to others), its health, and `/model`.
 */
export function addInfoRoutes(app: FastifyInstance, routes: RouteList, deps: InfoDeps): void {
  app.get('/', async (request, reply) => {
    void reply.header('vary', 'accept');
    const [page] = deps.page;
    if (page && prefersHtml(request)) return sendPageFile(page, request, reply);
    const service: ServiceResponse = { name: 'inkdigit', version: deps.version, routes: routes.describe() };
    return service;
  });

  for (const path of ['/livez', '/healthz']) {
    app.get(path, { schema: { response: { 200: HealthResponse } } }, async () => ({ status: 'live' }));
  }

  app.get('/readyz', { schema: { response: { 200: HealthResponse, default: ErrorResponse } } }, async () => {
    const { state } = deps.readiness;
    if (state !== 'ready') throw new InkdigitError('not_ready', describeState(state));
    return { status: 'ready' };
  });

  app.get('/model', { schema: { response: { 200: ModelCard } } }, async () => {
    return deps.modelControl?.now().card ?? deps.card;
  });
}

function describeState(state: 'starting' | 'draining'): string {
  return state === 'starting'
    ? 'Not ready: the model has not answered its warm-up batch yet.'
    : 'Not ready: the service is shutting down.';
}
