import { describe, expect, it } from 'vitest';
import { createRandom, normal } from '../../src/random.js';
import { exportModel } from '../../src/network/export.js';
import { foldNetwork } from '../../src/network/folded-network.js';
import { joinOodHead, joinsOf, planOodHead, withOodHead } from '../../src/network/ood-head.js';
import {
  conv,
  convBlock,
  planNetwork,
  withOutputs,
  type Layer,
  type Network,
  type NetworkPlan,
  type Weights,
} from '../../src/network/network.js';
import { networkWithOodHead, networkByName } from '../../src/network/networks.js';
import { invertIndices } from '../../src/training/graph/parameter-layouts.js';
import { buildTrainingGraph } from '../../src/training/graph/training-graph.js';
import { runModel } from '../helpers/models/run-model.js';

const relu: Layer = { kind: 'relu' };

/** As `compact` ends, smaller: convolutions with an OOD head and a pool between them. */
const normed: Network = {
  name: 'normed',
  layers: [
    ...convBlock(4, 5, { stride: 2 }),
    ...convBlock(6, 3, { padding: 0 }),
    { kind: 'maxPool' },
    ...convBlock(5, 3),
    { kind: 'maxPool' },
    { kind: 'flatten' },
    { kind: 'dropout', rate: 0.3 },
    { kind: 'dense', units: 10 },
  ],
};

/** Without batch norms and dropout: trained as a whole it gives what it gives in use. */
const plain: Network = {
  name: 'plain',
  layers: [
    conv(4, 5, { stride: 2 }),
    relu,
    conv(6, 3, { padding: 0 }),
    relu,
    { kind: 'maxPool' },
    conv(5, 3),
    relu,
    { kind: 'maxPool' },
    { kind: 'flatten' },
    { kind: 'dense', units: 10 },
  ],
};

function someWeights(plan: NetworkPlan, key: number): Weights {
  const random = createRandom(key);
  return {
    parameters: Float32Array.from({ length: plan.parameterCount }, () => 0.4 * normal(random)),
    // Means and variances.
    statistics: Float32Array.from({ length: plan.statisticCount }, () => 0.2 + random()),
  };
}

function headOf(network: Network) {
  const base = planNetwork(network);
  const whole = planNetwork(withOutputs(withOodHead(network, [3, 7]), 11));
  const head = planOodHead(base, whole);
  const baseWeights = someWeights(base, 1);
  const headWeights = someWeights(head.plan, 2);
  const joined = joinOodHead(base, baseWeights, head, headWeights, whole);
  return { base, whole, head, baseWeights, headWeights, joined };
}

function someImages(count: number): { shape: readonly number[]; data: Float32Array } {
  const random = createRandom(3);
  return { shape: [count, 1, 28, 28], data: Float32Array.from({ length: count * 784 }, () => random()) };
}

describe('a network with an OOD head', () => {
  it.each([
    [normed, 'float16'],
    [plain, 'float16'],
    [normed, 'float32'],
  ] as const)(
    'gives the ten logits of the one that it was added to: $0.name, $1',
    async (network, precision) => {
      const { base, whole, baseWeights, joined } = headOf(network);
      const image = someImages(40);
      const [before, after] = await Promise.all([
        runModel(exportModel(base, baseWeights, { precision }), { image }),
        runModel(exportModel(whole, joined, { precision }), { image }),
      ]);
      const digits = after['logits']?.filter((_, i) => i % 11 < 10);
      const largest = Math.max(...(before['logits'] ?? []).map(Math.abs));
      before['logits']?.forEach((logit, i) =>
        expect(Math.abs(logit - (digits?.[i] ?? NaN))).toBeLessThan(1e-6 * largest),
      );
      // The eleventh is no constant: the head is there.
      const none = new Set(after['logits']?.filter((_, i) => i % 11 === 10));
      expect(none.size).toBeGreaterThan(30);
    },
  );

  it('learns by the gradients that the whole network has by the same numbers', async () => {
    const { base, whole, head, baseWeights, headWeights, joined } = headOf(plain);
    const microbatch = 6;
    const image = someImages(microbatch);
    const target = { shape: [microbatch, 11], data: new Float32Array(66).fill(0.01) };
    for (let row = 0; row < microbatch; row++) target.data[row * 11 + [10, 3, 10, 0, 7, 10][row]!]! += 0.89;
    const step = async (graph: ReturnType<typeof buildTrainingGraph>, { parameters }: Weights) => {
      const { parameterNumbers, gradientIndices } = graph;
      const taken = Float32Array.from(parameterNumbers, (number) => parameters[gradientIndices[number]!]!);
      const outputs = await runModel(graph.model, {
        image,
        target,
        parameters: { shape: [taken.length], data: taken },
      });
      const gradients = Float32Array.from(
        invertIndices(gradientIndices),
        (number) => outputs['gradients']?.[number] ?? NaN,
      );
      return { loss: outputs['loss']?.[0] ?? NaN, gradients };
    };
    const frozen = { layers: foldNetwork(base, baseWeights), joins: joinsOf(base, baseWeights, head) };
    const part = await step(buildTrainingGraph(head.plan, microbatch, null, frozen), headWeights);
    const all = await step(buildTrainingGraph(whole, microbatch), joined);

    expect(part.loss).toBeCloseTo(all.loss, 5);
    // The places of the head's numbers among those of the whole: where joining puts their marks.
    const marks = headWeights.parameters.map((_, i) => i + 1);
    const nothing = { parameters: baseWeights.parameters.map(() => 0), statistics: baseWeights.statistics };
    const places = joinOodHead(base, nothing, head, { ...headWeights, parameters: marks }, whole).parameters;
    const largest = Math.max(...part.gradients.map(Math.abs));
    let compared = 0;
    places.forEach((mark, place) => {
      if (mark === 0) return;
      compared++;
      const expected = all.gradients[place] ?? NaN;
      expect(Math.abs((part.gradients[mark - 1] ?? NaN) - expected)).toBeLessThan(1e-5 * largest);
    });
    expect(compared).toBe(head.plan.parameterCount);
  });

  it('of the default network stays below five million multiply-adds', () => {
    const plan = planNetwork(withOutputs(networkWithOodHead(networkByName('compact')), 11));
    expect(plan.multiplyAdds).toBeLessThanOrEqual(5_000_000);
    expect(networkByName('compact-guarded').name).toBe(plan.name);
  });

  it('is refused where there is a dense layer before the last', () => {
    expect(() => networkWithOodHead(networkByName('baseline'))).toThrow(
      /baseline cannot take an OOD head: expected 2 convolutions or more, and no dense layer but the last/,
    );
  });
});
