import fc from 'fast-check';
import type { IntegerConv, IntegerNetwork } from '../../src/quantization/integer-network.js';

/** Numbers that look random, from a number that says which. */
export function stream(seed: number): () => number {
  let state = seed * 2654435761 + 1;
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) | 0;
    return ((state ^ (state >>> 12)) >>> 0) / 2 ** 32;
  };
}

export interface Shape {
  readonly seed: number;
  readonly channels: number;
  readonly padding: number;
  readonly stride: number;
  readonly isPooled: boolean;
}

/** A quantized network of pictures of 12 x 12, of random numbers. */
export function networkOf({ seed, channels, padding, stride, isPooled }: Shape): IntegerNetwork {
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

export const networkShapes = fc.record({
  seed: fc.integer({ min: 0, max: 2 ** 20 }),
  channels: fc.integer({ min: 1, max: 20 }),
  padding: fc.integer({ min: 0, max: 1 }),
  stride: fc.integer({ min: 1, max: 2 }),
  isPooled: fc.boolean(),
});
