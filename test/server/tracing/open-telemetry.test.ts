import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import * as grpc from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import type { FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startGrpcServer } from '../../../src/server/grpc/grpc-server.js';
import { openTelemetry } from '../../../src/server/tracing/open-telemetry.js';
import type { Tracing } from '../../../src/server/tracing/tracing.js';
import { base64OfDigit, buildTestApp, pngOfDigit } from '../../helpers/programs/test-app.js';

type Service = grpc.ServiceDefinition;

interface Attribute {
  readonly key: string;
  readonly value: { readonly stringValue?: string; readonly intValue?: number };
}

interface SentSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly Attribute[];
  readonly links?: readonly { readonly traceId: string; readonly spanId: string }[];
}

interface SentTraces {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: Attribute[] };
    readonly scopeSpans: readonly { readonly spans: readonly SentSpan[] }[];
  }[];
}

const TRACE = 'a'.repeat(32);
const PARENT = `00-${TRACE}-${'b'.repeat(16)}-01`;

let collector: Server;
let resources: Attribute[][];
let spans: SentSpan[];
let faults: string[];
let tracing: Tracing;
let app: FastifyInstance;

beforeEach(async () => {
  resources = [];
  spans = [];
  faults = [];
  collector = createServer((request, response) => {
    void json(request).then((traces) => {
      for (const { resource, scopeSpans } of (traces as SentTraces).resourceSpans) {
        resources.push(resource.attributes);
        for (const scope of scopeSpans) spans.push(...scope.spans);
      }
      response.setHeader('content-type', 'application/json').end('{}');
    });
  }).listen(0, '127.0.0.1');
  await once(collector, 'listening');
  const { port } = collector.address() as AddressInfo;
  vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', `http://127.0.0.1:${port}`);
});
afterEach(async () => {
  await app?.close();
  await tracing?.close();
  collector.close();
  vi.unstubAllEnvs();
});

async function build(): Promise<void> {
  tracing = await openTelemetry({ version: '1.2.3', onFault: (message) => faults.push(message) });
  app = await buildTestApp({ tracing });
}

async function classify(
  images: number,
  headers: Record<string, string> = {},
): Promise<Record<string, unknown>> {
  const image = await base64OfDigit(3);
  const payload = { requests: Array.from({ length: images }, () => ({ image })) };
  const answer = await app.inject({ method: 'POST', url: '/mnist/classify', payload, headers });
  expect(answer.statusCode).toBe(200);
  return answer.headers;
}

/** What was sent, once all of it was. */
async function sent(): Promise<SentSpan[]> {
  await app.close();
  await tracing.close();
  return spans;
}

function named(all: readonly SentSpan[], name: string): SentSpan {
  const [span, ...others] = all.filter((one) => one.name === name);
  if (!span || others.length > 0)
    throw new Error(`expected one span ${name}, got ${all.map((one) => one.name).join()}`);
  return span;
}

function attributesOf(attributes: readonly Attribute[]): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue ?? value.intValue]));
}

describe('traces', () => {
  it('have spans of the request, its wait, decoding and inference, within the trace of the caller', async () => {
    await build();
    const headers = await classify(1, { traceparent: PARENT });
    expect(headers['traceresponse']).toMatch(new RegExp(`^00-${TRACE}-[0-9a-f]{16}-01$`));
    const all = await sent();
    const request = named(all, 'POST /mnist/classify');
    expect(request).toMatchObject({ traceId: TRACE, parentSpanId: 'b'.repeat(16), kind: 2 });
    expect(headers['traceresponse']).toContain(request.spanId);
    expect(attributesOf(request.attributes)).toEqual({
      'http.request.method': 'POST',
      'url.path': '/mnist/classify',
      'http.route': '/mnist/classify',
      'http.response.status_code': 200,
      'client.address': '127.0.0.1',
      'inkdigit.images': 1,
    });
    const parts = ['queue', 'decode', 'infer'].map((name) => named(all, name));
    for (const part of parts) {
      expect(part).toMatchObject({ traceId: TRACE, parentSpanId: request.spanId });
      expect(Number(part.endTimeUnixNano)).toBeGreaterThanOrEqual(Number(part.startTimeUnixNano));
    }
    expect(parts[0]?.endTimeUnixNano).toBe(parts[1]?.startTimeUnixNano);
    const batch = named(all, 'infer batch');
    expect(batch.traceId).not.toBe(TRACE);
    expect(batch.links).toMatchObject([{ traceId: TRACE, spanId: request.spanId }]);
    expect(attributesOf(batch.attributes)).toEqual({
      'inkdigit.batch.images': 1,
      'inkdigit.batch.requests': 1,
    });
    expect(parts[2]?.links).toMatchObject([{ traceId: batch.traceId, spanId: batch.spanId }]);
    expect(faults).toEqual([]);
  });

  it('link an inference to every request that it reads images of', async () => {
    await build();
    await Promise.all([classify(1), classify(1), classify(1)]);
    const all = await sent();
    const requests = all.filter(({ name }) => name === 'POST /mnist/classify');
    expect(new Set(requests.map(({ traceId }) => traceId)).size).toBe(3);
    const linked = all.filter(({ name }) => name === 'infer batch').flatMap(({ links = [] }) => links);
    expect(new Set(linked.map(({ spanId }) => spanId))).toEqual(
      new Set(requests.map(({ spanId }) => spanId)),
    );
  });

  it.each([
    ['of zeros', `00-${'0'.repeat(32)}-${'b'.repeat(16)}-01`],
    ['cut off', PARENT.slice(0, -1)],
    ['of another kind', 'letters'],
  ])('begin anew where the parent is %s', async (_what, traceparent) => {
    await build();
    await classify(1, { traceparent });
    const request = named(await sent(), 'POST /mnist/classify');
    expect(request.traceId).toMatch(/^(?!0{32}|a{32})[0-9a-f]{32}$/);
    expect(request.parentSpanId ?? '').toBe('');
  });

  it('are recorded where the caller or the sampler says so, and named in answers anyway', async () => {
    vi.stubEnv('OTEL_TRACES_SAMPLER', 'parentbased_traceidratio');
    vi.stubEnv('OTEL_TRACES_SAMPLER_ARG', '0');
    await build();
    expect((await classify(1))['traceresponse']).toMatch(/-00$/);
    expect((await classify(1, { traceparent: PARENT }))['traceresponse']).toMatch(/-01$/);
    expect((await classify(1, { traceparent: PARENT.replace(/1$/, '0') }))['traceresponse']).toMatch(/-00$/);
    expect((await sent()).map(({ name }) => name).toSorted()).toEqual([
      'POST /mnist/classify',
      'decode',
      'infer',
      'infer batch',
      'queue',
    ]);
  });

  it('say which service they come from', async () => {
    vi.stubEnv('OTEL_SERVICE_NAME', 'digits');
    vi.stubEnv('OTEL_RESOURCE_ATTRIBUTES', 'deployment.environment.name=test');
    await build();
    await classify(1);
    await sent();
    expect(attributesOf(resources[0] ?? [])).toMatchObject({
      'service.name': 'digits',
      'service.version': '1.2.3',
      'deployment.environment.name': 'test',
    });
  });

  it('have the errors, and nothing of health checks', async () => {
    await build();
    for (const url of ['/livez', '/healthz', '/readyz']) {
      expect((await app.inject(url)).headers).not.toHaveProperty('traceresponse');
    }
    await app.inject({ method: 'POST', url: '/mnist/classify', payload: { requests: 5 } });
    await app.inject('/nowhere');
    const all = await sent();
    expect(all.map(({ name }) => name)).toEqual(['POST /mnist/classify', 'GET']);
    expect(attributesOf(all[0]?.attributes ?? [])).toMatchObject({
      'http.response.status_code': 400,
      'error.type': 'invalid_request',
    });
  });

  it('have calls of gRPC too, with the trace in their trailers, and nothing of health', async () => {
    await build();
    await app.ready();
    const { protocol, log } = app;
    const protoFolder = new URL('../../../proto/', import.meta.url);
    const where = { host: '127.0.0.1', port: 0, protoFolder, keyDigests: [] };
    const server = await startGrpcServer({ ...where, protocol, log, tracing });
    const client = new grpc.Client(`127.0.0.1:${server.port}`, grpc.credentials.createInsecure());
    const file = fileURLToPath(new URL('inference.proto', protoFolder));
    const { ModelInfer } = loadSync(file, { keepCase: true })['inference.GRPCInferenceService'] as Service;
    const metadata = new grpc.Metadata();
    metadata.set('traceparent', PARENT);
    const bytes_contents = [await pngOfDigit(3)];
    const inputs = [{ name: 'image', datatype: 'BYTES', shape: [1], contents: { bytes_contents } }];
    const request = { model_name: 'digits', inputs };
    const trailers = await new Promise<grpc.StatusObject>((resolve, reject) => {
      const { path, requestSerialize, responseDeserialize } = ModelInfer!;
      const call = client.makeUnaryRequest(
        path,
        requestSerialize,
        responseDeserialize,
        request,
        metadata,
        (error) => {
          if (error) reject(error);
        },
      );
      call.on('status', resolve);
    });
    expect(trailers.metadata.get('traceresponse')).toEqual([expect.stringContaining(`00-${TRACE}-`)]);
    const same = (value: Buffer): Buffer => value;
    await new Promise((resolve) => {
      client.makeUnaryRequest('/grpc.health.v1.Health/Check', same, same, Buffer.of(), resolve);
    });
    client.close();
    await server.drain(0, 100);
    const all = await sent();
    const span = named(all, 'inference.GRPCInferenceService/ModelInfer');
    expect(span).toMatchObject({ traceId: TRACE, parentSpanId: 'b'.repeat(16), kind: 2 });
    expect(attributesOf(span.attributes)).toMatchObject({
      'rpc.system': 'grpc',
      'rpc.grpc.status_code': 0,
      'inkdigit.images': 1,
    });
    for (const part of ['queue', 'decode', 'infer']) {
      expect(named(all, part)).toMatchObject({ traceId: TRACE, parentSpanId: span.spanId });
    }
    expect(all).toHaveLength(5);
  });

  it('say what keeps them from being sent, and hold up nothing', async () => {
    vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', 'http://127.0.0.1:1');
    vi.stubEnv('OTEL_EXPORTER_OTLP_TIMEOUT', '500');
    await build();
    await classify(1);
    const begun = performance.now();
    await sent();
    expect(performance.now() - begun).toBeLessThan(10_000);
    expect(spans).toEqual([]);
  });
});
