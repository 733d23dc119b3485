import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { base64OfDigit, buildTestApp, pngOfDigit } from '../../helpers/programs/test-app.js';

let app: FastifyInstance;
beforeAll(async () => {
  app = await buildTestApp({ modelAlias: 'my-digits' });
});
afterAll(() => app.close());

const HEADER = 'inference-header-content-length';

function infer(
  payload: Buffer | string,
  headers: Record<string, string> = {},
  model = 'digits',
): Promise<LightMyRequestResponse> {
  return app.inject({ method: 'POST', url: `/v2/models/${model}/infer`, headers, payload });
}

const inferJson = (content: unknown, model?: string): Promise<LightMyRequestResponse> =>
  infer(JSON.stringify(content), { 'content-type': 'application/json' }, model);

interface Output {
  readonly name: string;
  readonly datatype: string;
  readonly shape: number[];
  readonly data?: unknown[];
}

const outputsOf = (response: LightMyRequestResponse): Record<string, Output> => {
  expect(response.statusCode, response.body).toBe(200);
  const { outputs } = response.json<{ outputs: Output[] }>();
  return Object.fromEntries(outputs.map((output) => [output.name, output]));
};

/** JSON, then tensors. */
function withTensors(
  content: unknown,
  ...tensors: Uint8Array[]
): { payload: Buffer; headers: Record<string, string> } {
  const json = Buffer.from(JSON.stringify(content));
  return { payload: Buffer.concat([json, ...tensors]), headers: { [HEADER]: String(json.length) } };
}

/** An element of `BYTES` behind its length. */
function element(bytes: Uint8Array): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/** One frame that the fake classifier takes for this digit. */
function frameOf(digit: number, ink = 255): number[] {
  const frame = Array.from({ length: 784 }, () => 0);
  frame[0] = (digit / 255) * ink;
  return frame;
}

describe('POST /v2/models/digits/infer', () => {
  it('answers images in base64 with classes and probabilities, and the id', async () => {
    const data = [await base64OfDigit(3), await base64OfDigit(7)];
    const inputs = [{ name: 'image', datatype: 'BYTES', shape: [2], data }];
    const response = await inferJson({ id: 'a1', inputs });
    expect(response.headers['content-type']).toBe('application/json');
    expect(response.json()).toMatchObject({ model_name: 'digits', model_version: '1', id: 'a1' });
    expect(outputsOf(response)).toEqual({
      class: { name: 'class', datatype: 'INT64', shape: [2], data: [3, 7] },
      probability: {
        name: 'probability',
        datatype: 'FP32',
        shape: [2],
        data: [expect.closeTo(0.943, 2), expect.closeTo(0.943, 2)],
      },
    });
  });

  it('takes nested data, another name and a version', async () => {
    const inputs = [{ name: 'image', datatype: 'BYTES', shape: [1, 1], data: [[await base64OfDigit(4)]] }];
    const response = await inferJson({ inputs }, 'my-digits/versions/1');
    expect(response.json().model_name).toBe('my-digits');
    expect(outputsOf(response)['class']?.data).toEqual([4]);
  });

  it('gives the outputs that are asked for, in their order', async () => {
    const inputs = [{ name: 'image', datatype: 'BYTES', shape: [1], data: [await base64OfDigit(4)] }];
    const outputs = ['label', 'digit', 'probabilities', 'class'].map((name) => ({ name }));
    const response = await inferJson({ inputs, outputs });
    const given = outputsOf(response);
    expect(Object.keys(given)).toEqual(['label', 'digit', 'probabilities', 'class']);
    expect(given['label']).toMatchObject({ datatype: 'BYTES', data: ['4'] });
    expect(given['digit']).toMatchObject({ datatype: 'BOOL', data: [true] });
    expect(given['probabilities']).toMatchObject({ shape: [1, 10] });
  });

  it('names the likeliest classes', async () => {
    const inputs = [{ name: 'image', datatype: 'BYTES', shape: [1], data: [await base64OfDigit(4)] }];
    const outputs = [{ name: 'probabilities', parameters: { classification: 2 } }];
    const { probabilities } = outputsOf(await inferJson({ inputs, outputs }));
    expect(probabilities).toMatchObject({ datatype: 'BYTES', shape: [1, 2] });
    expect(probabilities?.data).toEqual([
      expect.stringMatching(/^0\.94\d+:4:4$/),
      expect.stringMatching(/:0:0$/),
    ]);
  });

  it('takes and gives tensors as bytes behind the JSON', async () => {
    const tensor = Buffer.concat([
      element(await pngOfDigit(2)),
      element(Buffer.from(await base64OfDigit(9))),
    ]);
    const { payload, headers } = withTensors(
      {
        inputs: [
          { name: 'image', datatype: 'BYTES', shape: [2], parameters: { binary_data_size: tensor.length } },
        ],
        outputs: [
          { name: 'class', parameters: { binary_data: true } },
          { name: 'probability' },
          { name: 'label' },
        ],
        parameters: { binary_data_output: true },
      },
      tensor,
    );
    const response = await infer(payload, headers);
    expect(response.statusCode, response.body).toBe(200);
    expect(response.headers['content-type']).toBe('application/octet-stream');
    const length = Number(response.headers[HEADER]);
    const { outputs } = JSON.parse(response.rawPayload.toString('utf8', 0, length));
    const packed = response.rawPayload.subarray(length);
    expect(outputs.map((output: object) => ({ ...output, name: undefined }))).toEqual([
      { datatype: 'INT64', shape: [2], parameters: { binary_data_size: 16 } },
      { datatype: 'FP32', shape: [2], parameters: { binary_data_size: 8 } },
      { datatype: 'BYTES', shape: [2], parameters: { binary_data_size: 10 } },
    ]);
    expect([packed.readBigInt64LE(0), packed.readBigInt64LE(8)]).toEqual([2n, 9n]);
    expect(packed.readFloatLE(16)).toBeCloseTo(0.943, 2);
    expect(packed.subarray(24).toString('latin1')).toBe('\x01\0\0\x002\x01\0\0\x009');
  });

  it('takes a bare image where the header is 0', async () => {
    const response = await infer(await pngOfDigit(5), { [HEADER]: '0' });
    const length = Number(response.headers[HEADER]);
    expect(response.rawPayload.readBigInt64LE(length)).toBe(5n);
  });

  it('answers no images with empty tensors', async () => {
    const inputs = [{ name: 'image', datatype: 'BYTES', shape: [0], data: [] }];
    expect(outputsOf(await inferJson({ inputs }))['class']).toMatchObject({ shape: [0], data: [] });
  });

  it('names each bad image', async () => {
    const inputs = [{ name: 'image', datatype: 'BYTES', shape: [2], data: [await base64OfDigit(1), '!'] }];
    const response = await inferJson({ inputs });
    expect([response.statusCode, response.headers['content-type']]).toEqual([400, 'application/json']);
    expect(response.json()).toEqual({
      code: 'invalid_base64',
      error: '1 of 2 images cannot be read, so none was classified.',
      errors: [{ index: 1, message: expect.stringContaining('base64') }],
    });
  });
});

describe('POST /v2/models/frames/infer', () => {
  it.each([
    ['[2,28,28]', 'FP32', 1],
    ['[2,1,28,28]', 'FP64', 1],
    ['[2,784]', 'UINT8', 255],
  ])('takes frames of shape %s as %s', async (shape, datatype, ink) => {
    const frames = [...frameOf(6, ink), ...frameOf(8, ink)];
    const flat = { name: 'frame', datatype, shape: JSON.parse(shape), data: frames };
    expect(outputsOf(await inferJson({ inputs: [flat] }, 'frames'))['class']?.data).toEqual([6, 8]);
  });

  it('takes them as bytes, and bare', async () => {
    const packed = new Uint8Array(Float32Array.from(frameOf(3, 1)).buffer);
    const input = {
      name: 'frame',
      datatype: 'FP32',
      shape: [1, 28, 28],
      parameters: { binary_data_size: 3136 },
    };
    const { payload, headers } = withTensors({ inputs: [input] }, packed);
    expect(outputsOf(await infer(payload, headers, 'frames'))['class']?.data).toEqual([3]);
    const bare = await infer(Buffer.from(packed), { [HEADER]: '0' }, 'frames');
    expect(bare.rawPayload.readBigInt64LE(Number(bare.headers[HEADER]))).toBe(3n);
  });

  it('says what to do about values from 0 to 255', async () => {
    const inputs = [{ name: 'frame', datatype: 'FP32', shape: [1, 784], data: frameOf(3, 255) }];
    const response = await inferJson({ inputs }, 'frames');
    expect(response.statusCode).toBe(400);
    expect(response.json().error).toMatch(/divide by 255/);
  });
});

describe('what does not fit', () => {
  const image = { name: 'image', datatype: 'BYTES', shape: [1], data: ['AAAA'] };
  it.each<[string, unknown, number, string]>([
    ['no inputs', {}, 400, 'invalid_request'],
    ['inputs of a wrong type', { inputs: 3 }, 400, 'invalid_request'],
    ['null', null, 400, 'invalid_request'],
    ['no input', { inputs: [] }, 400, 'invalid_request'],
    ['two inputs', { inputs: [image, image] }, 400, 'invalid_request'],
    ['an input of another name', { inputs: [{ ...image, name: 'x' }] }, 400, 'invalid_request'],
    ['another datatype', { inputs: [{ ...image, datatype: 'FP32' }] }, 400, 'invalid_request'],
    ['a datatype that is none', { inputs: [{ ...image, datatype: '__proto__' }] }, 400, 'invalid_request'],
    ['a negative length', { inputs: [{ ...image, shape: [-1] }] }, 400, 'invalid_request'],
    ['half a length', { inputs: [{ ...image, shape: [0.5] }] }, 400, 'invalid_request'],
    ['a shape of another rank', { inputs: [{ ...image, shape: [1, 1, 1] }] }, 400, 'invalid_request'],
    ['a huge shape', { inputs: [{ ...image, shape: [1e15] }] }, 413, 'too_many_images'],
    ['too many images', { inputs: [{ ...image, shape: [9], data: [] }] }, 413, 'too_many_images'],
    ['too little data', { inputs: [{ ...image, shape: [2] }] }, 400, 'invalid_request'],
    ['data of another type', { inputs: [{ ...image, data: [5] }] }, 400, 'invalid_request'],
    ['data nested too deep', { inputs: [{ ...image, data: [['AAAA']] }] }, 400, 'invalid_request'],
    ['no data', { inputs: [{ ...image, data: undefined }] }, 400, 'invalid_request'],
    ['an output that is none', { inputs: [image], outputs: [{ name: 'x' }] }, 400, 'invalid_request'],
    [
      'an output twice',
      { inputs: [image], outputs: [{ name: 'class' }, { name: 'class' }] },
      400,
      'invalid_request',
    ],
    [
      'classes of what has none',
      { inputs: [image], outputs: [{ name: 'class', parameters: { classification: 1 } }] },
      400,
      'invalid_request',
    ],
    [
      'no classes',
      { inputs: [image], outputs: [{ name: 'probabilities', parameters: { classification: 0 } }] },
      400,
      'invalid_request',
    ],
    ['an id of a wrong type', { id: 5, inputs: [image] }, 400, 'invalid_request'],
    ['parameters of a wrong type', { parameters: [], inputs: [image] }, 400, 'invalid_request'],
    ['a wrong normalize', { parameters: { normalize: 'no' }, inputs: [image] }, 400, 'invalid_request'],
    ['a wrong timeout', { parameters: { timeout: -1 }, inputs: [image] }, 400, 'invalid_request'],
    [
      'bytes without the header',
      { inputs: [{ ...image, data: undefined, parameters: { binary_data_size: 0 } }] },
      400,
      'invalid_request',
    ],
  ])('refuses %s', async (_what, content, status, code) => {
    const response = await inferJson(content);
    expect([response.statusCode, response.json().code], response.body).toEqual([status, code]);
    expect(response.json().error).toMatch(/./);
    expect(response.headers['content-type']).toBe('application/json');
  });

  it.each(['-1', '1.5', 'x', '', '99999999999', '1000000', '0x1', '1,1'])(
    'refuses the length %s of the JSON part',
    async (length) => {
      const response = await infer('{"inputs":[]}', { [HEADER]: length });
      expect([response.statusCode, response.json().code]).toEqual([400, 'invalid_request']);
      expect(response.json().error).toContain('Inference-Header-Content-Length');
    },
  );

  it.each<[string, unknown, Buffer]>([
    ['too few', 100, Buffer.alloc(50)],
    ['too many', 10, Buffer.alloc(50)],
    ['a negative number of', -5, Buffer.alloc(5)],
    ['half a', 0.5, Buffer.alloc(1)],
    ['text as the number of', '5', Buffer.alloc(5)],
    ['a length beyond the', 8, Buffer.from([255, 255, 255, 255, 0, 0, 0, 0])],
    ['a part of a length in the', 2, Buffer.alloc(2)],
  ])('refuses %s bytes behind it', async (_what, size, bytes) => {
    const input = { name: 'image', datatype: 'BYTES', shape: [1], parameters: { binary_data_size: size } };
    const { payload, headers } = withTensors({ inputs: [input] }, bytes);
    const response = await infer(payload, headers);
    expect([response.statusCode, response.json().code], response.body).toEqual([400, 'invalid_request']);
  });

  it('refuses countless members, and an empty body', async () => {
    const many = await infer(`{"inputs":[${'[],'.repeat(200_000)}[]]}`);
    expect([many.statusCode, many.json().code]).toEqual([413, 'body_too_large']);
    const none = await infer('');
    expect([none.statusCode, none.json().code]).toEqual([400, 'malformed_json']);
  });
});
