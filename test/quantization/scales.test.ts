import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asConvNetwork } from '../../src/quantization/conv-network.js';
import { LARGEST_WEIGHT, quantizeNetwork } from '../../src/quantization/integer-network.js';
import { leastSquaresScale, quantizeKernels, squaredError } from '../../src/quantization/scales.js';
import { madeUpWeights, smallPlan } from './networks.js';

const weight = fc.float({ min: -8, max: 8, noNaN: true });

describe('quantizeKernels', () => {
  it('gives every channel a positive scale of its own, and every weight back within half a step', () => {
    const kernels = fc
      .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 12 }))
      .chain(([channels, size]) =>
        fc.tuple(
          fc.constant(channels),
          fc.array(weight, { minLength: channels * size, maxLength: channels * size }),
        ),
      );
    fc.assert(
      fc.property(kernels, ([channels, values]) => {
        const floats = Float32Array.from(values);
        const { integers, scales } = quantizeKernels(
          floats,
          LARGEST_WEIGHT,
          Array.from({ length: channels }, () => 1e-9),
        );
        const perChannel = floats.length / channels;
        expect(scales.length).toBe(channels);
        for (const scale of scales) expect(scale).toBeGreaterThan(0);
        floats.forEach((value, i) => {
          const scale = scales[Math.floor(i / perChannel)]!;
          expect(Math.abs(integers[i]!)).toBeLessThanOrEqual(LARGEST_WEIGHT);
          // The scale itself was rounded to a float.
          expect(Math.abs(integers[i]! * scale - value)).toBeLessThanOrEqual(scale * (0.5 + 1e-5));
        });
      }),
    );
  });

  it('uses the whole range of a channel', () => {
    const { integers } = quantizeKernels(Float32Array.of(0.5, -0.25, 0, -3, 1.5, 0), 64, [1e-9, 1e-9]);
    expect([...integers]).toEqual([64, -32, 0, -64, 32, 0]);
  });

  it('keeps to the smallest scale that a channel may have', () => {
    expect(quantizeKernels(Float32Array.of(0, 0, 1, -0.5), 64, [0.25, 0.25])).toEqual({
      integers: Int8Array.of(0, 0, 4, -2),
      scales: Float32Array.of(0.25, 0.25),
    });
  });

  it('never makes two products with an activation that do not fit into 16 bits', () => {
    expect(2 * 255 * LARGEST_WEIGHT).toBeLessThan(2 ** 15);
    // With the next one they would not: no step is given away.
    expect(2 * 255 * (LARGEST_WEIGHT + 1)).toBeGreaterThanOrEqual(2 ** 15);
  });
});

describe('quantizeNetwork', () => {
  it('uses all of the weights that there may be', () => {
    const network = asConvNetwork(smallPlan(), madeUpWeights(smallPlan()));
    const quantized = quantizeNetwork(network, [0.01, 0.01, 0.01, 0.01, 0.01]);
    const convs = quantized.layers.filter((layer) => layer.kind === 'conv');
    expect(convs.length).toBe(4);
    for (const { kernels, shape } of convs) {
      const perChannel = kernels.length / shape[0];
      for (let channel = 0; channel < shape[0]; channel++) {
        const own = kernels.subarray(channel * perChannel, (channel + 1) * perChannel);
        expect(own.reduce((most, value) => Math.max(most, Math.abs(value)), 0)).toBe(64);
      }
    }
  });

  it('keeps the bias of a channel that has next to no weights', () => {
    const conv = {
      kind: 'conv',
      name: 'conv',
      shape: [1, 1, 1, 1],
      kernels: Float32Array.of(1e-30),
      bias: Float32Array.of(0.7),
      stride: 1,
      padding: 0,
      readsAll: false,
    } as const;
    const head = { kind: 'dense', name: 'head', shape: [1, 10], kernels: new Float32Array(10) } as const;
    const network = {
      name: 'n',
      input: [1, 1, 1],
      layers: [conv, conv],
      head: { ...head, bias: new Float32Array(10) },
    } as const;
    const [layer] = quantizeNetwork(network, [0.01, 0.02]).layers;
    if (layer?.kind !== 'conv') throw new Error('expected a convolution');
    expect(layer.bias[0]! * layer.inputScale * layer.weightScales[0]!).toBeCloseTo(0.7, 6);
    expect(layer.bias[0]).toBeLessThan(2 ** 30 + 100);
  });
});

describe('squaredError', () => {
  it('takes a value for the middle of its bin', () => {
    // 1.5, rounded to 2.
    expect(squaredError({ max: 4, counts: Float64Array.of(0, 3, 0, 0) }, 1)).toBe(3 * 0.25);
  });
});

describe('leastSquaresScale', () => {
  const histogramOf = (counts: readonly number[], max: number) => ({
    max,
    counts: Float64Array.from(counts),
  });

  it('keeps the whole range of values that are spread evenly', () => {
    const counts = Array.from({ length: 2048 }, () => 1);
    expect(leastSquaresScale(histogramOf(counts, 5))).toBeCloseTo(5 / 255, 3);
  });

  it('cuts off what is rare and far away', () => {
    const counts = Array.from({ length: 2048 }, (_, bin) => (bin < 1024 ? 1000 : bin === 2047 ? 1 : 0));
    const scale = leastSquaresScale(histogramOf(counts, 4));
    expect(scale).toBeGreaterThan(1.9 / 255);
    expect(scale).toBeLessThan(3 / 255);
  });

  it('has no larger error than the whole range has, and is positive', () => {
    const histograms = fc.tuple(
      fc.array(fc.nat(1000), { minLength: 300, maxLength: 300 }),
      fc.double({ min: 1e-3, max: 1e3, noNaN: true }),
    );
    fc.assert(
      fc.property(histograms, ([counts, max]) => {
        const histogram = histogramOf(counts, max);
        const scale = leastSquaresScale(histogram);
        expect(scale).toBeGreaterThan(0);
        expect(scale * 255).toBeLessThanOrEqual(max * (1 + 1e-9));
        expect(squaredError(histogram, scale)).toBeLessThanOrEqual(squaredError(histogram, max / 255));
      }),
      { numRuns: 20 },
    );
  });

  it('gives an activation that was always 0 any scale', () => {
    expect(leastSquaresScale(histogramOf([0, 0], 0))).toBe(1);
  });
});
