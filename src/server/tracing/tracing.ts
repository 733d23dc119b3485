import type { FastifyInstance } from 'fastify';
import { addressOf } from '../security/client-address.js';
import type { RequestTrace } from './request-trace.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Where traces are recorded. */
    trace: RequestTrace | undefined;
  }
}

/** By the names that OpenTelemetry has for them: https://opentelemetry.io/docs/specs/semconv/ */
export type SpanAttributes = Readonly<Record<string, string | number>>;

/** What came, by HTTP or gRPC, as far as a span tells it. */
export interface TracedRequest {
  /** Of its span. */
  readonly name: string;
  readonly attributes: SpanAttributes;
  /** Some of which may say which trace it is a part of. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** What became of it. */
export interface TracedAnswer {
  readonly attributes: SpanAttributes;
  /** The kind of error, where it is one. */
  readonly code: string | undefined;
  /** Whether the service is to blame. */
  readonly isFault: boolean;
}

/** Records traces; `open-telemetry.ts` is the one there is. */
export interface Tracing {
  /** Begins the span of a request: a part of its caller's trace, where it names one. */
  begin(request: TracedRequest): RequestTrace;
  /** Ends that span; nothing happens where it has ended. */
  end(trace: RequestTrace, answer: TracedAnswer): void;
  /**
   * Models begin to read images together.
   * @param traces of the request of each image
   * @returns what is to be called at the end
   */
  infer(traces: readonly (RequestTrace | undefined)[]): () => void;
  /** Sends what is left. */
  close(): Promise<void>;
}

type Env = Readonly<Record<string, string | undefined>>;

/** Whether the standard variables of OpenTelemetry name a place for traces. */
export function wantsTraces(env: Env): boolean {
  if (env['OTEL_SDK_DISABLED']?.toLowerCase() === 'true' || env['OTEL_TRACES_EXPORTER'] === 'none')
    return false;
  return Boolean(env['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'] || env['OTEL_EXPORTER_OTLP_ENDPOINT']);
}

/**
 * Has every request traced but for those to `untraced` paths; without `tracing` nothing is done.
 * @param untraced health checks, of which there are many and nothing is to be learned
 */
export function traceRequests(
  app: FastifyInstance,
  tracing: Tracing | undefined,
  untraced: readonly string[],
): void {
  app.decorateRequest('trace', undefined);
  if (!tracing) return;
  const without: ReadonlySet<string | undefined> = new Set(untraced);
  app.addHook('onRequest', (request, reply, done) => {
    const { method, headers, routeOptions } = request;
    const route = routeOptions.url;
    if (without.has(route)) {
      done();
      return;
    }
    const trace = tracing.begin({
      name: route === undefined ? method : `${method} ${route}`,
      attributes: {
        'http.request.method': method,
        'url.path': request.url.split('?', 1)[0] ?? '',
        ...(route !== undefined && { 'http.route': route }),
      },
      headers,
    });
    request.trace = trace;
    request.traceId = trace.traceId;
    void reply.header('traceresponse', trace.header);
    // Comes whatever ends it, a client that has gone too.
    reply.raw.once('close', () => {
      const { statusCode } = reply;
      tracing.end(trace, {
        attributes: {
          'http.response.status_code': statusCode,
          'client.address': addressOf(request),
          'inkdigit.images': request.imageCount,
        },
        code: request.errorCode ?? undefined,
        isFault: statusCode >= 500,
      });
    });
    done();
  });
}
