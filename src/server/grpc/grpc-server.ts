import type { Server } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type * as Grpc from '@grpc/grpc-js';
import type { FastifyBaseLogger } from 'fastify';
import { overloaded } from '../classify/classify-queue.js';
import type { ProtocolDeps } from '../oip/protocol-deps.js';
import { callerName, type RateGate } from '../rates/rate-gate.js';
import type { TlsSecrets } from '../security/tls-files.js';
import type { Tracing } from '../tracing/tracing.js';
import { Arrivals } from './arrivals.js';
import { createCallGate, keyIndexOf } from './call-gate.js';
import { notesOf } from './call-notes.js';
import { CallReports } from './call-reports.js';
import { HealthCalls } from './health-calls.js';
import {
  inferenceCalls,
  stateOf,
  type BareMessage,
  type CallState,
  type InferenceCalls,
} from './inference-calls.js';
import { listenForGrpc, useTlsFor } from './listener.js';
import { loadServices, type LoadedServices } from './load-services.js';
import { reflectionCall } from './reflection-calls.js';
import { failureOf } from './status.js';

export interface GrpcServerDeps {
  readonly protocol: ProtocolDeps;
  readonly host: string;
  readonly port: number;
  /** By `digestOfKey`. */
  readonly keyDigests: readonly string[];
  /** Where the `.proto` files are, with a slash at its end. */
  readonly protoFolder: URL;
  readonly log: FastifyBaseLogger;
  /** The share of calls that went well which are logged, 0..1; all if unsaid. */
  readonly logSample?: number | undefined;
  /** TLS, with the certificate of HTTPS. */
  readonly tls?: TlsSecrets | undefined;
  readonly tracing?: Tracing | undefined;
  /** Called with the code of each call that failed. */
  readonly onFailed?: ((code: string) => void) | undefined;
  /** Called with each call for inference that is refused before its message arrives. */
  readonly onRefused?: (() => void) | undefined;
  /** Limits for callers, counted together with what comes by HTTP. */
  readonly rateGate?: RateGate | null | undefined;
}

/** A server that listens. */
export interface GrpcServer {
  readonly port: number;
  /** New connections are to have another certificate, where the server speaks TLS. */
  useTls(tls: TlsSecrets): void;
  /** Takes calls for `drainMs` more, then lets open ones end. @param timeoutMs how long the latter may take */
  drain(drainMs: number, timeoutMs: number): Promise<void>;
}

/** Calls of one connection at once. */
const MAX_STREAMS = 256;
/** While others wait, a message may arrive for so long. */
const STALL_MS = 1000;

const INFER_PATH = '/inference.GRPCInferenceService/ModelInfer';

/**
 * Serves the Open Inference Protocol by gRPC. The library is loaded here, and nowhere else.
 * In a worker of `node:cluster` the port is shared, and each connection goes to one worker.
 */
export async function startGrpcServer(deps: GrpcServerDeps): Promise<GrpcServer> {
  const { protocol, keyDigests, protoFolder, log, logSample: sample, tracing, onFailed } = deps;
  const { limits, inference, readiness } = protocol;
  const grpc = await import('@grpc/grpc-js');
  const services = await loadServices(protoFolder);
  const fail = (thrown: unknown): Grpc.StatusObject =>
    failureOf(
      thrown,
      () => new grpc.Metadata(),
      (err) => log.error({ err }, 'failed to answer'),
    );
  const refusal = overloaded(limits.maxQueue);
  const gate = createCallGate(grpc, {
    keyDigests,
    arrivals: new Arrivals({
      maxArriving: Math.max(1, Math.floor(limits.maxHeldBytes / limits.maxBodyBytes)),
      maxWaiting: limits.maxConnections,
      stallMs: STALL_MS,
      timeoutMs: limits.requestTimeoutMs,
    }),
    refusalOf(path) {
      if (path !== INFER_PATH || !inference.isFull) return undefined;
      deps.onRefused?.();
      return refusal;
    },
    failureOf: fail,
    reports: new CallReports({ log, sample, tracing, onFailed }),
  });
  const server = new grpc.Server({
    interceptors: [gate],
    'grpc.max_receive_message_length': limits.maxBodyBytes,
    'grpc.max_concurrent_streams': MAX_STREAMS,
  });
  const health = new HealthCalls(readiness, services.names);
  server.addService(
    services.inference,
    inferenceImplementation(inferenceCalls(protocol), services.parse, fail, counting(deps)),
  );
  server.addService(services.health, { Check: health.check, Watch: health.watch });
  for (const service of services.reflection) {
    server.addService(service, { ServerReflectionInfo: reflectionCall(services.names, services.files) });
  }
  // Of TLS it gets what is behind the handshake.
  const injector = server.createConnectionInjector(grpc.ServerCredentials.createInsecure());
  const { maxConnections } = limits;
  const listener = await listenForGrpc({ ...deps, maxConnections }, (socket) =>
    injector.injectConnection(socket),
  );
  return {
    port: portOf(listener, deps.port),
    useTls: (tls) => useTlsFor(listener, tls),
    async drain(drainMs, timeoutMs) {
      health.end();
      await delay(drainMs);
      listener.close();
      const closed = new Promise<void>((resolve) => server.tryShutdown(() => resolve()));
      const timeout = new AbortController();
      await Promise.race([closed, delay(timeoutMs, undefined, { signal: timeout.signal }).catch(() => {})]);
      timeout.abort();
      server.forceShutdown();
    },
  };
}

function portOf(listener: Server, asked: number): number {
  const address = listener.address();
  return typeof address === 'object' && address ? address.port : asked;
}

type CountOf = (call: Grpc.ServerUnaryCall<BareMessage, unknown>) => CallState['count'];

/** Notes the images of a call, and counts them by its key, or by the address that it comes from. */
function counting({ rateGate, keyDigests }: GrpcServerDeps): CountOf {
  return ({ metadata }) =>
    async (images) => {
      const notes = notesOf(metadata);
      notes.images = images;
      await rateGate?.count(callerName(keyIndexOf(keyDigests, metadata), notes.address), images, () => {});
    };
}

function inferenceImplementation(
  calls: InferenceCalls,
  parse: LoadedServices['parse'],
  fail: (thrown: unknown) => Grpc.StatusObject,
  countOf: CountOf,
): Grpc.UntypedServiceImplementation {
  type Handler = Grpc.handleUnaryCall<BareMessage, unknown>;
  const handlerOf =
    (answer: (message: BareMessage, call: CallState) => unknown): Handler =>
    (call, respond) => {
      const { trace } = notesOf(call.metadata);
      void (async () => answer(call.request, { ...stateOf(call), count: countOf(call), trace }))().then(
        (message) => respond(null, message),
        (thrown: unknown) => respond(fail(thrown)),
      );
    };
  const parsing = (method: Exclude<keyof InferenceCalls, 'ModelInfer'>): Handler =>
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the message is of the type that the file says
    handlerOf((message, call) => calls[method](parse(method, message) as never, call));
  return {
    ServerLive: parsing('ServerLive'),
    ServerReady: parsing('ServerReady'),
    ModelReady: parsing('ModelReady'),
    ServerMetadata: parsing('ServerMetadata'),
    ModelMetadata: parsing('ModelMetadata'),
    ModelConfig: parsing('ModelConfig'),
    ModelStatistics: parsing('ModelStatistics'),
    RepositoryIndex: parsing('RepositoryIndex'),
    RepositoryModelLoad: parsing('RepositoryModelLoad'),
    RepositoryModelUnload: parsing('RepositoryModelUnload'),
    ModelInfer: handlerOf(calls.ModelInfer),
  };
}
