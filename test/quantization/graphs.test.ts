import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Graph } from '../../src/onnx/graph.js';
import * as quantizedOps from '../../src/onnx/quantized-ops.js';
import { asConvNetwork, type FloatConv } from '../../src/quantization/conv-network.js';
import { exportIntegerModel } from '../../src/quantization/graphs.js';
import { quantizeNetwork } from '../../src/quantization/integer-network.js';
import { leastSquaresScale } from '../../src/quantization/scales.js';
import { observeActivations } from '../../src/quantization/observe.js';
import { convBlock, planNetwork, type Network } from '../../src/network/network.js';
import { gridPicturesToCalibrateOn, scenesToCalibrateOn } from '../../src/training/scenes/scene-sets.js';
import { drawnSet } from '../helpers/data/drawn-set.js';
import { fakePainter } from '../helpers/models/fake-painter.js';
import { runModel } from '../helpers/models/run-model.js';
import {
  integerConv,
  maxPool,
  quantize,
  sums,
  type IntegerConvCase,
  type Picture,
} from './integer-oracle.js';
import { madeUpWeights, smallFinderPlan, smallPlan, smallReaderPlan } from './networks.js';

/** @param values `[height,width,channels]` */
function pictureOf(values: ArrayLike<number>, channels: number, height: number, width: number): Picture {
  return Array.from({ length: channels }, (_c, c) =>
    Array.from({ length: height }, (_r, row) =>
      Array.from({ length: width }, (_x, column) => values[(row * width + column) * channels + c]!),
    ),
  );
}

/** As `pictureOf` takes it. */
function valuesOf(picture: Picture): number[] {
  return picture[0]!.flatMap((row, y) => row.flatMap((_, x) => picture.map((plane) => plane[y]![x]!)));
}

describe('qLinearConv', () => {
  const cases = fc
    .record({
      channels: fc.constantFrom(1, 3, 4, 8),
      outputs: fc.constantFrom(1, 5, 16, 32),
      kernel: fc.constantFrom(1, 2, 3),
      stride: fc.constantFrom(1, 2),
      padding: fc.constantFrom(0, 1),
      seed: fc.nat(),
    })
    .map(({ channels, outputs, kernel, stride, padding, seed }) => {
      const random = fc.sample(fc.integer({ min: 0, max: 2 ** 20 }), { seed, numRuns: 4096 });
      let place = 0;
      const next = (min: number, max: number): number =>
        min + (random[place++ % random.length]! % (max - min + 1));
      const weightScales = Float32Array.from({ length: outputs }, () => next(1, 9) / 1000);
      const conv: IntegerConvCase = {
        shape: [outputs, channels, kernel, kernel],
        kernels: Int8Array.from({ length: outputs * channels * kernel ** 2 }, () => next(-64, 64)),
        bias: Int32Array.from({ length: outputs }, () => next(-5000, 5000)),
        weightScales,
        inputScale: Math.fround(1 / 255),
        outputScale: Math.fround(0.02),
        stride,
        padding,
      };
      return { conv, pixels: Uint8Array.from({ length: channels * 36 }, () => next(0, 255)) };
    });

  it('gives the integers of plain loops, but for sums that lie between two', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async ({ conv, pixels }) => {
        const [outputs, channels] = conv.shape;
        const graph = new Graph('conv');
        const image = graph.input('image', ['N', 6, 6, channels]);
        const y = quantizedOps.qLinearConv(
          quantizedOps.quantizeLinear(image, conv.inputScale),
          graph.constant('weights', conv.shape, conv.kernels),
          {
            ...conv,
            bias: graph.constant('bias', [outputs], conv.bias),
            weightScales: graph.constant('scales', [outputs], conv.weightScales),
          },
        );
        graph.output('y', quantizedOps.dequantizeLinear(y, 1));
        const data = Float32Array.from(pixels, (pixel) => pixel / 255);
        const answer = await runModel(graph.toModel(), { image: { shape: [1, 6, 6, channels], data } });
        const x = pictureOf(pixels, channels, 6, 6);
        const expected = valuesOf(integerConv(x, conv));
        // Where the sum lies so near the middle of two integers that float32 may say either.
        const isTie = valuesOf(sums(x, conv)).map((sum, i) => {
          const steps = (sum * conv.inputScale * conv.weightScales[i % outputs]!) / conv.outputScale;
          return Math.abs(steps - Math.floor(steps) - 0.5) < 1e-3;
        });
        expect(answer['y']!.length).toBe(expected.length);
        answer['y']!.forEach((level, i) => {
          expect(Math.abs(level - expected[i]!)).toBeLessThanOrEqual(isTie[i] ? 1 : 0);
        });
      }),
      { numRuns: 25 },
    );
  });
});

describe('qMaxPool', () => {
  it('gives the largest of each square, and leaves out what fills none', async () => {
    const pixels = Uint8Array.from({ length: 5 * 7 * 3 }, (_, i) => (i * 97) % 256);
    const graph = new Graph('pool');
    const image = graph.input('image', ['N', 5, 7, 3]);
    const y = quantizedOps.qMaxPool(quantizedOps.quantizeLinear(image, 1), 2);
    expect(y.shape).toEqual(['N', 2, 3, 3]);
    graph.output('y', quantizedOps.dequantizeLinear(y, 1));
    const input = { shape: [1, 5, 7, 3], data: Float32Array.from(pixels) };
    const answer = await runModel(graph.toModel(), { image: input });
    expect(Array.from(answer['y']!)).toEqual(valuesOf(maxPool(pictureOf(pixels, 3, 5, 7))));
  });
});

/** What leaves its last convolution is a picture still. */
const convolutionsAlone: Network = {
  name: 'convolutions alone',
  layers: [
    ...convBlock(4, 5, { stride: 2, padding: 0 }),
    ...convBlock(8, 3, { stride: 2 }),
    { kind: 'flatten' },
    { kind: 'dense', units: 11 },
  ],
};

describe('exportIntegerModel', () => {
  const frames = drawnSet(20, 3).frames;
  it.each([
    ['', smallPlan(11), frames],
    [', pairs of columns taken for one', smallPlan(11, 0), frames],
    [', the last of them of pictures', planNetwork(convolutionsAlone), frames],
    [' from views', smallReaderPlan(), scenesToCalibrateOn(fakePainter(), 'view', 6)],
    [
      ', a convolution the last, from overviews',
      smallFinderPlan(),
      gridPicturesToCalibrateOn(fakePainter(), 'overview', 6),
    ],
  ])('gives the logits of the integers in plain loops%s', async (_, plan, pictures) => {
    const { outputs } = plan;
    const [, side = 0] = plan.input;
    const network = asConvNetwork(plan, madeUpWeights(plan));
    const scales = (await observeActivations(network, pictures)).map(leastSquaresScale);
    const integers = quantizeNetwork(network, scales);
    const data = Float32Array.from(pictures.pixels, (pixel) => pixel / 255);
    const { logits } = await runModel(exportIntegerModel(integers), {
      image: { shape: [pictures.count, 1, side, side], data },
    });
    let largest = 0;
    for (let image = 0; image < pictures.count; image++) {
      const expected = oracleLogits(integers, data.subarray(image * side ** 2, (image + 1) * side ** 2));
      expect(expected.length).toBe(outputs);
      expected.forEach((value, i) => {
        largest = Math.max(largest, Math.abs(value));
        // An activation that float32 rounds the other way moves a logit by a fraction of a step.
        expect(Math.abs(logits![image * outputs + i]! - value)).toBeLessThan(0.02);
      });
    }
    expect(largest).toBeGreaterThan(0.1);
  });
});

function oracleLogits(
  { input: [, side], first, firstScale, layers, head }: ReturnType<typeof quantizeNetwork>,
  pixels: Float32Array,
): number[] {
  let x = floatConv(pictureOf(pixels, 1, side, side), first).map((plane) =>
    plane.map((row) => row.map((value) => quantize(Math.max(0, value), firstScale))),
  );
  let real: number[] = x.flat(2).map((level) => level * firstScale);
  let isReal = false;
  let scale = firstScale;
  for (const layer of layers) {
    if (layer.kind === 'maxPool') x = maxPool(x);
    else {
      if (isReal) x = real.map((value) => [[quantize(value, scale)]]);
      if (layer.readsAll) {
        real = sums(x, layer)
          .flat(2)
          .map((sum, o) => Math.max(0, sum * layer.inputScale * layer.weightScales[o]!));
      } else {
        x = integerConv(x, layer);
        real = x.flat(2).map((level) => level * layer.outputScale);
      }
      isReal = layer.readsAll;
      scale = layer.outputScale;
    }
  }
  if (head.kind === 'conv') {
    const floats = x.map((plane) => plane.map((row) => row.map((level) => level * scale)));
    return floatConv(floats, head).flat(2);
  }
  const [units, outputs] = head.shape;
  expect(real.length).toBe(units);
  return Array.from({ length: outputs }, (_, o) =>
    real.reduce((sum, value, i) => sum + value * head.kernels[i * outputs + o]!, head.bias[o]!),
  );
}

function floatConv(x: Picture, { shape, kernels, bias, stride, padding }: FloatConv): Picture {
  const plain = { shape, stride, padding, inputScale: 1, outputScale: 1, weightScales: new Float32Array() };
  // The loops of the oracle are of no type: floats pass as integers do.
  const floats = { ...plain, kernels, bias } as unknown as IntegerConvCase;
  return sums(x, floats);
}
