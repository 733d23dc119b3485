import type { FastifyInstance, FastifyRequest } from 'fastify';
import { tellVersion } from '../classify/version-header.js';
import { decodeInferRequest, JSON_LENGTH_HEADER } from './codec/decode-request.js';
import { encodeInferResponse } from './codec/encode-response.js';
import { rawInputOf } from './models/raw-input.js';
import { bodyOf, contextOf, MAX_STRUCTURE, structurePerFrame } from './http-request.js';
import type { ModelParams, ProtocolDeps } from './protocol-deps.js';

/** `POST /v2/models/{model}[/versions/{version}]/infer` */
export function addInferRoutes(app: FastifyInstance, { inference, names, limits }: ProtocolDeps): void {
  const maxStructure = MAX_STRUCTURE + structurePerFrame * limits.maxBatch;
  for (const version of ['', '/versions/:version']) {
    app.post<{ Params: ModelParams }>(`/v2/models/:model${version}/infer`, async (request, reply) => {
      const model = names.find(request.params.model, request.params.version);
      const decoded = decodeInferRequest(
        bodyOf(request),
        headerOf(request),
        (bytes) => rawInputOf(model.spec, bytes),
        maxStructure,
      );
      const answer = await inference.infer(model, decoded, contextOf(request, reply));
      tellVersion(reply, answer.storeVersion);
      const { body, jsonLength } = encodeInferResponse(answer, decoded.isBinary);
      if (jsonLength === undefined) return reply.type('application/json').send(body);
      void reply.header(JSON_LENGTH_HEADER, jsonLength);
      return reply.type('application/octet-stream').send(body);
    });
  }
}

/** One that came twice is joined by Node, and then is no number. */
function headerOf({ headers }: FastifyRequest): string | undefined {
  const value = headers[JSON_LENGTH_HEADER];
  return Array.isArray(value) ? value.join() : value;
}
