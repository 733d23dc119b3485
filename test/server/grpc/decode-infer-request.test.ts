import { fileURLToPath } from 'node:url';
import { loadSync } from '@grpc/proto-loader';
import type { ServiceDefinition } from '@grpc/grpc-js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InkdigitError } from '../../../src/errors.js';
import { decodeGrpcRequest } from '../../../src/server/grpc/decode-infer-request.js';

const file = fileURLToPath(new URL('../../../proto/inference.proto', import.meta.url));
const service = loadSync(file, { keepCase: true })['inference.GRPCInferenceService'] as ServiceDefinition;
const serialize = service['ModelInfer']!.requestSerialize;

const MAX_ELEMENTS = 10_000;

describe('decodeGrpcRequest', () => {
  it('reads what protobufjs writes', () => {
    const name = fc.string({ unit: 'grapheme', maxLength: 10 });
    const shape = fc.array(fc.integer({ min: -5, max: 1000 }), { maxLength: 4 });
    const input = fc.record({
      name,
      shape,
      content: fc.oneof(
        fc.array(fc.uint8Array({ maxLength: 20 }), { minLength: 1, maxLength: 5 }),
        fc.array(fc.float({ noNaN: true }), { maxLength: 5 }),
      ),
    });
    const request = fc.record({ model: name, id: name, inputs: fc.array(input, { maxLength: 3 }) });
    fc.assert(
      fc.property(request, ({ model, id, inputs }) => {
        const bytes = serialize({
          model_name: model,
          id,
          inputs: inputs.map((one) => ({
            name: one.name,
            shape: one.shape,
            datatype: 'X',
            contents: one.content.some((value) => typeof value !== 'number')
              ? { bytes_contents: one.content }
              : { fp32_contents: one.content },
          })),
          parameters: { a: { int64_param: -3 }, b: { string_param: 'x' }, __proto__: { bool_param: true } },
        });
        const decoded = decodeGrpcRequest(bytes, MAX_ELEMENTS);
        expect(decoded).toMatchObject({ modelName: model, id, isRaw: false, outputs: undefined });
        expect(decoded.parameters).toMatchObject({ a: -3, b: 'x' });
        decoded.inputs.forEach((tensor, i) => {
          expect([tensor.name, tensor.shape]).toEqual([inputs[i]?.name, inputs[i]?.shape]);
          const values = 'values' in tensor.content ? [...tensor.content.values] : [];
          // Views of a Buffer are Buffers.
          const plain = values.map((value) =>
            value instanceof Uint8Array ? Uint8Array.from(value) : value,
          );
          expect(plain).toEqual(inputs[i]?.content);
        });
      }),
    );
  });

  it('refuses other bytes by name, or reads them', () => {
    const message = serialize({
      model_name: 'digits',
      inputs: [{ name: 'image', datatype: 'BYTES', shape: [1], contents: { bytes_contents: [Buffer.from('x')] } }],
      outputs: [{ name: 'class', parameters: { classification: { int64_param: 1 } } }],
    });
    const changed = fc
      .tuple(fc.nat({ max: message.length - 1 }), fc.integer({ min: 0, max: 255 }), fc.nat({ max: message.length }))
      .map(([at, value, length]) => {
        const bytes = Buffer.from(message);
        bytes[at] = value;
        return bytes.subarray(0, length);
      });
    fc.assert(
      fc.property(fc.oneof(changed, fc.uint8Array({ maxLength: 200 })), (bytes) => {
        try {
          decodeGrpcRequest(bytes, MAX_ELEMENTS);
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(InkdigitError);
          expect((thrown as InkdigitError).code).toBe('invalid_request');
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ['inputs', Buffer.alloc(100_000, '2a00', 'hex')],
    ['parameters', Buffer.alloc(100_000, '2200', 'hex')],
    ['raw contents', Buffer.alloc(100_000, '3a00', 'hex')],
    ['unknown fields', Buffer.alloc(100_000, '7801', 'hex')],
    ['elements of BYTES', wrapped(Buffer.alloc(60_000, '4200', 'hex'))],
    ['elements of a shape', nested(0x2a, Buffer.alloc(60_000, '1801', 'hex'))],
  ])('bounds %s', (_what, bytes) => {
    expect(() => decodeGrpcRequest(bytes, MAX_ELEMENTS)).toThrow(/too many fields|more elements/);
  });
});

/** A message within another. @param tag of its field */
function nested(tag: number, message: Buffer): Buffer {
  const length: number[] = [];
  for (let rest = message.length; length.length === 0 || rest > 0; rest >>>= 7) {
    length.push((rest & 127) | (rest > 127 ? 128 : 0));
  }
  return Buffer.concat([Buffer.from([tag, ...length]), message]);
}

/** As the contents of an input. */
function wrapped(contents: Buffer): Buffer {
  return nested(0x2a, nested(0x2a, contents));
}
