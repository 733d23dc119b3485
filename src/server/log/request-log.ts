import { LogController, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { ErrorCode } from '../../errors.js';
import { addressOf } from '../security/client-address.js';
import { LiveRequests } from './live-requests.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Images found in the request; 0 until they are counted. */
    imageCount: number;
    /** Set where the answer is an error. */
    errorCode: ErrorCode | null;
    /** Of the trace that it belongs to, 32 hexadecimal digits; set where traces are recorded. */
    traceId: string | undefined;
  }
}

/** What the page sends along while someone draws. */
export const LIVE_HEADER = 'x-inkdigit-live';

/** A path of the caller's own making is cut here. */
const MAX_LOGGED_PATH = 200;

export interface RequestLogSettings {
  /** The share of requests that went well which are logged, 0..1; errors always are. */
  readonly sample?: number | undefined;
  /** 0..1 */
  readonly random?: () => number;
}

/**
 * One log line a request: what was asked and how it went, never what was in it. Replaces Fastify's own lines. Requests
 * of the page while someone draws have one line a second together.
 */
export class RequestLog extends LogController {
  readonly #sample: number;
  readonly #random: () => number;
  #live: LiveRequests | undefined;

  constructor({ sample = 1, random = Math.random }: RequestLogSettings = {}) {
    super({ disableRequestLogging: true });
    this.#sample = sample;
    this.#random = random;
  }

  /** Adds the request's members that are logged, and the line of a request whose client went away. */
  prepare(app: FastifyInstance): void {
    app.decorateRequest('imageCount', 0);
    app.decorateRequest('errorCode', null);
    app.decorateRequest('traceId', undefined);
    app.addHook('onRequestAbort', async (request) => {
      const { method } = request;
      request.log.info(
        { method, path: pathOf(request), address: addressOf(request), ...traceOf(request) },
        'request aborted by the client',
      );
    });
    const live = new LiveRequests((report) => app.log.info(report, 'requests while drawing'));
    this.#live = live;
    app.addHook('onClose', async () => live.flush());
  }

  override requestCompleted(
    _error: Error | null | undefined,
    request: FastifyRequest,
    reply: FastifyReply,
  ): void {
    const { statusCode } = reply;
    if (statusCode < 400) {
      if (this.#live && request.headers[LIVE_HEADER] !== undefined) {
        this.#live.add(reply.elapsedTime);
        return;
      }
      if (this.#sample < 1 && this.#random() >= this.#sample) return;
    }
    request.log.info(
      {
        method: request.method,
        path: pathOf(request),
        address: addressOf(request),
        status: statusCode,
        ms: Math.round(reply.elapsedTime * 100) / 100,
        images: request.imageCount,
        ...(request.errorCode && { code: request.errorCode }),
        ...traceOf(request),
        ...(this.#sample < 1 && statusCode < 400 && { sample: this.#sample }),
      },
      'request',
    );
  }
}

/** By the name that tools look for. */
function traceOf({ traceId }: FastifyRequest): { readonly trace_id?: string } {
  return traceId === undefined ? {} : { trace_id: traceId };
}

/** Without the query. */
function pathOf(request: FastifyRequest): string {
  return (request.url.split('?', 1)[0] ?? '').slice(0, MAX_LOGGED_PATH);
}
