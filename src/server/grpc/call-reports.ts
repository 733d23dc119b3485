import type * as Grpc from '@grpc/grpc-js';
import type { FastifyBaseLogger } from 'fastify';
import type { Tracing } from '../tracing/tracing.js';
import type { CallNotes } from './call-notes.js';
import { STATUS } from './status.js';

/** What a call ended with. */
export interface CallStatus {
  readonly code?: number | null | undefined;
  readonly metadata?: Grpc.Metadata | null | undefined;
}

export interface CallReportsDeps {
  readonly log: FastifyBaseLogger;
  readonly tracing?: Tracing | undefined;
  /** The share of calls that went well which are logged, 0..1; all if unsaid. */
  readonly sample?: number | undefined;
  /** 0..1 */
  readonly random?: () => number;
  /** Called with the code of each call that failed. */
  readonly onFailed?: ((code: string) => void) | undefined;
}

/** By what clients and proxies name the trace that a call is a part of. */
const TRACE_KEYS = ['traceparent', 'tracestate'];

/** Statuses that are a fault of the service: https://opentelemetry.io/docs/specs/semconv/rpc/grpc/ */
const FAULTS: ReadonlySet<number> = new Set([
  2,
  STATUS.DEADLINE_EXCEEDED,
  STATUS.UNIMPLEMENTED,
  STATUS.INTERNAL,
  STATUS.UNAVAILABLE,
  15,
]);

/** Tells how each call went, as HTTP does of requests: by a log line, a count, and a span where traces are recorded. */
export class CallReports {
  readonly #deps: CallReportsDeps;
  readonly #sample: number;
  readonly #random: () => number;

  constructor(deps: CallReportsDeps) {
    this.#deps = deps;
    this.#sample = deps.sample ?? 1;
    this.#random = deps.random ?? Math.random;
  }

  /** A call has come whose work is to be traced. */
  begin(notes: CallNotes, metadata: Grpc.Metadata): void {
    const { tracing } = this.#deps;
    if (!tracing) return;
    const { path, address } = notes;
    const [, service = '', method = ''] = path.split('/');
    notes.trace = tracing.begin({
      name: `${service}/${method}`,
      attributes: {
        'rpc.system': 'grpc',
        'rpc.service': service,
        'rpc.method': method,
        'client.address': address,
      },
      headers: Object.fromEntries(TRACE_KEYS.map((key) => [key, metadata.get(key)[0]?.toString()])),
    });
  }

  /** A call has its answer. */
  answered(notes: CallNotes, { code, metadata }: CallStatus, ms: number): void {
    const { path, address, images, trace } = notes;
    const error = metadata?.get('inkdigit-code')[0]?.toString();
    if (error !== undefined) this.#deps.onFailed?.(error);
    this.#endSpan(notes, code ?? 0, error);
    if (code === 0 && this.#sample < 1 && this.#random() >= this.#sample) return;
    // Under overload a line a call would cost as much as the refusal.
    const level = error === 'overloaded' ? 'debug' : 'info';
    this.#deps.log[level](
      {
        method: 'gRPC',
        path,
        address,
        grpcStatus: code,
        ms: Math.round(ms * 100) / 100,
        images,
        ...(error !== undefined && { code: error }),
        ...(trace && { trace_id: trace.traceId }),
        ...(code === 0 && this.#sample < 1 && { sample: this.#sample }),
      },
      'request',
    );
  }

  /** The client of a call has left, or its deadline has passed; nothing happens where it has its answer. */
  gone(notes: CallNotes): void {
    this.#endSpan(notes, STATUS.CANCELLED, 'client_gone');
  }

  #endSpan({ trace, images }: CallNotes, status: number, code: string | undefined): void {
    if (!trace) return;
    this.#deps.tracing?.end(trace, {
      attributes: { 'rpc.grpc.status_code': status, 'inkdigit.images': images },
      code,
      isFault: FAULTS.has(status),
    });
  }
}
