import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { openInterpretedNetwork } from '../../src/interpreter/interpreted-network.js';
import { openPixelNetwork } from '../../src/model/runtime/pixel-network.js';
import { exportCascade, exportIntegerModel } from '../../src/quantization/graphs.js';
import type { IntegerConv, IntegerNetwork } from '../../src/quantization/integer-network.js';

const CONTRACT = { side: 12, outputs: [10, 11] };

/** Numbers that look random, from a number that says which. */
function stream(seed: number): () => number {
  let state = seed * 2654435761 + 1;
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) | 0;
    return ((state ^ (state >>> 12)) >>> 0) / 2 ** 32;
  };
}

interface Shape {
  readonly seed: number;
  readonly channels: number;
  readonly padding: number;
  readonly stride: number;
  readonly isPooled: boolean;
}

/** A quantized network of pictures of 12 x 12, of random numbers. */
function networkOf({ seed, channels, padding, stride, isPooled }: Shape): IntegerNetwork {
  const next = stream(seed);
  const integers = (length: number, most: number): number[] =>
    Array.from({ length }, () => Math.round((2 * next() - 1) * most));
  const floats = (length: number, most: number): Float32Array =>
    Float32Array.from({ length }, () => (2 * next() - 1) * most);
  const layer = (
    name: string,
    shape: readonly [number, number, number, number],
    others: { readonly stride: number; readonly padding: number; readonly readsAll: boolean },
  ): IntegerConv => ({
    kind: 'conv',
    name,
    shape,
    ...others,
    kernels: Int8Array.from(
      integers(
        shape.reduce((a, b) => a * b),
        64,
      ),
    ),
    bias: Int32Array.from(integers(shape[0], 4000)),
    weightScales: Float32Array.from({ length: shape[0] }, () => 0.001 + next() / 500),
    inputScale: Math.fround(0.02),
    outputScale: Math.fround(0.02),
  });
  const pooled = isPooled ? 5 : 10;
  const side = Math.floor((pooled + 2 * padding - 3) / stride) + 1;
  return {
    name: 'tiny',
    input: [1, 12, 12],
    first: {
      kind: 'conv',
      name: 'first',
      shape: [channels, 1, 3, 3],
      stride: 1,
      padding: 0,
      readsAll: false,
      kernels: floats(channels * 9, 1),
      bias: floats(channels, 0.3),
    },
    firstScale: Math.fround(0.02),
    layers: [
      ...(isPooled ? [{ kind: 'maxPool' as const }] : []),
      layer('middle', [channels + 1, channels, 3, 3], { stride, padding, readsAll: false }),
      layer('last', [6, channels + 1, side, side], { stride: 1, padding: 0, readsAll: true }),
    ],
    head: {
      kind: 'dense',
      name: 'head',
      shape: [6, 11],
      kernels: floats(66, 0.3),
      bias: floats(11, 0.3),
    },
  };
}

const shapes = fc.record({
  seed: fc.integer({ min: 0, max: 2 ** 20 }),
  channels: fc.integer({ min: 1, max: 20 }),
  padding: fc.integer({ min: 0, max: 1 }),
  stride: fc.integer({ min: 1, max: 2 }),
  isPooled: fc.boolean(),
});

/** How far two engines are apart on the same pictures, some of them blank. */
async function distance(bytes: Uint8Array, seed: number): Promise<number> {
  const own = openInterpretedNetwork(bytes, CONTRACT, 'own');
  const expected = await openPixelNetwork(bytes, CONTRACT, {}, 'expected');
  const fill = (input: Float32Array): void => {
    const next = stream(seed);
    for (let i = 0; i < input.length; i++) input[i] = i < 144 ? 0 : next();
  };
  const [a, b] = [await own.run(4, fill), await expected.run(4, fill)];
  await expected.close();
  return Math.max(...a.map((value, i) => Math.abs(value - (b[i] ?? NaN)) / (1 + Math.abs(value))));
}

describe('openInterpretedNetwork', () => {
  it('answers as ONNX Runtime, whatever the layers', async () => {
    await fc.assert(
      fc.asyncProperty(shapes, async (shape) => {
        const bytes = exportIntegerModel(networkOf(shape));
        expect(await distance(bytes, shape.seed)).toBeLessThan(1e-5);
      }),
      { numRuns: 30 },
    );
  });

  it.each([0, 0.2, 0.5, 1.1])(
    'answers as a cascade does whose first stage has to be %s sure',
    async (confidence) => {
      const shape = { channels: 5, padding: 1, stride: 1, isPooled: true };
      const first = networkOf({ ...shape, seed: 3 });
      const second = networkOf({ ...shape, seed: 4, channels: 16 });
      expect(await distance(exportCascade({ first, second, confidence }), 5)).toBeLessThan(1e-5);
    },
  );

  it('gives others their turn between images, where images take long', async () => {
    let nowMs = 0;
    const bytes = exportIntegerModel(
      networkOf({ seed: 1, channels: 2, padding: 0, stride: 1, isPooled: true }),
    );
    const network = openInterpretedNetwork(bytes, CONTRACT, 'own', () => (nowMs += 100));
    const seen: string[] = [];
    const running = network.run(3, (input) => input.fill(0.5)).then(() => seen.push('answered'));
    setImmediate(() => seen.push('another'));
    await running;
    expect(seen).toEqual(['another', 'answered']);
  });

  it('says what is expected of a file that is none, is cut off, or has another contract', () => {
    const file = new Uint8Array(readFileSync(new URL('../../models/thumbnail.int8.onnx', import.meta.url)));
    const open = (bytes: Uint8Array) => (): unknown => openInterpretedNetwork(bytes, CONTRACT, 'that');
    expect(open(file)).toThrow(/that is a model of another kind: expected pictures \[1,12,12\]/);
    expect(open(file.subarray(0, 5000))).toThrow(/that cannot be opened as an ONNX model \(5000 bytes\)/);
    expect(open(new Uint8Array(0))).toThrow(/has no input image/);
    expect(open(new TextEncoder().encode('<html>'))).toThrow(/cannot/);
  });

  it('names the operator of a float model that it does not know', () => {
    const file = readFileSync(new URL('../../models/mnist.onnx', import.meta.url));
    expect(() => openInterpretedNetwork(file, { side: 28, outputs: [11] }, 'floats')).toThrow(
      /its operator Cast is not known here|numbers of a type that is not known here/,
    );
  });
});
