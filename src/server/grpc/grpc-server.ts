import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type * as Grpc from '@grpc/grpc-js';
import type { FastifyBaseLogger } from 'fastify';
import { overloaded } from '../classify/classify-queue.js';
import type { ProtocolDeps } from '../oip/protocol-deps.js';
import { Arrivals } from './arrivals.js';
import { callerName, type RateGate } from '../rates/rate-gate.js';
import { createCallGate, keyIndexOf } from './call-gate.js';
import { HealthCalls } from './health-calls.js';
import {
  inferenceCalls,
  stateOf,
  type BareMessage,
  type CallState,
  type InferenceCalls,
} from './inference-calls.js';
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
  const { protocol, keyDigests, protoFolder, log } = deps;
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
    onAnswered: (path, { code, metadata }, ms) => {
      const error = metadata?.get('inkdigit-code')[0];
      if (error) deps.onFailed?.(String(error));
      // Under overload a line a call would cost as much as the refusal.
      const level = error === 'overloaded' ? 'debug' : 'info';
      log[level](
        {
          method: 'gRPC',
          path,
          grpcStatus: code,
          ms: Math.round(ms * 100) / 100,
          ...(error && { code: error }),
        },
        'request',
      );
    },
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
  const injector = server.createConnectionInjector(grpc.ServerCredentials.createInsecure());
  const listener = await listen(deps, (socket) => injector.injectConnection(socket));
  const address = listener.address();
  return {
    port: typeof address === 'object' && address ? address.port : deps.port,
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

/** Connections beyond those that a process may have are closed at once: there is no answer without HTTP/2. */
async function listen(
  { host, port, protocol: { limits } }: GrpcServerDeps,
  take: (socket: Socket) => void,
): Promise<Server> {
  let connections = 0;
  const listener = createServer((socket) => {
    connections += 1;
    socket.once('close', () => (connections -= 1));
    if (connections > limits.maxConnections) socket.destroy();
    else take(socket);
  });
  listener.listen({ host, port });
  await once(listener, 'listening');
  return listener;
}

type CountOf = (call: Grpc.ServerUnaryCall<BareMessage, unknown>) => CallState['count'];

/** By the key of a call, or by the address that it comes from. */
function counting({ rateGate, keyDigests }: GrpcServerDeps): CountOf {
  if (!rateGate) return () => undefined;
  return (call) => {
    const address = call.getPeer().replace(/:\d+$/, '');
    return (images) =>
      rateGate.count(callerName(keyIndexOf(keyDigests, call.metadata), address), images, () => {});
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
      void (async () => answer(call.request, { ...stateOf(call), count: countOf(call) }))().then(
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
