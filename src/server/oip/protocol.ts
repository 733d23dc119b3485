import type { FastifyInstance } from 'fastify';
import type { ProtocolDeps } from './protocol-deps.js';
import { addV1Routes } from './v1-routes.js';
import { addInferRoutes } from './v2-infer-route.js';
import { addModelRoutes } from './v2-routes.js';

/** What is answered without a key, as `/livez` and `/readyz` are. */
export const OPEN_PATHS: readonly string[] = ['/v2/health/live', '/v2/health/ready'];

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
