import type { Context, Span } from '@opentelemetry/api';
import { InkdigitError, messageOf } from '../../errors.js';
import { RequestTrace } from './request-trace.js';
import type { TracedAnswer, TracedRequest, Tracing } from './tracing.js';

/** A collector that does not answer keeps a service from ending no longer. */
const CLOSE_TIMEOUT_MS = 2000;

type Packages = Awaited<ReturnType<typeof loadPackages>>;

/** Imported one by one: a bundler leaves these alone, and a service without traces never looks for them. */
async function loadPackages() {
  const [api, core, exporter, resources, sdk] = await Promise.all([
    import('@opentelemetry/api'),
    import('@opentelemetry/core'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/resources'),
    import('@opentelemetry/sdk-trace-base'),
  ]);
  return { api, core, exporter, resources, sdk };
}

export interface OpenTelemetryDeps {
  /** Of inkdigit. */
  readonly version: string;
  /** Called with what keeps spans from being sent. */
  readonly onFault: (message: string) => void;
}

/**
 * Begins to send traces by OTLP over HTTP, where to and which by the variables that OpenTelemetry has for it.
 * @throws InkdigitError `invalid_option` where its packages cannot be loaded
 */
export async function openTelemetry(deps: OpenTelemetryDeps): Promise<Tracing> {
  let packages: Packages;
  try {
    packages = await loadPackages();
  } catch (cause) {
    const message = `The packages that send traces cannot be loaded: ${messageOf(cause)}.`;
    throw new InkdigitError('invalid_option', message, { cause });
  }
  const { api, exporter, resources, sdk } = packages;
  const onFault = (message: string): void => deps.onFault(message);
  const ignore = (): void => {};
  api.diag.setLogger(
    { error: onFault, warn: onFault, info: ignore, debug: ignore, verbose: ignore },
    { logLevel: api.DiagLogLevel.WARN, suppressOverrideMessage: true },
  );
  const resource = resources
    .resourceFromAttributes({ 'service.name': 'inkdigit', 'service.version': deps.version })
    .merge(resources.detectResources({ detectors: [resources.envDetector] }));
  const processor = new sdk.BatchSpanProcessor(new exporter.OTLPTraceExporter());
  const settings = { resource, spanProcessors: [processor] };
  // OTEL_TRACES_SAMPLER decides about requests; of those that are recorded, so is what models did for them.
  const requests = new sdk.BasicTracerProvider(settings);
  const batches = new sdk.BasicTracerProvider({ ...settings, sampler: new sdk.AlwaysOnSampler() });
  return new OtlpTracing(packages, requests, batches);
}

interface Provider {
  getTracer(name: string): ReturnType<InstanceType<Packages['sdk']['BasicTracerProvider']>['getTracer']>;
  shutdown(): Promise<void>;
}

/** The span of a request, and the context of those below it. */
interface OpenSpan {
  readonly span: Span;
  readonly context: Context;
}

class OtlpTracing implements Tracing {
  readonly #packages: Packages;
  readonly #requests: Provider;
  readonly #tracer: ReturnType<Provider['getTracer']>;
  readonly #batchTracer: ReturnType<Provider['getTracer']>;
  readonly #propagator: InstanceType<Packages['core']['W3CTraceContextPropagator']>;
  readonly #open = new WeakMap<RequestTrace, OpenSpan>();

  constructor(packages: Packages, requests: Provider, batches: Provider) {
    this.#packages = packages;
    this.#requests = requests;
    this.#tracer = requests.getTracer('inkdigit');
    this.#batchTracer = batches.getTracer('inkdigit');
    this.#propagator = new packages.core.W3CTraceContextPropagator();
  }

  begin({ name, attributes, headers }: TracedRequest): RequestTrace {
    const { ROOT_CONTEXT, SpanKind, TraceFlags, trace, defaultTextMapGetter } = this.#packages.api;
    const parent = this.#propagator.extract(ROOT_CONTEXT, headers, defaultTextMapGetter);
    const span = this.#tracer.startSpan(name, { kind: SpanKind.SERVER, attributes }, parent);
    const { traceId, spanId, traceFlags } = span.spanContext();
    const isSampled = (traceFlags & TraceFlags.SAMPLED) !== 0;
    const request = new RequestTrace({ traceId, spanId, isSampled });
    if (isSampled) this.#open.set(request, { span, context: trace.setSpan(parent, span) });
    return request;
  }

  end(request: RequestTrace, { attributes, code, isFault }: TracedAnswer): void {
    const open = this.#open.get(request);
    if (!open) return;
    this.#open.delete(request);
    const { span, context } = open;
    const { queuedMs, readFromMs, readToMs } = request;
    if (queuedMs !== undefined) this.#record('queue', context, queuedMs, readFromMs);
    if (readFromMs !== undefined) this.#record('decode', context, readFromMs, readToMs);
    span.setAttributes({ ...attributes, ...(code !== undefined && { 'error.type': code }) });
    if (isFault) span.setStatus({ code: this.#packages.api.SpanStatusCode.ERROR });
    span.end();
  }

  /** A span that is over; one that never came to its end lasts until now. */
  #record(name: string, context: Context, fromMs: number, toMs: number | undefined): void {
    this.#tracer
      .startSpan(name, { startTime: epochMs(fromMs) }, context)
      .end(epochMs(toMs ?? performance.now()));
  }

  infer(traces: readonly (RequestTrace | undefined)[]): () => void {
    const open = new Set(traces.flatMap((request) => (request && this.#open.get(request)) ?? []));
    if (open.size === 0) return () => {};
    const fromMs = epochMs(performance.now());
    const attributes = { 'inkdigit.batch.images': traces.length, 'inkdigit.batch.requests': open.size };
    // No request is its parent: it works for all of them.
    const batch = this.#batchTracer.startSpan('infer batch', {
      root: true,
      startTime: fromMs,
      attributes,
      links: [...open].map(({ span }) => ({ context: span.spanContext() })),
    });
    return () => {
      const toMs = epochMs(performance.now());
      batch.end(toMs);
      const links = [{ context: batch.spanContext() }];
      for (const { context } of open) {
        this.#tracer.startSpan('infer', { startTime: fromMs, attributes, links }, context).end(toMs);
      }
    };
  }

  async close(): Promise<void> {
    const timeout = new Promise<void>((resolve) => void setTimeout(resolve, CLOSE_TIMEOUT_MS).unref());
    // Both share what sends.
    await Promise.race([this.#requests.shutdown().catch(() => {}), timeout]);
  }
}

/** Milliseconds since 1970, of those since this process began. */
function epochMs(ms: number): number {
  return performance.timeOrigin + ms;
}
