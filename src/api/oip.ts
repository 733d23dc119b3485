import { Type, type Static } from '../typebox.js';

/**
 * What goes over the wire under `/v2`, the Open Inference Protocol, and under `/v1`, KServe's older one. The bodies of
 * `/v2/models/{model}/infer` may carry tensors as bytes behind their JSON, so these schemas check and document that
 * JSON part.
 */

/** Name to value, of a request, a tensor or an answer. */
export const InferParameters = Type.Record(
  Type.String(),
  Type.Union([Type.String(), Type.Number(), Type.Boolean()]),
);
export type InferParameters = Static<typeof InferParameters>;

const Shape = Type.Array(Type.Integer({ minimum: 0 }), { maxItems: 8 });

/** A tensor as a model takes or gives it; -1 stands for any length. */
const TensorMetadata = Type.Object({
  name: Type.String(),
  datatype: Type.String(),
  shape: Type.Array(Type.Integer({ minimum: -1 })),
});
export type TensorMetadata = Static<typeof TensorMetadata>;

/** The JSON part of `POST /v2/models/{model}/infer`. Members beyond these are ignored. */
export const InferRequestBody = Type.Object({
  id: Type.Optional(Type.String({ maxLength: 1024 })),
  parameters: Type.Optional(InferParameters),
  inputs: Type.Array(
    Type.Object({
      name: Type.String(),
      shape: Shape,
      datatype: Type.String(),
      parameters: Type.Optional(InferParameters),
      /** Nested or flat, row by row; left out where the bytes follow the JSON part. */
      data: Type.Optional(Type.Array(Type.Unknown())),
    }),
    { maxItems: 16 },
  ),
  outputs: Type.Optional(
    Type.Array(Type.Object({ name: Type.String(), parameters: Type.Optional(InferParameters) }), {
      maxItems: 16,
    }),
  ),
});
export type InferRequestBody = Static<typeof InferRequestBody>;

/** The JSON part of its answer. */
export const InferResponseBody = Type.Object({
  model_name: Type.String(),
  model_version: Type.String(),
  /** As it was given; empty where none was. */
  id: Type.String(),
  outputs: Type.Array(
    Type.Object({
      name: Type.String(),
      datatype: Type.String(),
      shape: Type.Array(Type.Integer()),
      parameters: Type.Optional(InferParameters),
      data: Type.Optional(Type.Array(Type.Union([Type.Number(), Type.Boolean(), Type.String()]))),
    }),
  ),
});
export type InferResponseBody = Static<typeof InferResponseBody>;

/** Every answer under `/v1` and `/v2` that is not a success. */
export const InferErrorResponse = Type.Object({
  error: Type.String({ description: 'What was expected and what came, in plain words.' }),
  code: Type.String({ description: 'The kind of error, for programs.' }),
  errors: Type.Array(Type.Object({ index: Type.Integer(), message: Type.String() }), {
    description: 'The images that were wrong, by their place in the input.',
  }),
});
export type InferErrorResponse = Static<typeof InferErrorResponse>;

export const ServerLiveResponse = Type.Object({ live: Type.Boolean() });
export const ServerReadyResponse = Type.Object({ live: Type.Boolean(), ready: Type.Boolean() });
export const ModelReadyResponse = Type.Object({ name: Type.String(), ready: Type.Boolean() });

export const ServerMetadataResponse = Type.Object({
  name: Type.String(),
  version: Type.String(),
  extensions: Type.Array(Type.String()),
});

export const ModelMetadataResponse = Type.Object({
  name: Type.String(),
  versions: Type.Array(Type.String()),
  platform: Type.String(),
  inputs: Type.Array(TensorMetadata),
  outputs: Type.Array(TensorMetadata),
});
export type ModelMetadataResponse = Static<typeof ModelMetadataResponse>;

export const ModelListResponse = Type.Object({ models: Type.Array(Type.String()) });

const ConfigTensor = Type.Object({
  name: Type.String(),
  data_type: Type.String(),
  dims: Type.Array(Type.Integer({ minimum: -1 })),
});

/** What Triton's client asks for beside the metadata. */
export const ModelConfigResponse = Type.Object({
  name: Type.String(),
  platform: Type.String(),
  backend: Type.String(),
  max_batch_size: Type.Integer(),
  input: Type.Array(ConfigTensor),
  output: Type.Array(ConfigTensor),
});
export type ModelConfigResponse = Static<typeof ModelConfigResponse>;

const DurationStatistics = Type.Object({ count: Type.Integer(), ns: Type.Integer() });

/** Counted by the process that answers, since it started. */
export const ModelStatistics = Type.Object({
  name: Type.String(),
  version: Type.String(),
  /** Milliseconds since 1970; 0 before the first. */
  last_inference: Type.Integer(),
  /** Images. */
  inference_count: Type.Integer(),
  /** Requests. */
  execution_count: Type.Integer(),
  inference_stats: Type.Object({ success: DurationStatistics, fail: DurationStatistics }),
});
export type ModelStatistics = Static<typeof ModelStatistics>;

export const ModelStatisticsResponse = Type.Object({ model_stats: Type.Array(ModelStatistics) });

export const RepositoryIndexResponse = Type.Array(
  Type.Object({
    name: Type.String(),
    version: Type.String(),
    state: Type.Enum(['READY', 'UNAVAILABLE']),
    reason: Type.String(),
  }),
);
export type RepositoryIndexResponse = Static<typeof RepositoryIndexResponse>;

/** A model was loaded or unloaded: there is nothing to say. */
export const RepositoryChangeResponse = Type.Object({});

/** `POST /v1/models/{model}:predict` */
export const PredictRequestBody = Type.Object({ instances: Type.Array(Type.Unknown()) });
export const PredictResponse = Type.Object({ predictions: Type.Array(Type.Unknown()) });
