import { describe, expect, it } from 'vitest';
import { openGridNetwork } from '../../src/evaluation/measure-grid.js';
import { GRIDS } from '../../src/model/contract.js';
import { exportModel } from '../../src/network/export.js';
import { planNetwork, type Network, type Weights } from '../../src/network/network.js';
import { networkByName } from '../../src/network/networks.js';
import { isWiderForm, widened } from '../../src/network/widen.js';
import { createRandom, normal } from '../../src/random.js';

const [narrow, wide] = [networkByName('detector'), networkByName('detector-wide')];

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
  const opened = await openGridNetwork(
    GRIDS.closeup,
    exportModel(planNetwork(network), weights, { precision: 'float32' }),
  );
  const random = createRandom(6);
  const answer = await opened.run(1, (input) => {
    for (let i = 0; i < input.length; i++) input[i] = random();
  });
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
  it('answers nearly as the narrow network does, with channels that are no copies of each other', async () => {
    const own = anyWeights(narrow);
    const more = widened(narrow, own, wide, createRandom(7));
    const [before, after] = [await answerOf(narrow, own), await answerOf(wide, more)];
    const difference = sizeOf(before.map((value, i) => value - (after[i] ?? NaN)));
    expect(difference).toBeGreaterThan(0);
    expect(difference / sizeOf(before)).toBeLessThan(0.2);
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
