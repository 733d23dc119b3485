import { describe, expect, it } from 'vitest';
import { VIEW_SIDE } from '../../src/image/view/sizes.js';
import { NO_DIGIT } from '../../src/model/contract.js';
import { openPixelNetwork } from '../../src/model/runtime/pixel-network.js';
import { exportModel } from '../../src/network/export.js';
import { planNetwork, type Network, type Weights } from '../../src/network/network.js';
import { networkByName } from '../../src/network/networks.js';
import { isWiderForm, widened } from '../../src/network/widen.js';
import { createRandom, normal } from '../../src/random.js';
import { DETECTOR_CONTRACT } from '../../src/reading/numbers/detecting.js';

const [narrow, wide] = [networkByName('detector'), networkByName('detector-wide')];

/** A verifier of more channels, but for the last convolution, which its dense layer reads. */
const widerVerifier: Network = {
  ...networkByName('verifier'),
  layers: networkByName('verifier').layers.map((layer, i, layers) => {
    const isLast = !layers.slice(i + 1).some(({ kind }) => kind === 'conv');
    return layer.kind === 'conv' && !isLast ? { ...layer, channels: layer.channels + 16 } : layer;
  }),
};

/** Weights as they are after a training: no channel is like another. */
function anyWeights(network: Network): Weights {
  const random = createRandom(5);
  const { parameters, parameterCount, statistics, statisticCount } = planNetwork(network);
  const weights = {
    parameters: new Float32Array(parameterCount),
    statistics: new Float32Array(statisticCount),
  };
  for (const { offset, size, initial } of parameters) {
    for (let i = offset; i < offset + size; i++) {
      weights.parameters[i] =
        'normal' in initial ? initial.normal * normal(random) : initial.constant + 0.2 * normal(random);
    }
  }
  for (const { name, offset, size } of statistics) {
    for (let i = offset; i < offset + size; i++) {
      weights.statistics[i] = name.endsWith('variance') ? 0.5 + random() : 0.3 * normal(random);
    }
  }
  return weights;
}

async function answerOf(network: Network, weights: Weights): Promise<Float32Array> {
  const contract =
    network.shown === 'place' ? { side: VIEW_SIDE, outputs: [NO_DIGIT + 1] } : DETECTOR_CONTRACT;
  const bytes = exportModel(planNetwork(network), weights, { precision: 'float32' });
  const opened = await openPixelNetwork(bytes, contract, {}, 'the network');
  const random = createRandom(6);
  const answer = Float32Array.from(
    await opened.run(1, (input) => {
      for (let i = 0; i < input.length; i++) input[i] = random();
    }),
  );
  await opened.close();
  return answer;
}

/** The mean of the absolute values. */
function sizeOf(values: ArrayLike<number>): number {
  return Array.from(values).reduce((sum, value) => sum + Math.abs(value), 0) / values.length;
}

describe('isWiderForm', () => {
  it('holds for more channels in the same layers, and as many in the last', () => {
    expect(isWiderForm(wide, narrow)).toBe(true);
    expect(isWiderForm(narrow, narrow)).toBe(true);
    expect(isWiderForm(narrow, wide)).toBe(false);
    expect(isWiderForm(networkByName('finder'), narrow)).toBe(false);
    expect(isWiderForm({ ...wide, layers: wide.layers.slice(0, -1) }, narrow)).toBe(false);
  });
});

describe('widened', () => {
  it.each([
    ['convolutions alone', narrow, wide],
    ['a dense layer behind them', networkByName('verifier'), widerVerifier],
  ])('answers nearly as the narrow network does: %s', async (_, from, to) => {
    const own = anyWeights(from);
    const more = widened(from, own, to, createRandom(7));
    const [before, after] = [await answerOf(from, own), await answerOf(to, more)];
    const difference = sizeOf(before.map((value, i) => value - (after[i] ?? NaN)));
    expect(difference).toBeGreaterThan(0);
    expect(difference / sizeOf(before)).toBeLessThan(0.2);
  });

  it('has channels that are no copies of each other', () => {
    const more = widened(narrow, anyWeights(narrow), wide, createRandom(7));
    const [kernel] = planNetwork(wide).layers[3]?.parameters ?? [];
    const [channels = 0, inputs = 0] = kernel?.shape ?? [];
    const filters = Array.from({ length: channels }, (_, i) =>
      more.parameters
        .subarray((kernel?.offset ?? 0) + i * inputs * 9, (kernel?.offset ?? 0) + (i + 1) * inputs * 9)
        .join(),
    );
    expect(new Set(filters).size).toBe(channels);
  });

  it('is the same for the same stream, another for another one', () => {
    const own = anyWeights(narrow);
    const made = (seed: number): Float32Array => widened(narrow, own, wide, createRandom(seed)).parameters;
    expect(made(1)).toEqual(made(1));
    expect(made(1)).not.toEqual(made(2));
  });
});
