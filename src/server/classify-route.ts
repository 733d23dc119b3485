import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import { packFrames, type Frame } from '../image/frame.js';
import { framePngUrl } from '../image/frame-png.js';
import { DEFAULT_NORMALIZE } from '../image/normalize-mode.js';
import type { Classifier } from '../model/classifier.js';
import { readingsOf, type Reading } from '../model/readings.js';
import type { Limits } from './limits.js';
import { readFrames, type ReadFrame } from './read-frames.js';
import { ClassifyQuery, ClassifyRequest, ClassifyResponse, ErrorResponse } from './schemas.js';
import { checkImageCount, uploadsOf } from './uploads.js';

export interface ClassifyDeps {
  readonly classifier: Classifier;
  readonly readFrame: ReadFrame;
  readonly limits: Limits;
}

/** `POST /mnist/classify` */
export function addClassifyRoute(app: FastifyInstance, deps: ClassifyDeps): void {
  const { classifier, readFrame, limits } = deps;
  app.withTypeProvider<TypeBoxTypeProvider>().route({
    method: 'POST',
    url: '/mnist/classify',
    schema: {
      querystring: ClassifyQuery,
      body: { content: { 'application/json': { schema: ClassifyRequest } } },
      response: { 200: ClassifyResponse, default: ErrorResponse },
    },
    // The schema's faults of single images are reported together with those that only decoding shows.
    attachValidation: true,
    preValidation: async (request) => checkImageCount(request.body, limits.maxBatch),
    handler: async (request, reply) => {
      const uploads = await uploadsOf(request, limits);
      request.imageCount = uploads.length;
      const { normalize = DEFAULT_NORMALIZE } = request.query;
      const options = { maxPixels: limits.maxPixels, normalize };
      const frames = await readFrames(uploads, readFrame, options, () => reply.raw.destroyed);
      const batch = packFrames(frames);
      const readings = readingsOf(batch, await classifier.probabilities(batch), classifier.digitThreshold);
      const withDetail = request.query.detail === 'full';
      const responses = readings.map((reading, i) => describe(reading, withDetail ? frames[i] : undefined));
      return { responses };
    },
  });
}

/** @param frame what the model got, where the details are to be told. */
function describe(reading: Reading, frame: Frame | undefined): ClassifyResponse['responses'][number] {
  if (!frame) return { class: reading.class, probability: reading.probability };
  return { ...reading, probabilities: Array.from(reading.probabilities), frame: framePngUrl(frame) };
}
