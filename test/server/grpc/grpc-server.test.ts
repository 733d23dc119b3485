import { ImageCounter, type Verdict } from '../../../src/server/rates/image-counter.js';
import { fileURLToPath } from 'node:url';
import * as grpc from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  startGrpcServer,
  type GrpcServer,
  type GrpcServerDeps,
} from '../../../src/server/grpc/grpc-server.js';
import { Readiness } from '../../../src/server/readiness.js';
import { digestOfKey } from '../../../src/server/security/api-keys.js';
import { fakeClassifier } from '../../helpers/models/fake-classifier.js';
import { buildTestApp, pngOfDigit } from '../../helpers/programs/test-app.js';

const PROTO_FOLDER = new URL('../../../proto/', import.meta.url);

/** As a client that was generated from the files reads them. */
const definitions = loadSync(
  ['inference.proto', 'health.proto', 'reflection.proto'].map((name) =>
    fileURLToPath(new URL(name, PROTO_FOLDER)),
  ),
  { keepCase: true, longs: Number, enums: String, defaults: false },
);

interface Reply {
  readonly error: grpc.ServiceError | null;
  readonly message: Record<string, unknown> | undefined;
}

class Client {
  readonly #client: grpc.Client;
  readonly #metadata = new grpc.Metadata();

  constructor(port: number, key?: string) {
    this.#client = new grpc.Client(`127.0.0.1:${port}`, grpc.credentials.createInsecure(), {
      'grpc.use_local_subchannel_pool': 1,
    });
    if (key !== undefined) this.#metadata.set('authorization', `Bearer ${key}`);
  }

  /** Calls a method with a message, or with bytes that are to be one. */
  call(
    method: string,
    request: object | Buffer,
    timeoutMs = 30_000,
  ): { reply: Promise<Reply>; cancel(): void } {
    const [service = '', name = ''] = method.split('/');
    const definition = (definitions[service] as grpc.ServiceDefinition)[name]!;
    let cancel = (): void => {};
    const reply = new Promise<Reply>((resolve) => {
      const call = this.#client.makeUnaryRequest(
        definition.path,
        (value: object | Buffer) => (Buffer.isBuffer(value) ? value : definition.requestSerialize(value)),
        definition.responseDeserialize,
        request,
        this.#metadata,
        { deadline: Date.now() + timeoutMs },
        (error, message) => resolve({ error, message }),
      );
      cancel = () => call.cancel();
    });
    return { reply, cancel };
  }

  async infer(request: object | Buffer): Promise<Reply> {
    return this.call('inference.GRPCInferenceService/ModelInfer', request).reply;
  }

  watch(): grpc.ClientReadableStream<{ status: string }> {
    const { Watch } = definitions['grpc.health.v1.Health'] as grpc.ServiceDefinition;
    return this.#client.makeServerStreamRequest(
      Watch!.path,
      Watch!.requestSerialize,
      Watch!.responseDeserialize,
      {},
    );
  }

  reflect(): grpc.ClientDuplexStream<object, Record<string, unknown>> {
    const service = definitions['grpc.reflection.v1.ServerReflection'] as grpc.ServiceDefinition;
    const { path, requestSerialize, responseDeserialize } = service['ServerReflectionInfo']!;
    return this.#client.makeBidiStreamRequest(path, requestSerialize, responseDeserialize);
  }

  close(): void {
    this.#client.close();
  }
}

interface Running {
  readonly app: FastifyInstance;
  readonly server: GrpcServer;
  readonly client: Client;
  readonly readiness: Readiness;
}

const running: Running[] = [];

async function start(
  changes: Parameters<typeof buildTestApp>[0] = {},
  keys: readonly string[] = [],
  key?: string,
  counts: Pick<GrpcServerDeps, 'onFailed' | 'onRefused'> = {},
): Promise<Running> {
  const readiness = new Readiness();
  readiness.markReady();
  const app = await buildTestApp({ readiness, ...changes });
  await app.ready();
  const server = await startGrpcServer({
    protocol: app.protocol,
    host: '127.0.0.1',
    port: 0,
    keyDigests: keys.map(digestOfKey),
    protoFolder: PROTO_FOLDER,
    log: app.log,
    ...counts,
    rateGate: app.rateGate,
  });
  const one = { app, server, client: new Client(server.port, key), readiness };
  running.push(one);
  return one;
}

afterAll(async () => {
  for (const { app, server, client } of running) {
    client.close();
    await server.drain(25, 100);
    await app.close();
  }
});

const imageInput = (...blobs: Buffer[]): object => ({
  name: 'image',
  datatype: 'BYTES',
  shape: [blobs.length],
  contents: { bytes_contents: blobs },
});

/** The message of tritonclient.grpc 2.73 for one image, as it was recorded. */
const RECORDED =
  'CgZkaWdpdHMaA2EtMSoRCgVpbWFnZRIFQllURVMaAQE6igIGAQAAiVBORw0KGgoAAAANSUhEUgAAABwAAAAcCAAAAABXZoBI' +
  'AAAACXBIWXMAAAPoAAAD6AG1e1JrAAAAuElEQVQoz2NgGNpAWhdDiEdSWc/GP61+5pYLjwrR5Fz2nL/x5ON/CJiCJlkKFf94' +
  'fc//Vx5okvqz503prMkOtY3+9386Ltdwrv3/zBmXZMSf/1Nx+mPR/1euuOQcX/1fgFNj6///kbjkZI//3yeCSzL2//8anKbO' +
  '/f/MBpec4d3/y3BqzP//Px2XHOOa/1c1cUnavvw/A6epVf//R+OS49r2/7Q8TlM//u/HaarEiqPeuFMWmyi6CAB9qFBP8p3+' +
  '6QAAAABJRU5ErkJggg==';

const SERVICE = 'inference.GRPCInferenceService';
const codeOf = ({ error }: Reply): unknown => error?.metadata.get('inkdigit-code')[0];

describe('gRPC', () => {
  let client: Client;
  beforeAll(async () => {
    ({ client } = await start());
  });

  it('answers images with classes and probabilities', async () => {
    const inputs = [imageInput(await pngOfDigit(3), await pngOfDigit(7))];
    const { error, message } = await client.infer({ model_name: 'digits', id: 'a', inputs });
    expect(error).toBeNull();
    expect(message).toMatchObject({ model_name: 'digits', model_version: '1', id: 'a' });
    expect(message?.['outputs']).toMatchObject([
      { name: 'class', datatype: 'INT64', shape: [2], contents: { int64_contents: [3, 7] } },
      {
        name: 'probability',
        datatype: 'FP32',
        contents: { fp32_contents: [expect.closeTo(0.943, 2), expect.anything()] },
      },
    ]);
  });

  it('answers raw tensors with raw tensors', async () => {
    const frame = new Float32Array(784);
    frame[0] = 8 / 255;
    const request = {
      model_name: 'frames',
      inputs: [{ name: 'frame', datatype: 'FP32', shape: [1, 28, 28] }],
      outputs: [{ name: 'class' }, { name: 'label' }],
      raw_input_contents: [Buffer.from(frame.buffer)],
    };
    const { message } = await client.infer(request);
    const [digit, label] = (message?.['raw_output_contents'] ?? []) as Buffer[];
    expect(digit?.readBigInt64LE()).toBe(8n);
    expect(label?.toString('latin1')).toBe('\x01\0\0\x008');
  });

  it('answers what was recorded of a client', async () => {
    const { error, message } = await client.infer(Buffer.from(RECORDED, 'base64'));
    expect(error).toBeNull();
    const outputs = [{ name: 'class' }, { name: 'probability' }];
    expect(message).toMatchObject({ model_name: 'digits', id: 'a-1', outputs });
    expect(((message?.['raw_output_contents'] ?? []) as Buffer[]).map(({ length }) => length)).toEqual([
      8, 4,
    ]);
  });

  it('takes frames as numbers, and parameters', async () => {
    const fp32_contents = Array.from({ length: 784 }, (_, i) => (i === 0 ? 2 / 255 : 0));
    const request = {
      model_name: 'frames',
      inputs: [{ name: 'frame', datatype: 'FP32', shape: [1, 784], contents: { fp32_contents } }],
      outputs: [{ name: 'probabilities', parameters: { classification: { int64_param: 1 } } }],
      parameters: { timeout: { int64_param: 20_000_000 } },
    };
    const { message } = await client.infer(request);
    const [output] = (message?.['outputs'] ?? []) as { contents: { bytes_contents: Buffer[] } }[];
    expect(output?.contents.bytes_contents.map(String)).toEqual([expect.stringMatching(/:2:2$/)]);
  });

  it('says what it is', async () => {
    const ask = async (method: string, request: object = {}): Promise<unknown> =>
      (await client.call(`${SERVICE}/${method}`, request).reply).message;
    expect(await ask('ServerLive')).toEqual({ live: true });
    expect(await ask('ServerReady')).toEqual({ ready: true });
    expect(await ask('ModelReady', { name: 'digits' })).toEqual({ ready: true });
    expect(await ask('ServerMetadata')).toMatchObject({ name: 'inkdigit', version: '1.2.3' });
    expect(await ask('ModelMetadata', { name: 'digits' })).toMatchObject({
      platform: 'onnx_onnxv1',
      inputs: [{ name: 'image', datatype: 'BYTES', shape: [-1] }],
    });
    expect(await ask('ModelConfig', { name: 'frames' })).toMatchObject({
      config: { max_batch_size: 8, input: [{ name: 'frame', data_type: 'TYPE_FP32', dims: [28, 28] }] },
    });
    expect(await ask('RepositoryIndex')).toMatchObject({
      models: [{ name: 'digits', state: 'READY' }, {}, {}],
    });
    const { model_stats } = (await ask('ModelStatistics', { name: 'digits' })) as {
      model_stats: [{ inference_count: number; inference_stats: { success: { ns: number } } }];
    };
    expect(model_stats[0].inference_count).toBeGreaterThanOrEqual(2);
    expect(model_stats[0].inference_stats.success.ns).toBeGreaterThan(0);
  });

  it.each<[string, object | Buffer, number, string]>([
    ['a model that is none', { model_name: 'x' }, grpc.status.NOT_FOUND, 'model_not_found'],
    [
      'a version that is none',
      { model_name: 'digits', model_version: '9' },
      grpc.status.NOT_FOUND,
      'model_not_found',
    ],
    ['no input', { model_name: 'digits' }, grpc.status.INVALID_ARGUMENT, 'invalid_request'],
    [
      'what is no image',
      { model_name: 'digits', inputs: [imageInput(Buffer.from([1, 2]))] },
      grpc.status.INVALID_ARGUMENT,
      'not_an_image',
    ],
    [
      'a negative length',
      { model_name: 'digits', inputs: [{ name: 'image', datatype: 'BYTES', shape: [-1] }] },
      grpc.status.INVALID_ARGUMENT,
      'invalid_request',
    ],
    [
      'too many images',
      { model_name: 'digits', inputs: [{ name: 'image', datatype: 'BYTES', shape: [2 ** 40] }] },
      grpc.status.INVALID_ARGUMENT,
      'too_many_images',
    ],
    ['what is no message', Buffer.from([0xff, 0xff, 0xff]), grpc.status.INVALID_ARGUMENT, 'invalid_request'],
    [
      'countless inputs',
      Buffer.alloc(200_000, '2a00', 'hex'),
      grpc.status.INVALID_ARGUMENT,
      'invalid_request',
    ],
  ])('refuses %s', async (_what, request, code, name) => {
    const reply = await client.infer(request);
    expect([reply.error?.code, codeOf(reply)], reply.error?.details).toEqual([code, name]);
    expect(reply.error?.details).toMatch(/./);
  });

  it('refuses other calls by name as well', async () => {
    const load = await client.call(`${SERVICE}/RepositoryModelLoad`, { model_name: 'digits' }).reply;
    expect([load.error?.code, codeOf(load)]).toEqual([grpc.status.UNIMPLEMENTED, 'unsupported']);
    const odd = await client.call(`${SERVICE}/ModelReady`, Buffer.from([0xff, 0xff, 0xff])).reply;
    expect([odd.error?.code, codeOf(odd)]).toEqual([grpc.status.INVALID_ARGUMENT, 'invalid_request']);
    const long = await client.call(`${SERVICE}/ModelReady`, Buffer.alloc(70_000)).reply;
    expect([long.error?.code, codeOf(long)]).toEqual([grpc.status.INVALID_ARGUMENT, 'body_too_large']);
  });

  it('refuses a message that is too large', async () => {
    const { error } = await client.infer({
      model_name: 'digits',
      inputs: [imageInput(Buffer.alloc(2_000_000))],
    });
    expect(error?.code).toBe(grpc.status.RESOURCE_EXHAUSTED);
  });

  it('answers health and reflection', async () => {
    const health = await client.call('grpc.health.v1.Health/Check', { service: SERVICE }).reply;
    expect(health.message).toEqual({ status: 'SERVING' });
    const none = await client.call('grpc.health.v1.Health/Check', { service: 'x' }).reply;
    expect(none.error?.code).toBe(grpc.status.NOT_FOUND);
    const stream = client.reflect();
    const answers: Record<string, unknown>[] = [];
    const ended = new Promise((resolve) =>
      stream.on('data', (answer) => answers.push(answer)).on('end', resolve),
    );
    stream.write({ list_services: '' });
    stream.write({ file_containing_symbol: `${SERVICE}.ModelInfer` });
    stream.write({ file_containing_symbol: 'x' });
    stream.end();
    await ended;
    const [list, file, missing] = answers;
    expect(JSON.stringify(list)).toContain(SERVICE);
    const descriptors = file?.['file_descriptor_response'] as { file_descriptor_proto: Buffer[] };
    expect(descriptors.file_descriptor_proto[0]?.toString('latin1')).toContain('GRPCInferenceService');
    expect(missing?.['error_response']).toMatchObject({ error_code: grpc.status.NOT_FOUND });
  });
});

describe('gRPC under load', () => {
  /** Answers once it is told to. */
  function slow(): { classifier: ReturnType<typeof fakeClassifier>; answer: () => void } {
    const fake = fakeClassifier();
    let answer = (): void => {};
    const told = new Promise<void>((resolve) => (answer = resolve));
    return {
      classifier: { ...fake, probabilities: async (frames) => (await told, fake.probabilities(frames)) },
      answer,
    };
  }

  it('refuses at once what finds no room, and keeps deadlines', async () => {
    const { classifier, answer } = slow();
    const failed: string[] = [];
    let refusals = 0;
    const counts = { onFailed: (code: string) => void failed.push(code), onRefused: () => void refusals++ };
    const { client, app } = await start({ classifier, limits: { maxQueue: 8 } }, [], undefined, counts);
    const png = await pngOfDigit(1);
    const request = { model_name: 'digits', inputs: [imageInput(...Array.from({ length: 8 }, () => png))] };
    const first = client.infer(request);
    await expect.poll(() => app.protocol.inference.isFull).toBe(true);
    const refused = await client.infer(request);
    expect([refused.error?.code, codeOf(refused)]).toEqual([grpc.status.UNAVAILABLE, 'overloaded']);
    expect([failed, refusals]).toEqual([['overloaded'], 1]);
    expect(refused.error?.metadata.get('grpc-retry-pushback-ms')).toEqual(['1000']);
    answer();
    expect((await first).error).toBeNull();
  });

  it('ends the work of calls that are cancelled or too late', async () => {
    const { classifier, answer } = slow();
    const { client, app } = await start({ classifier, limits: { maxQueue: 8 } });
    const png = await pngOfDigit(1);
    const request = { model_name: 'digits', inputs: [imageInput(...Array.from({ length: 8 }, () => png))] };
    const call = client.call(`${SERVICE}/ModelInfer`, request);
    await expect.poll(() => app.protocol.inference.isFull).toBe(true);
    call.cancel();
    expect((await call.reply).error?.code).toBe(grpc.status.CANCELLED);
    await expect.poll(() => app.protocol.inference.isFull).toBe(false);
    const late = client.call(`${SERVICE}/ModelInfer`, request, 300);
    expect((await late.reply).error?.code).toBe(grpc.status.DEADLINE_EXCEEDED);
    await expect.poll(() => app.protocol.inference.isFull).toBe(false);
    answer();
  });

  it('shuts down when open calls have ended, and says so', async () => {
    const { classifier, answer } = slow();
    const { client, server, readiness } = await start({ classifier, limits: { maxQueue: 8 } });
    const statuses: string[] = [];
    const watch = client.watch();
    const ended = new Promise((resolve) =>
      watch.on('data', ({ status }) => statuses.push(status)).on('end', resolve),
    );
    await expect.poll(() => statuses).toEqual(['SERVING']);
    const open = client.infer({ model_name: 'digits', inputs: [imageInput(await pngOfDigit(6))] });
    await new Promise((resolve) => setTimeout(resolve, 200));
    readiness.markDraining();
    const drained = server.drain(500, 10_000);
    await ended;
    expect(statuses).toEqual(['SERVING', 'NOT_SERVING']);
    answer();
    expect((await open).error).toBeNull();
    await drained;
    const after = await client.call('grpc.health.v1.Health/Check', {}, 1000).reply;
    expect([grpc.status.UNAVAILABLE, grpc.status.DEADLINE_EXCEEDED]).toContain(after.error?.code);
  });
});

describe('gRPC with keys', () => {
  it('asks for one, but for health', async () => {
    const { server, client } = await start({}, ['secret'], 'secret');
    expect((await client.call(`${SERVICE}/ServerMetadata`, {}).reply).error).toBeNull();
    for (const wrong of [new Client(server.port), new Client(server.port, 'wrong')]) {
      const reply = await wrong.call(`${SERVICE}/ServerMetadata`, {}).reply;
      expect([reply.error?.code, codeOf(reply)]).toEqual([grpc.status.UNAUTHENTICATED, 'unauthorized']);
      const live = await wrong.call(`${SERVICE}/ServerLive`, {}).reply;
      expect(live.message).toEqual({ live: true });
      const health = await wrong.call('grpc.health.v1.Health/Check', {}).reply;
      expect(health.message).toEqual({ status: 'SERVING' });
      wrong.close();
    }
  });
});

describe('limits for callers by gRPC', () => {
  it('count images by the key of a call, and end what is too much', async () => {
    const counter = new ImageCounter([{ images: 2, seconds: 60 }]);
    const callers: string[] = [];
    const take = async (caller: string, images: number): Promise<Verdict> => {
      callers.push(caller);
      return counter.take(caller, images, 0);
    };
    const key = 'a-key-of-many-characters';
    const { client } = await start({ rates: { limits: [{ images: 2, seconds: 60 }], take } }, [key], key);
    const png = await pngOfDigit(3);
    const infer = (images: number): Promise<Reply> =>
      client.infer({ model_name: 'digits', inputs: [imageInput(...Array<Buffer>(images).fill(png))] });
    expect((await infer(2)).error).toBeFalsy();
    const refused = await infer(1);
    expect(refused.error?.code).toBe(grpc.status.RESOURCE_EXHAUSTED);
    expect(codeOf(refused)).toBe('rate_limited');
    expect(codeOf(await infer(3))).toBe('too_many_images');
    expect(callers).toEqual(['key 0', 'key 0']);
  });

  it('count by address where there are no keys', async () => {
    const callers: string[] = [];
    const take = async (caller: string): Promise<Verdict> => {
      callers.push(caller);
      return { isAllowed: true, left: [{ images: 1, ms: 1 }] };
    };
    const { client } = await start({ rates: { limits: [{ images: 2, seconds: 60 }], take } });
    const inputs = [imageInput(await pngOfDigit(3))];
    expect((await client.infer({ model_name: 'digits', inputs })).error).toBeFalsy();
    expect(callers).toEqual(['127.0.0.1']);
  });
});
