import * as grpc from '@grpc/grpc-js';
import type { FastifyBaseLogger } from 'fastify';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import type { CallNotes } from '../../../src/server/grpc/call-notes.js';
import { CallReports, type CallReportsDeps } from '../../../src/server/grpc/call-reports.js';
import { RequestTrace } from '../../../src/server/tracing/request-trace.js';
import type { TracedAnswer, TracedRequest, Tracing } from '../../../src/server/tracing/tracing.js';

const PATH = '/inference.GRPCInferenceService/ModelInfer';

function notesOf(): CallNotes {
  return { path: PATH, address: '192.0.2.1', images: 3, trace: undefined };
}

function failed(code: string): grpc.Metadata {
  const metadata = new grpc.Metadata();
  metadata.set('inkdigit-code', code);
  return metadata;
}

function reportsTo(changes: Partial<CallReportsDeps> = {}): {
  reports: CallReports;
  lines: Record<string, unknown>[];
} {
  const lines: Record<string, unknown>[] = [];
  const write = (line: string): void => void lines.push(JSON.parse(line));
  const log: FastifyBaseLogger = pino({ level: 'info', base: null, timestamp: false }, { write });
  return { reports: new CallReports({ log, ...changes }), lines };
}

describe('CallReports', () => {
  it('log a line a call, with what those of HTTP have', () => {
    const codes: string[] = [];
    const { reports, lines } = reportsTo({ onFailed: (code) => codes.push(code) });
    reports.answered(notesOf(), { code: 0 }, 1.234);
    reports.answered(notesOf(), { code: 3, metadata: failed('not_an_image') }, 2);
    // As many lines as calls would cost as much as refusing them.
    reports.answered(notesOf(), { code: 14, metadata: failed('overloaded') }, 2);
    const line = { level: 30, method: 'gRPC', path: PATH, address: '192.0.2.1', images: 3, msg: 'request' };
    expect(lines).toEqual([
      { ...line, grpcStatus: 0, ms: 1.23 },
      { ...line, grpcStatus: 3, ms: 2, code: 'not_an_image' },
    ]);
    expect(codes).toEqual(['not_an_image', 'overloaded']);
  });

  it('log a share of what went well, and all that did not', () => {
    const numbers = [0.05, 0.5].values();
    const random = (): number => numbers.next().value ?? 1;
    const { reports, lines } = reportsTo({ sample: 0.1, random });
    for (let i = 0; i < 3; i++) reports.answered(notesOf(), { code: 0 }, i);
    reports.answered(notesOf(), { code: 5, metadata: failed('model_not_found') }, 9);
    expect(lines).toMatchObject([
      { ms: 0, sample: 0.1 },
      { ms: 9, code: 'model_not_found' },
    ]);
  });

  it('trace calls within the trace of their caller, with its ids in the log', () => {
    const begun: TracedRequest[] = [];
    const ended: TracedAnswer[] = [];
    const tracing: Tracing = {
      begin(request) {
        begun.push(request);
        return new RequestTrace({ traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), isSampled: true });
      },
      end: (_trace, answer) => void ended.push(answer),
      infer: () => () => {},
      close: async () => {},
    };
    const { reports, lines } = reportsTo({ tracing });
    const metadata = new grpc.Metadata();
    metadata.set('traceparent', 'from-the-caller');
    const notes = notesOf();
    reports.begin(notes, metadata);
    expect(begun).toEqual([
      {
        name: 'inference.GRPCInferenceService/ModelInfer',
        attributes: {
          'rpc.system': 'grpc',
          'rpc.service': 'inference.GRPCInferenceService',
          'rpc.method': 'ModelInfer',
          'client.address': '192.0.2.1',
        },
        headers: { traceparent: 'from-the-caller', tracestate: undefined },
      },
    ]);
    reports.answered(notes, { code: 3, metadata: failed('not_an_image') }, 1);
    expect(lines).toMatchObject([{ trace_id: 'a'.repeat(32) }]);
    reports.answered(notes, { code: 13, metadata: failed('internal') }, 1);
    reports.gone(notes);
    const attributes = { 'inkdigit.images': 3 };
    expect(ended).toEqual([
      { attributes: { ...attributes, 'rpc.grpc.status_code': 3 }, code: 'not_an_image', isFault: false },
      { attributes: { ...attributes, 'rpc.grpc.status_code': 13 }, code: 'internal', isFault: true },
      { attributes: { ...attributes, 'rpc.grpc.status_code': 1 }, code: 'client_gone', isFault: false },
    ]);
  });
});
