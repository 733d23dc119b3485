import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import { InkdigitError } from '../../errors.js';
import { numberQuestionOf, type NumberQuestion } from '../../reading/number-in-content.js';
import { numberAnswerOf } from '../../reading/wire-answers.js';
import { ClassifyRequest, ErrorResponse, ReadQuery, ReadResponse } from '../../api/schemas.js';
import type { ClassifyQueue } from './classify-queue.js';
import type { Limits } from '../limits.js';
import { clientGone } from './pending-request.js';
import { tellVersion } from './version-header.js';
import { checkImageCount, uploadsOf } from '../bodies/uploads.js';
import { countImages } from '../rates/rate-gate.js';

export const READ_PATH = '/mnist/read';

const READ_SCHEMA = {
  querystring: ReadQuery,
  body: { content: { 'application/json': { schema: ClassifyRequest } } },
  response: { 200: ReadResponse, default: ErrorResponse },
};

/** `POST /mnist/read`: all digits of each image; by the same queue and under the same limits as `/mnist/classify`. */
export function addReadRoute(app: FastifyInstance, queue: ClassifyQueue, limits: Limits): void {
  app.withTypeProvider<TypeBoxTypeProvider>().route({
    method: 'POST',
    url: READ_PATH,
    schema: READ_SCHEMA,
    // The schema's faults of single images are reported together with those that only decoding shows.
    attachValidation: true,
    preValidation(request, _reply, done) {
      checkImageCount(request.body, limits.maxBatch);
      done();
    },
    handler: async (request, reply) => {
      const uploads = await uploadsOf(request, limits);
      await countImages(request, reply, uploads.length);
      const question = questionOf(request.query);
      if (uploads.length === 0) return { responses: [] };
      if (reply.raw.destroyed) throw clientGone();
      const onReleased = request.heldBody?.hold();
      const options = { maxPixels: limits.maxPixels };
      const job = queue.submitNumbers({ uploads, options, question, onReleased, trace: request.trace });
      reply.raw.once('close', () => job.cancel());
      const withDetail = request.query.detail === 'full';
      const numbers = await job.results;
      tellVersion(reply, job.modelVersion);
      return { responses: numbers.map((number) => numberAnswerOf(number, withDetail)) };
    },
  });
}

/** @throws InkdigitError `invalid_request` where members of the query exclude each other */
function questionOf({ pattern, grid, ...query }: ReadQuery): NumberQuestion {
  const numberOf = (text: string | undefined): number | undefined =>
    text === undefined ? undefined : Number(text);
  try {
    return numberQuestionOf({
      length: numberOf(query.length),
      minLength: numberOf(query.minLength),
      maxLength: numberOf(query.maxLength),
      pattern,
      max: numberOf(query.max),
      lines: numberOf(query.lines),
      cells: numberOf(query.cells),
      grid,
      reject: numberOf(query.reject),
    });
  } catch (cause) {
    if (!(cause instanceof InkdigitError) || cause.code !== 'invalid_option') throw cause;
    throw new InkdigitError('invalid_request', cause.message, { cause });
  }
}
