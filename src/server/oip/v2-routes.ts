import type { FastifyInstance } from 'fastify';
import type { TSchema } from '../../typebox.js';
import {
  InferErrorResponse,
  ModelConfigResponse,
  ModelListResponse,
  ModelMetadataResponse,
  ModelReadyResponse,
  ModelStatisticsResponse,
  RepositoryChangeResponse,
  RepositoryIndexResponse,
  ServerLiveResponse,
  ServerMetadataResponse,
  ServerReadyResponse,
} from '../../api/oip.js';
import { InkdigitError } from '../../errors.js';
import { bodyOf } from './http-request.js';
import { parseBoundedJson } from '../bodies/json-body.js';
import type { NamedModel } from './model-repository.js';
import { configOf } from './models/model-config.js';
import { metadataOf } from './models/model-spec.js';
import { EXTENSIONS, requireReady, SERVER_NAME, statisticsOf } from './model-answers.js';
import type { ModelParams, ProtocolDeps } from './protocol-deps.js';

const MAX_INDEX_STRUCTURE = 1000;

/** All under `/v2` but inference. */
export function addModelRoutes(app: FastifyInstance, deps: ProtocolDeps): void {
  const { names, readiness, repository, version, limits } = deps;

  const answering = <T>(
    schema: T,
  ): { schema: { response: { 200: T; default: typeof InferErrorResponse } } } => ({
    schema: { response: { 200: schema, default: InferErrorResponse } },
  });
  app.get('/v2', answering(ServerMetadataResponse), async () => ({
    name: SERVER_NAME,
    version,
    extensions: EXTENSIONS,
  }));
  app.get('/v2/health/live', answering(ServerLiveResponse), async () => ({ live: true }));
  app.get('/v2/health/ready', answering(ServerReadyResponse), async () => {
    requireReady(readiness);
    return { live: true, ready: true };
  });
  app.get('/v2/models', answering(ModelListResponse), async () => ({ models: names.all }));
  app.get('/v2/models/stats', answering(ModelStatisticsResponse), async () => ({
    model_stats: statisticsOf(deps),
  }));

  for (const ofVersion of ['', '/versions/:version']) {
    const path = `/v2/models/:model${ofVersion}`;
    const get = (suffix: string, schema: TSchema, answer: (model: NamedModel) => unknown): void => {
      app.get<{ Params: ModelParams }>(`${path}${suffix}`, answering(schema), async ({ params }) =>
        answer(names.find(params.model, params.version)),
      );
    };
    get('', ModelMetadataResponse, (model) => metadataOf(model.spec, model.name, model.version));
    get('/ready', ModelReadyResponse, ({ name }) => {
      requireReady(readiness);
      return { name, ready: true };
    });
    get('/config', ModelConfigResponse, ({ spec, name }) => configOf(spec, name, limits.maxBatch));
    get('/stats', ModelStatisticsResponse, (model) => ({ model_stats: statisticsOf(deps, [model]) }));
  }

  app.post('/v2/repository/index', answering(RepositoryIndexResponse), (request, reply) => {
    const body = bodyOf(request);
    const isReady = readiness.state === 'ready';
    const isOfReady = body.length > 0 && asksForReady(new TextDecoder().decode(body));
    return reply.send(isOfReady && !isReady ? [] : names.index(isReady));
  });
  for (const action of ['load', 'unload'] as const) {
    app.post<{ Params: ModelParams }>(
      `/v2/repository/models/:model/${action}`,
      answering(RepositoryChangeResponse),
      async (request) => {
        deps.authorizeChange?.(request);
        const { params } = request;
        await repository[action](names.find(params.model).spec.kind);
        return {};
      },
    );
  }
}

/** The body of an index: nothing, or whether models that are not ready are to be left out. */
function asksForReady(text: string): boolean {
  const content = parseBoundedJson(text, MAX_INDEX_STRUCTURE, '{"ready":true} or no body');
  if (typeof content !== 'object' || content === null || !('ready' in content)) return false;
  if (typeof content.ready === 'boolean') return content.ready;
  throw new InkdigitError('invalid_request', 'The member "ready" is to be true or false.');
}
