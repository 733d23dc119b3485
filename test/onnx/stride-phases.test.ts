import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stridePhases } from '../../src/onnx/stride-phases.js';

/**
 * What a strided convolution's gradient is by its definition: output i gives tap k of its gradient to place `stride * i
 * + k - padding`.
 */
function scattered(
  dy: readonly number[],
  weights: readonly number[],
  size: number,
  stride: number,
  padding: number,
): number[] {
  const dx = Array.from({ length: size }, () => 0);
  dy.forEach((d, i) =>
    weights.forEach((weight, k) => {
      const place = stride * i + k - padding;
      if (place >= 0 && place < size) dx[place]! += d * weight;
    }),
  );
  return dx;
}

describe('stridePhases', () => {
  it('gives what each output scatters to the places that it read', () => {
    fc.assert(
      fc.property(
        fc.record({
          kernel: fc.integer({ min: 1, max: 6 }),
          stride: fc.integer({ min: 1, max: 4 }),
          padding: fc.integer({ min: 0, max: 3 }),
          outSize: fc.integer({ min: 1, max: 7 }),
        }),
        ({ kernel, stride, padding, outSize }) => {
          const size = stride * outSize;
          // Only sizes that the convolution gives.
          fc.pre(Math.floor((size + 2 * padding - kernel) / stride) + 1 === outSize);
          const phases = stridePhases(size, outSize, { kernel, stride, padding });
          fc.pre(phases !== null);
          const dy = Array.from({ length: outSize }, (_, i) => 3 * i + 1);
          const weights = Array.from({ length: kernel }, (_, k) => 7 ** k);
          const gathered = Array.from({ length: size }, (_, place) => {
            const { taps = [], before = 0 } = phases?.[place % stride] ?? {};
            const from = Math.floor(place / stride) - before;
            return taps.reduce((sum, tap, i) => sum + weights[tap]! * (dy[from + i] ?? 0), 0);
          });
          expect(gathered).toEqual(scattered(dy, weights, size, stride, padding));
        },
      ),
    );
  });

  it('has a form for the strides of the networks, none for steps that do not divide the axis or are too wide', () => {
    expect(stridePhases(64, 32, { kernel: 3, stride: 2, padding: 1 })).toEqual([
      { taps: [1], before: 0 },
      { taps: [2, 0], before: 0 },
    ]);
    expect(stridePhases(7, 4, { kernel: 3, stride: 2, padding: 1 })).toBeNull();
    expect(stridePhases(8, 4, { kernel: 1, stride: 2, padding: 0 })).toBeNull();
  });
});
