import { beforeAll, describe, expect, it } from 'vitest';
import { exportModel } from '../../../src/network/export.js';
import { conv, convBlock, planNetwork, type Layer, type Network } from '../../../src/network/network.js';
import { createRandom, normal } from '../../../src/random.js';
import { detectNchwcBlockSize } from '../../../src/training/run/nchwc-block-size.js';
import { BATCH_NORM_EPSILON } from '../../../src/network/folded-network.js';
import { invertIndices } from '../../../src/training/graph/parameter-layouts.js';
import { buildTrainingGraph } from '../../../src/training/graph/training-graph.js';
import * as naive from '../../helpers/models/naive-layers.js';
import { runModel } from '../../helpers/models/run-model.js';

const MICROBATCH = 3;

/** Every kind of layer, every path of its gradient: strided, unpadded, with and without bias, odd pools. */
const small: Network = {
  name: 'small',
  layers: [
    conv(2, 5, { stride: 2, padding: 2, bias: true }),
    { kind: 'relu' },
    ...convBlock(3, 3),
    { kind: 'maxPool' },
    ...convBlock(3, 3),
    { kind: 'maxPool' },
    ...convBlock(5, 3, { padding: 0 }),
    { kind: 'flatten' },
    { kind: 'dropout', rate: 0.4 },
    { kind: 'dense', units: 10 },
  ],
};

/** Ends in a global average pool, and a batch norm that no convolution stands before. */
const averaged: Network = {
  name: 'averaged',
  layers: [
    { kind: 'maxPool' },
    { kind: 'batchNorm' },
    ...convBlock(4, 3, { stride: 2, padding: 1 }),
    { kind: 'globalAveragePool' },
    { kind: 'dense', units: 6 },
    { kind: 'relu' },
    { kind: 'dense', units: 10 },
  ],
};

interface Case {
  readonly loss: number;
  readonly gradients: Float32Array;
  readonly logits: Float32Array;
  readonly statistics: Float32Array;
  readonly parameters: naive.Tensor;
  readonly images: naive.Tensor;
  readonly naiveLoss: () => number;
}

/** Runs the training graph once on random numbers, and sets the float64 oracle up on the same ones. */
async function runOnce(
  network: Network,
  { dropout = true, microbatch = MICROBATCH, block = null as number | null } = {},
): Promise<Case> {
  const random = createRandom(11);
  const plan = planNetwork(network);
  const images = naive.tensor([microbatch, 1, 28, 28], () => Math.fround(random()));
  const target = naive.tensor([microbatch, 10], (i) =>
    i % 10 === (Math.floor(i / 10) * 3) % 10 ? 0.91 : 0.01,
  );
  const parameters = naive.tensor([plan.parameterCount], () => Math.fround(0.5 * normal(random)));
  const { model, dropoutMasks, parameterNumbers, gradientIndices } = buildTrainingGraph(
    plan,
    microbatch,
    block,
  );
  const masks = dropoutMasks.map((mask) =>
    naive.tensor(mask.shape, () =>
      dropout ? (random() < mask.rate ? 0 : Math.fround(1 / (1 - mask.rate))) : 1,
    ),
  );
  const asInput = ({ shape, data }: naive.Tensor): { shape: readonly number[]; data: Float32Array } => ({
    shape,
    data: Float32Array.from(data),
  });
  const outputs = await runModel(model, {
    image: asInput(images),
    target: asInput(target),
    parameters: asInput(
      naive.tensor(
        [parameterNumbers.length],
        (i) => parameters.data[gradientIndices[parameterNumbers[i]!]!]!,
      ),
    ),
    ...Object.fromEntries(dropoutMasks.map(({ name }, i) => [name, asInput(masks[i] ?? images)])),
  });

  const naiveLoss = (): number => {
    let x = images;
    const unusedMasks = [...masks];
    plan.layers.forEach(({ layer, parameters: slots }) => {
      const [a, b] = slots.map(({ shape, offset, size }) => ({
        shape,
        data: parameters.data.subarray(offset, offset + size),
      }));
      x = naiveForward(layer, x, a, b, unusedMasks);
    });
    return naive.crossEntropy(x, target);
  };
  const { loss, logits, statistics } = outputs;
  const gradients = Float32Array.from(
    invertIndices(gradientIndices),
    (number) => outputs['gradients']?.[number] ?? NaN,
  );
  if (!loss || !logits || !statistics) throw new Error('an output is missing');
  return { loss: loss[0] ?? NaN, gradients, logits, statistics, parameters, images, naiveLoss };
}

function naiveForward(
  layer: Layer,
  x: naive.Tensor,
  a: naive.Tensor | undefined,
  b: naive.Tensor | undefined,
  masks: naive.Tensor[],
): naive.Tensor {
  const none = naive.tensor([0], () => 0);
  switch (layer.kind) {
    case 'conv':
      return naive.conv(x, a ?? none, layer.stride, layer.padding, b);
    case 'batchNorm':
      return naive.batchNorm(x, a ?? none, b ?? none, BATCH_NORM_EPSILON);
    case 'relu':
      return naive.relu(x);
    case 'maxPool':
      return naive.maxPool(x);
    case 'globalAveragePool':
      return naive.globalAveragePool(x);
    case 'flatten':
      return naive.flatten(x);
    case 'dropout':
      return naive.multiply(x, masks.shift() ?? none);
    case 'dense':
      return naive.dense(x, a ?? none, b ?? none);
  }
}

describe.each([small, averaged])('the training graph of the network $name', (network) => {
  let result: Case;
  beforeAll(async () => {
    result = await runOnce(network);
  });

  it('gives the loss of the float64 oracle', () => {
    expect(result.loss).toBeCloseTo(result.naiveLoss(), 5);
  });

  it('gives the gradient of the float64 oracle by every parameter', () => {
    const expected = naive.centralDifferences(result.parameters, result.naiveLoss);
    for (const { name, offset, size } of planNetwork(network).parameters) {
      const [actual, oracle] = [result.gradients, expected].map((all) => all.subarray(offset, offset + size));
      // The bias-like gradients in front of a batch norm are zero in truth: measured against the largest of all.
      const scale = Math.max(...expected.map(Math.abs));
      const worst = Math.max(
        ...Array.from(oracle ?? [], (value, i) => Math.abs(value - (actual?.[i] ?? NaN))),
      );
      expect(worst / scale, name).toBeLessThan(1e-5);
    }
  });
});

/** Every layer that has a layout in blocks of 16 (and of 8) channels, with plain ones in between. */
const blocks: Network = {
  name: 'blocks',
  layers: [
    conv(16, 5, { stride: 2 }),
    { kind: 'relu' },
    conv(32, 3),
    { kind: 'batchNorm' },
    { kind: 'relu' },
    { kind: 'maxPool' },
    ...convBlock(16, 3, { padding: 0 }),
    ...convBlock(16, 1),
    { kind: 'maxPool' },
    ...convBlock(6, 3),
    ...convBlock(32, 2, { padding: 1 }),
    ...convBlock(16, 2, { stride: 2, padding: 0 }),
    { kind: 'flatten' },
    { kind: 'dropout', rate: 0.4 },
    { kind: 'dense', units: 10 },
  ],
};

const pooledBlocks: Network = {
  name: 'pooled blocks',
  layers: [
    { kind: 'maxPool' },
    ...convBlock(16, 3, { stride: 2, padding: 0 }),
    ...convBlock(32, 3, { padding: 0 }),
    { kind: 'globalAveragePool' },
    { kind: 'dense', units: 10 },
  ],
};

/** Strides behind the first convolution: of whole phases, and of pictures that they do not divide. */
const stridedBlocks: Network = {
  name: 'strided blocks',
  layers: [
    ...convBlock(16, 3),
    ...convBlock(32, 3, { stride: 2 }),
    conv(16, 2, { stride: 2, padding: 0 }),
    { kind: 'relu' },
    ...convBlock(16, 2, { padding: 1 }),
    ...convBlock(32, 5, { stride: 4, padding: 2 }),
    ...convBlock(16, 3),
    { kind: 'flatten' },
    { kind: 'dense', units: 10 },
  ],
};

describe('the training graph in blocks of channels', async () => {
  const block = await detectNchwcBlockSize();

  it.skipIf(block === null).each([blocks, pooledBlocks, stridedBlocks])(
    'gives for the network $name what standard operators give',
    async (network) => {
      const plain = await runOnce(network, { microbatch: 16 });
      const inBlocks = await runOnce(network, { microbatch: 16, block });
      expect(inBlocks.loss).toBeCloseTo(plain.loss, 5);
      for (const output of ['logits', 'statistics', 'gradients'] as const) {
        expect(naive.relativeError(inBlocks[output], plain[output]), output).toBeLessThan(1e-5);
      }
      const graphs = [null, block].map((b) => buildTrainingGraph(planNetwork(network), 16, b).model);
      const isBlocked = graphs.map((model) => Buffer.from(model).includes('com.microsoft.nchwc'));
      expect(isBlocked).toEqual([false, true]);
    },
  );

  it('is the standard one for a microbatch that does not fill a block', () => {
    const model = buildTrainingGraph(planNetwork(blocks), 12, 16).model;
    expect(Buffer.from(model).includes('com.microsoft.nchwc')).toBe(false);
  });
});

describe('the exported model', () => {
  it.each([small, averaged])(
    'of $name answers what the trainer computes forward, to 1e-5',
    async (network) => {
      const plan = planNetwork(network);
      // With the batch's own statistics as the fixed ones, both compute the same function.
      const { logits, statistics, parameters, images } = await runOnce(network, { dropout: false });
      const trained = { parameters: Float32Array.from(parameters.data), statistics };
      const model = exportModel(plan, trained, { precision: 'float32' });
      const exported = await runModel(model, {
        image: { shape: images.shape, data: Float32Array.from(images.data) },
      });
      expect(naive.relativeError(exported['logits'] ?? [], logits)).toBeLessThan(1e-5);
    },
  );

  it('answers nearly the same in half precision, from half the bytes', async () => {
    const plan = planNetwork(small);
    const { statistics, parameters, images } = await runOnce(small, { dropout: false });
    const trained = { parameters: Float32Array.from(parameters.data), statistics };
    const [single, half] = await Promise.all(
      (['float32', 'float16'] as const).map(async (precision) => {
        const model = exportModel(plan, trained, { precision });
        const { logits } = await runModel(model, {
          image: { shape: images.shape, data: Float32Array.from(images.data) },
        });
        return { bytes: model.length, logits: logits ?? [] };
      }),
    );
    expect(naive.relativeError(half?.logits ?? [], single?.logits ?? [])).toBeLessThan(1e-2);
    const inHalves = plan.layers.slice(0, -1).flatMap(({ parameters: own }) => own.filter((p) => p.decays));
    const weights = inHalves.reduce((sum, { size }) => sum + size, 0);
    // Two bytes a weight fewer (not in the last layer), but for the nodes that make float32 of them.
    const saved = (single?.bytes ?? NaN) - (half?.bytes ?? NaN);
    expect(Math.abs(saved - 2 * weights)).toBeLessThan(1000);
  });

  it('takes any number of images', async () => {
    const plan = planNetwork(small);
    const model = exportModel(plan, {
      parameters: new Float32Array(plan.parameterCount).fill(0.1),
      statistics: new Float32Array(plan.statisticCount).fill(1),
    });
    for (const count of [1, 2, 17]) {
      const shape = [count, 1, 28, 28];
      const { logits } = await runModel(model, {
        image: { shape, data: new Float32Array(count * 784).fill(0.5) },
      });
      expect(logits?.length).toBe(count * 10);
    }
  });
});
