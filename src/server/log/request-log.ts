import { LogController, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { ErrorCode } from '../../errors.js';
import { addressOf } from '../security/client-address.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Images found in the request; 0 until they are counted. */
    imageCount: number;
    /** Set where the answer is an error. */
    errorCode: ErrorCode | null;
  }
}

/** A path of the caller's own making is cut here. */
const MAX_LOGGED_PATH = 200;

/** One log line a request: what was asked and how it went, never what was in it. Replaces Fastify's own lines. */
export class RequestLog extends LogController {
  constructor() {
    super({ disableRequestLogging: true });
  }

  override requestCompleted(
    _error: Error | null | undefined,
    request: FastifyRequest,
    reply: FastifyReply,
  ): void {
    request.log.info(
      {
        method: request.method,
        path: pathOf(request),
        address: addressOf(request),
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime * 100) / 100,
        images: request.imageCount,
        ...(request.errorCode && { code: request.errorCode }),
      },
      'request',
    );
  }
}

/** Adds the request's members that `RequestLog` reads, and the line of a request whose client went away. */
export function prepareRequestLog(app: FastifyInstance): void {
  app.decorateRequest('imageCount', 0);
  app.decorateRequest('errorCode', null);
  app.addHook('onRequestAbort', async (request) => {
    request.log.info({ method: request.method, path: pathOf(request), address: addressOf(request) }, 'request aborted by the client');
  });
}

/** Without the query. */
function pathOf(request: FastifyRequest): string {
  return (request.url.split('?', 1)[0] ?? '').slice(0, MAX_LOGGED_PATH);
}
