import { describe, expect, it } from 'vitest';
import * as gradients from '../../src/onnx/gradients.js';
import { Graph, type Value } from '../../src/onnx/graph.js';
import * as ops from '../../src/onnx/ops.js';
import * as pictureOps from '../../src/onnx/picture-ops.js';
import { createRandom, normal } from '../../src/random.js';
import * as naive from '../helpers/models/naive-layers.js';
import { runModel } from '../helpers/models/run-model.js';

/** float32 rounding of sums of this length; a wrong formula is off by orders of magnitude more. */
const TOLERANCE = 2e-5;

const random = createRandom(7);
const randomTensor = (...shape: number[]): naive.Tensor =>
  naive.tensor(shape, () => Math.fround(normal(random)));

/** sum(dy * f) in float64: a scalar whose gradient by f's output is dy. */
function weightedSum(y: naive.Tensor, dy: naive.Tensor): number {
  return y.data.reduce((sum, value, i) => sum + value * dy.data[i]!, 0);
}

/** Builds a graph over the given tensors and compares each output with what the oracle expects. */
async function check(
  inputs: Record<string, naive.Tensor>,
  build: (values: Record<string, Value>) => Record<string, Value>,
  expected: Record<string, ArrayLike<number>>,
): Promise<void> {
  const graph = new Graph('check');
  const values = Object.fromEntries(
    Object.entries(inputs).map(([name, { shape }]) => [name, graph.input(name, shape)]),
  );
  for (const [name, value] of Object.entries(build(values))) graph.output(name, value);
  const outputs = await runModel(
    graph.toModel(),
    Object.fromEntries(
      Object.entries(inputs).map(([name, { shape, data }]) => [
        name,
        { shape, data: Float32Array.from(data) },
      ]),
    ),
  );
  for (const [name, oracle] of Object.entries(expected)) {
    expect(naive.relativeError(outputs[name] ?? [], oracle), name).toBeLessThan(TOLERANCE);
  }
}

const given = (value: Value | undefined): Value => {
  if (!value) throw new Error('missing input');
  return value;
};

describe('convolution', () => {
  it.each([
    { kernel: 1, stride: 1, padding: 0, channels: 3 },
    { kernel: 3, stride: 1, padding: 1, channels: 3 },
    { kernel: 3, stride: 1, padding: 1, channels: 1 },
    { kernel: 5, stride: 1, padding: 2, channels: 2 },
    { kernel: 3, stride: 1, padding: 0, channels: 2 },
    { kernel: 5, stride: 1, padding: 1, channels: 2 },
    { kernel: 3, stride: 2, padding: 1, channels: 2 },
    { kernel: 5, stride: 2, padding: 2, channels: 1 },
    { kernel: 2, stride: 2, padding: 0, channels: 3 },
    { kernel: 4, stride: 3, padding: 1, channels: 2 },
  ])('kernel $kernel, stride $stride, padding $padding, $channels channels', async (shape) => {
    const { kernel, stride, padding, channels } = shape;
    const x = randomTensor(2, channels, 7, 6);
    const weights = randomTensor(4, channels, kernel, kernel);
    const bias = randomTensor(4);
    const forward = (): naive.Tensor => naive.conv(x, weights, stride, padding, bias);
    const dy = randomTensor(...forward().shape);
    const loss = (): number => weightedSum(forward(), dy);
    await check(
      { x, weights, bias, dy },
      (v) => ({
        y: pictureOps.conv(given(v['x']), given(v['weights']), { stride, padding, bias: given(v['bias']) }),
        dx: gradients.convInputGradient(given(v['dy']), given(v['weights']), [7, 6], { stride, padding }),
        dWeights: gradients.convWeightGradient(given(v['dy']), given(v['x']), kernel, { stride, padding }),
        dBias: gradients.channelSums(given(v['dy'])),
      }),
      {
        y: forward().data,
        dx: naive.centralDifferences(x, loss),
        dWeights: naive.centralDifferences(weights, loss),
        dBias: naive.centralDifferences(bias, loss),
      },
    );
  });
});

describe('batch norm', () => {
  it('gives the gradients by input, scale and shift, and the statistics it used', async () => {
    const x = randomTensor(3, 4, 5, 6);
    // Far from zero mean, where a careless variance loses digits.
    for (let i = 0; i < x.data.length; i++) x.data[i] = Math.fround(3 * x.data[i]! + 5);
    const scale = randomTensor(4);
    const shift = randomTensor(4);
    const dy = randomTensor(3, 4, 5, 6);
    const forward = (): naive.Tensor => naive.batchNorm(x, scale, shift, 1e-5);
    const loss = (): number => weightedSum(forward(), dy);
    const channel = (c: number): number[] => [...x.data].filter((_, i) => Math.floor(i / 30) % 4 === c);
    const means = [0, 1, 2, 3].map((c) => channel(c).reduce((a, b) => a + b, 0) / 90);
    await check(
      { x, scale, shift, dy },
      (v) => {
        const norm = gradients.batchNormalize(given(v['x']), given(v['scale']), given(v['shift']), 1e-5);
        const { dx, dScale, dShift } = norm.gradient(given(v['dy']));
        return { y: norm.y, mean: norm.mean, variance: norm.variance, dx, dScale, dShift };
      },
      {
        y: forward().data,
        mean: means,
        variance: [0, 1, 2, 3].map(
          (c) => channel(c).reduce((sum, value) => sum + (value - means[c]!) ** 2, 0) / 90,
        ),
        dx: naive.centralDifferences(x, loss),
        dScale: naive.centralDifferences(scale, loss),
        dShift: naive.centralDifferences(shift, loss),
      },
    );
  });
});

describe('relu', () => {
  it('passes the gradient where the output is above zero', async () => {
    const x = randomTensor(2, 30);
    const dy = randomTensor(2, 30);
    await check({ x, dy }, (v) => ({ dx: gradients.reluGradient(given(v['dy']), ops.relu(given(v['x']))) }), {
      dx: naive.centralDifferences(x, () => weightedSum(naive.relu(x), dy)),
    });
  });
});

describe('max pool', () => {
  it.each([
    [8, 6],
    [7, 7],
    [3, 2],
  ])('of %ix%i', async (height, width) => {
    const x = randomTensor(2, 3, height, width);
    const forward = (): naive.Tensor => naive.maxPool(x);
    const dy = randomTensor(...forward().shape);
    await check(
      { x, dy },
      (v) => {
        const { y, gradient } = gradients.maxPool2(given(v['x']));
        return { y, onnx: pictureOps.maxPool(given(v['x']), 2), dx: gradient(given(v['dy'])) };
      },
      {
        y: forward().data,
        onnx: forward().data,
        dx: naive.centralDifferences(x, () => weightedSum(forward(), dy)),
      },
    );
  });

  it('gives each gradient to exactly one of four equal values', async () => {
    const x = naive.tensor([1, 2, 4, 4], () => 0.5);
    const dy = randomTensor(1, 2, 2, 2);
    const graph = new Graph('ties');
    const { gradient } = gradients.maxPool2(graph.input('x', x.shape));
    graph.output('dx', gradient(graph.input('dy', dy.shape)));
    const { dx = new Float32Array() } = await runModel(graph.toModel(), {
      x: { shape: x.shape, data: [...x.data] },
      dy: { shape: dy.shape, data: [...dy.data] },
    });
    expect([...dx].filter((value) => value !== 0).toSorted()).toEqual(
      [...Float32Array.from(dy.data)].toSorted(),
    );
  });
});

describe('softmax cross-entropy', () => {
  it('gives the loss and its gradient by the logits', async () => {
    const logits = randomTensor(5, 10);
    const target = naive.tensor([5, 10], (i) => (i % 10 === 3 ? 0.82 : 0.02));
    const loss = (): number => naive.crossEntropy(logits, target);
    await check(
      { logits, target },
      (v) =>
        gradients.softmaxCrossEntropy(given(v['logits']), given(v['target'])) satisfies Record<string, Value>,
      { loss: [loss()], dLogits: naive.centralDifferences(logits, loss) },
    );
  });

  it('stays finite for logits that overflow an exponential', async () => {
    const logits = naive.tensor([1, 10], (i) => (i === 0 ? 2000 : -2000));
    const target = naive.tensor([1, 10], (i) => (i === 1 ? 1 : 0));
    await check(
      { logits, target },
      (v) => ({ loss: gradients.softmaxCrossEntropy(given(v['logits']), given(v['target'])).loss }),
      { loss: [4000] },
    );
  });
});
