import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import { CorrectionRequest, CorrectionResponse, ErrorResponse } from '../../api/schemas.js';
import type { Collection } from '../../collected/collection.js';
import { decodeBase64 } from '../bodies/decode-base64.js';
import { EXPECTED_CORRECTION } from '../bodies/json-body.js';
import { describeBodyFault } from '../bodies/request-faults.js';
import { InkdigitError } from '../../errors.js';
import { countImages } from '../rates/rate-gate.js';

export const CORRECTIONS_PATH = '/mnist/corrections';

/**
 * `POST /mnist/corrections`: keeps a picture with what it really shows, where the service has a collection.
 * Nothing else that the service is sent is ever kept.
 */
export function addCorrectionsRoute(app: FastifyInstance, collection: Collection): void {
  app.withTypeProvider<TypeBoxTypeProvider>().route({
    method: 'POST',
    url: CORRECTIONS_PATH,
    schema: {
      body: { content: { 'application/json': { schema: CorrectionRequest } } },
      response: { 201: CorrectionResponse, default: ErrorResponse },
    },
    attachValidation: true,
    handler: async (request, reply) => {
      const [fault] = request.validationError?.validation ?? [];
      if (fault) {
        const what = describeBodyFault(fault, request.body);
        throw new InkdigitError('invalid_request', `Expected ${EXPECTED_CORRECTION}; ${what}.`);
      }
      if (Buffer.isBuffer(request.body) || request.isMultipart() || request.body === undefined) {
        throw new InkdigitError('invalid_request', `Expected ${EXPECTED_CORRECTION} as application/json.`);
      }
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the schema was checked
      const { image, label } = request.body as CorrectionRequest;
      await countImages(request, reply, 1);
      const added = await collection.add(label, decodeBase64(image));
      return reply.code(201).send({ label, added });
    },
  });
}
