import type { FastifyInstance } from 'fastify';
import { CONTENT_TYPES, formatFor, type ExpositionFormat } from './exposition.js';

/** Gives the text for `/metrics`; a worker asks the primary for it. */
export type MetricsText = (format: ExpositionFormat) => Promise<string>;

/** `GET /metrics` on the main port, under its keys. */
export function addMetricsRoute(app: FastifyInstance, text: MetricsText): void {
  app.get('/metrics', async (request, reply) => {
    const format = formatFor(request.headers.accept);
    return reply
      .header('content-type', CONTENT_TYPES[format])
      .header('cache-control', 'no-store')
      .send(await text(format));
  });
}
