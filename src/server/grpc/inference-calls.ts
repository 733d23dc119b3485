import type * as Grpc from '@grpc/grpc-js';
import { BodyBudget, HeldBody } from '../bodies/body-budget.js';
import { packTensor, type InferAnswer } from '../oip/codec/encode-response.js';
import type { OutputTensor } from '../oip/codec/tensor.js';
import { configOf } from '../oip/models/model-config.js';
import { metadataOf } from '../oip/models/model-spec.js';
import { EXTENSIONS, SERVER_NAME, statisticsOf } from '../oip/model-answers.js';
import type { ProtocolDeps } from '../oip/protocol-deps.js';
import type { RequestTrace } from '../tracing/request-trace.js';
import { headersOf } from './call-gate.js';
import { decodeGrpcRequest } from './decode-infer-request.js';

/** A message that was not taken apart yet. */
export interface BareMessage {
  readonly bytes: Uint8Array;
}

interface ModelRequest {
  readonly name: string;
  readonly version: string;
}

interface LoadRequest {
  readonly model_name: string;
}

/** Answers a call, or throws. */
type Answer<Request> = (request: Request, call: CallState) => unknown;

/** What an answer is to know of its call. */
export interface CallState {
  /** Those that may carry a key. */
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds until the client stops waiting. */
  readonly timeoutMs: number;
  isGone(): boolean;
  onGone(cancel: () => void): void;
  /**
   * Notes how many images it has, and counts them where callers have limits.
   * @throws InkdigitError `rate_limited` or `too_many_images`
   */
  readonly count?: ((images: number) => Promise<void>) | undefined;
  /** Where the times of the call are noted. */
  readonly trace?: RequestTrace | undefined;
}

const PIXELS = 28 * 28;

/** The calls of `inference.GRPCInferenceService`, by their names; each answers with a message of the `.proto`. */
export interface InferenceCalls {
  readonly ServerLive: Answer<object>;
  readonly ServerReady: Answer<object>;
  readonly ModelReady: Answer<ModelRequest>;
  readonly ServerMetadata: Answer<object>;
  readonly ModelMetadata: Answer<ModelRequest>;
  readonly ModelConfig: Answer<ModelRequest>;
  readonly ModelStatistics: Answer<ModelRequest>;
  readonly RepositoryIndex: Answer<{ readonly ready: boolean }>;
  readonly RepositoryModelLoad: Answer<LoadRequest>;
  readonly RepositoryModelUnload: Answer<LoadRequest>;
  readonly ModelInfer: Answer<BareMessage>;
}

/** As the routes of `/v2`, of the same inference. */
export function inferenceCalls(deps: ProtocolDeps): InferenceCalls {
  const { inference, names, readiness, repository, version, limits } = deps;
  const isReady = (): boolean => readiness.state === 'ready';
  const budget = new BodyBudget(Math.max(limits.maxHeldBytes, limits.maxBodyBytes));
  return {
    ServerLive: () => ({ live: true }),
    ServerReady: () => ({ ready: isReady() }),
    // One that there is not is not ready: clients ask before it is loaded.
    ModelReady: (request) => ({ ready: isReady() && names.has(request.name, request.version) }),
    ServerMetadata: () => ({ name: SERVER_NAME, version, extensions: EXTENSIONS }),
    ModelMetadata: (request) => {
      const model = names.find(request.name, request.version);
      return metadataOf(model.spec, model.name, model.version);
    },
    ModelConfig: (request) => {
      const { spec, name } = names.find(request.name, request.version);
      return { config: configOf(spec, name, limits.maxBatch) };
    },
    ModelStatistics: ({ name, version: asked }) => {
      const models = name === '' ? undefined : [names.find(name, asked)];
      return { model_stats: statisticsOf(deps, models) };
    },
    RepositoryIndex: ({ ready }) => ({ models: ready && !isReady() ? [] : names.index(isReady()) }),
    RepositoryModelLoad: async (request, call) => {
      deps.authorizeChange?.(call);
      await repository.load(names.find(request.model_name).spec.kind);
      return {};
    },
    RepositoryModelUnload: async (request, call) => {
      deps.authorizeChange?.(call);
      await repository.unload(names.find(request.model_name).spec.kind);
      return {};
    },
    ModelInfer: async ({ bytes }, call) => {
      const held = new HeldBody(budget);
      const letGo = held.hold();
      try {
        held.add(bytes.length);
        const request = decodeGrpcRequest(bytes, limits.maxBatch * PIXELS + 1000);
        const model = names.find(request.modelName, request.modelVersion);
        const answer = await inference.infer(model, request, {
          ...call,
          onCounted: (images) => call.count?.(images),
          hold: () => held.hold(),
        });
        return messageOf(answer, request.isRaw);
      } finally {
        letGo();
      }
    },
  };
}

/** A `ModelInferResponse`. */
function messageOf({ modelName, modelVersion, id, outputs }: InferAnswer, isRaw: boolean): object {
  return {
    model_name: modelName,
    model_version: modelVersion,
    id,
    outputs: outputs.map((output) => {
      const { name, datatype, shape } = output;
      return { name, datatype, shape, ...(!isRaw && { contents: contentsOf(output) }) };
    }),
    ...(isRaw && { raw_output_contents: outputs.map(packTensor) }),
  };
}

function contentsOf({ datatype, values }: OutputTensor): object {
  switch (datatype) {
    case 'INT64':
      return { int64_contents: values };
    case 'FP32':
      return { fp32_contents: values };
    case 'BOOL':
      return { bool_contents: values };
    case 'BYTES':
      return { bytes_contents: values.map((text) => Buffer.from(text)) };
  }
}

/** The state of a unary call. */
export function stateOf<Request, Response>(call: Grpc.ServerUnaryCall<Request, Response>): CallState {
  const deadline = call.getDeadline();
  return {
    headers: headersOf(call.metadata),
    timeoutMs: Math.max(1, Number(deadline) - Date.now()),
    isGone: () => call.cancelled,
    onGone: (cancel) => void call.once('cancelled', cancel),
  };
}
