import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import { DEFAULT_NORMALIZE } from '../../image/normalize-mode.js';
import { planePngUrl } from '../../image/plane-png.js';
import { detailedAnswerOf } from '../../reading/wire-answers.js';
import type { ImageReading } from '../../model/digit-models.js';
import type { ClassifyQueue } from './classify-queue.js';
import type { Limits } from '../limits.js';
import type { ImageFault } from './image-faults.js';
import { clientGone } from './pending-request.js';
import { tellVersion } from './version-header.js';
import {
  ClassifyQuery,
  ClassifyRequest,
  ClassifyResponse,
  ErrorResponse,
  type Classification,
  type DetailedClassification,
  type FailedImage,
  type PartialResponse,
} from '../../api/schemas.js';
import { checkImageCount, uploadsOf } from '../bodies/uploads.js';
import { countImages } from '../rates/rate-gate.js';

export const CLASSIFY_PATH = '/mnist/classify';

/** What is checked of a request, and how its answer is written. */
export const CLASSIFY_SCHEMA = {
  querystring: ClassifyQuery,
  body: { content: { 'application/json': { schema: ClassifyRequest } } },
  response: { 200: ClassifyResponse, default: ErrorResponse },
};

/** `POST /mnist/classify`; `overload-gate.ts` refuses what comes while the queue is full. */
export function addClassifyRoute(app: FastifyInstance, queue: ClassifyQueue, limits: Limits): void {
  app.withTypeProvider<TypeBoxTypeProvider>().route({
    method: 'POST',
    url: CLASSIFY_PATH,
    schema: CLASSIFY_SCHEMA,
    // The schema's faults of single images are reported together with those that only decoding shows.
    attachValidation: true,
    preValidation(request, _reply, done) {
      checkImageCount(request.body, limits.maxBatch);
      done();
    },
    handler: async (request, reply) => {
      const uploads = await uploadsOf(request, limits);
      await countImages(request, reply, uploads.length);
      const { normalize = DEFAULT_NORMALIZE, partial } = request.query;
      const options = { maxPixels: limits.maxPixels, normalize };
      if (uploads.length === 0) return { responses: [] };
      if (reply.raw.destroyed) throw clientGone();
      const withDetail = request.query.detail === 'full';
      const onReleased = request.heldBody?.hold();
      const faults: ImageFault[] = [];
      const onFault = partial === 'true' ? (fault: ImageFault): void => void faults.push(fault) : undefined;
      const job = queue.submit({
        uploads,
        options,
        withInputs: withDetail,
        onFault,
        onReleased,
        trace: request.trace,
      });
      reply.raw.once('close', () => job.cancel());
      const classified = await job.results;
      tellVersion(reply, job.modelVersion);
      const responses = classified.map(withDetail ? describeInFull : describe);
      if (faults.length === 0) return { responses };
      const body: PartialResponse = { responses: withFaults(responses, faults) };
      // The serializer of the route knows classifications alone.
      const answer = reply.type('application/json; charset=utf-8').serializer(() => JSON.stringify(body));
      return answer.send({ responses });
    },
  });
}

/** The answers in order, the faults at their places between them. */
function withFaults(
  answers: readonly Classification[],
  faults: readonly ImageFault[],
): (Classification | FailedImage)[] {
  const failed = new Map(
    faults.map(({ index, error: { code, message } }) => [index, { error: { code, message } }]),
  );
  const rest = answers.values();
  return Array.from({ length: answers.length + faults.length }, (_, index) => {
    const failure = failed.get(index);
    if (failure) return failure;
    const { done, value } = rest.next();
    if (done) throw new Error('unreachable: there is an answer for every image without a fault');
    return value;
  });
}

function describe({ reading }: ImageReading): Classification {
  return { class: reading.class, probability: reading.probability };
}

function describeInFull({ reading, input }: ImageReading): DetailedClassification {
  if (!input) throw new Error('unreachable: it was asked for');
  return detailedAnswerOf(reading, planePngUrl(input));
}
