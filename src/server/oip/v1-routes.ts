import type { FastifyInstance } from 'fastify';
import { Compile } from '../../typebox.js';
import {
  InferErrorResponse,
  ModelListResponse,
  ModelReadyResponse,
  PredictRequestBody,
} from '../../api/oip.js';
import { InkdigitError } from '../../errors.js';
import { parseBoundedJson } from '../bodies/json-body.js';
import { isObject } from '../bodies/request-faults.js';
import type { InferRequest, InputTensor, OutputTensor } from './codec/tensor.js';
import type { ModelSpec } from './models/model-spec.js';
import { bodyOf, contextOf, MAX_STRUCTURE, structurePerFrame } from './http-request.js';
import type { ModelParams, ProtocolDeps } from './protocol-deps.js';

const EXPECTED = '{"instances":[{"b64":"<base64 of an image file>"}]}';

const predictBody = Compile(PredictRequestBody);

/** KServe's first protocol, which is TensorFlow Serving's: `/v1/models/{model}:predict` with `instances`. */
export function addV1Routes(
  app: FastifyInstance,
  { inference, names, readiness, limits }: ProtocolDeps,
): void {
  const maxStructure = MAX_STRUCTURE + structurePerFrame * limits.maxBatch;
  app.get('/v1/models', { schema: { response: { 200: ModelListResponse } } }, async () => ({
    models: names.all,
  }));
  app.get<{ Params: ModelParams }>(
    '/v1/models/:model',
    { schema: { response: { 200: ModelReadyResponse, default: InferErrorResponse } } },
    async ({ params }) => ({ name: names.find(params.model).name, ready: readiness.state === 'ready' }),
  );
  app.post<{ Params: ModelParams }>('/v1/models/:model([^:/]+)::predict', async (request, reply) => {
    const model = names.find(request.params.model);
    const content = parseBoundedJson(new TextDecoder().decode(bodyOf(request)), maxStructure, EXPECTED);
    if (!predictBody.Check(content)) {
      throw new InkdigitError('invalid_request', `Expected ${EXPECTED}; "instances" is to be an array.`);
    }
    const inputs = [tensorOf(model.spec, content.instances)];
    const asked: InferRequest = { id: '', parameters: {}, inputs, outputs: undefined };
    const { outputs } = await inference.infer(model, asked, contextOf(request, reply));
    const body = JSON.stringify({ predictions: rowsOf(outputs, content.instances.length) });
    return reply.type('application/json').send(Buffer.from(body));
  });
}

/** Frames are arrays, images texts: bare, as `{"b64": …}`, or either under the name of the input. */
function tensorOf(
  { kind, input: { name, datatype } }: ModelSpec,
  instances: readonly unknown[],
): InputTensor {
  const values = instances.map((instance) => memberOf(memberOf(instance, name), 'b64'));
  const side = kind === 'frames' ? [28, 28] : [];
  const [first] = values;
  // Frames may be flat, and rows of pixels of one value as well.
  const shape = kind === 'frames' && Array.isArray(first) ? shapeOf(first) : side;
  return { name, datatype, shape: [instances.length, ...shape], content: { kind: 'json', values } };
}

function memberOf(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : value;
}

/** Of nested arrays, by the first of each; deeper than any tensor here it ends. */
function shapeOf(values: readonly unknown[]): number[] {
  const shape: number[] = [];
  for (let nested: unknown = values; Array.isArray(nested) && shape.length < 8; nested = nested[0]) {
    shape.push(nested.length);
  }
  return shape;
}

/** One object an image, a member an output. */
function rowsOf(outputs: readonly OutputTensor[], count: number): Record<string, unknown>[] {
  return Array.from({ length: count }, (_, i) =>
    Object.fromEntries(outputs.map(({ name, values }) => [name, values[i]])),
  );
}
