import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type { Limits } from '../limits.js';
import type { Readiness } from '../readiness.js';
import type { Inference } from './inference.js';
import type { ModelNames, ModelRepository } from './model-repository.js';
import type { InferenceStatistics } from './statistics.js';
import { addV1Routes } from './v1-routes.js';
import { addInferRoutes } from './v2-infer-route.js';
import { addModelRoutes } from './v2-routes.js';

/** What the routes of the protocol share with each other and with gRPC. */
export interface ProtocolDeps {
  readonly inference: Inference;
  readonly names: ModelNames;
  readonly repository: ModelRepository;
  readonly statistics: InferenceStatistics;
  readonly readiness: Readiness;
  readonly limits: Limits;
  /**
   * Asks who may change the models.
   * @throws InkdigitError `unauthorized`
   */
  readonly authorizeChange?: ((request: { readonly headers: IncomingHttpHeaders }) => void) | undefined;
  /** Of this package. */
  readonly version: string;
}

/** Parameters of paths. */
export interface ModelParams {
  readonly model: string;
  readonly version?: string;
}

/** What is answered without a key, as `/livez` and `/readyz` are. */
export const OPEN_PATHS: readonly string[] = ['/v2/health/live', '/v2/health/ready'];

/** Brackets, colons and commas that a JSON part may have beside its frames. */
export const MAX_STRUCTURE = 100_000;
/** Those of a frame: a comma a pixel, brackets around rows and pixels. */
export const structurePerFrame = 28 * 28 * 2 + 28 * 2 + 16;

/**
 * The Open Inference Protocol under `/v2` and KServe's first one under `/v1`. Bodies are taken as bytes, whatever their
 * content-type says: Triton's client says none, and the header with the length of the JSON part decides.
 */
export async function addProtocolRoutes(app: FastifyInstance, deps: ProtocolDeps): Promise<void> {
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    scope.addHook('onSend', async (_request, reply) => {
      // Fastify adds a charset, and KServe's client then reads no errors.
      const type = reply.getHeader('content-type');
      if (typeof type === 'string' && type.startsWith('application/json'))
        void reply.type('application/json');
    });
    addModelRoutes(scope, deps);
    addInferRoutes(scope, deps);
    addV1Routes(scope, deps);
  });
}
