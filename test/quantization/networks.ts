import type { Network } from '../../src/network/network.js';
import { conv, convBlock, planNetwork, type NetworkPlan, type Weights } from '../../src/network/network.js';
import { initialParameters } from '../../src/training/threads/shared-state.js';
import { seededRandom } from '../helpers/data/digits.js';

/**
 * Every kind of layer that can be quantized to integers: strides, padding, pooling, a convolution and a dense layer
 * that read all.
 * @param padding of the second convolution; 0 leaves it few channels, an even width and nothing around it
 */
export function smallNetwork(outputs = 10, padding = 1): Network {
  return {
    name: 'small',
    layers: [
      ...convBlock(4, 5, { stride: 2, padding: 0 }),
      ...convBlock(8, 3, { padding }),
      { kind: 'maxPool' },
      conv(16, 3, { stride: 2 }),
      { kind: 'relu' },
      ...convBlock(16, 3, { padding: 0 }),
      { kind: 'flatten' },
      { kind: 'dense', units: 12 },
      { kind: 'relu' },
      { kind: 'dropout', rate: 0.5 },
      { kind: 'dense', units: outputs },
    ],
  };
}

/**
 * Weights as a training might leave them: batch norms that are neither centred nor of deviation 1, biases that are
 * not 0.
 */
export function madeUpWeights(plan: NetworkPlan, seed = 1): Weights {
  const random = seededRandom(seed);
  const parameters = initialParameters(plan, seed);
  for (const { name, offset, size } of plan.parameters) {
    if (name.endsWith('_weights')) continue;
    for (let i = offset; i < offset + size; i++) parameters[i]! += 0.4 * (random() - 0.5);
  }
  const statistics = Float32Array.from({ length: plan.statisticCount }, () => 0.2 + 0.5 * random());
  return { parameters, statistics };
}

export function smallPlan(outputs = 10, padding = 1): NetworkPlan {
  return planNetwork(smallNetwork(outputs, padding));
}

/** Reads views. */
export function smallReaderPlan(): NetworkPlan {
  return planNetwork({
    name: 'small reader',
    shown: 'view',
    layers: [
      ...convBlock(4, 5, { stride: 4, padding: 2 }),
      ...convBlock(8, 3, { stride: 2 }),
      ...convBlock(8, 3, { stride: 2 }),
      ...convBlock(12, 3, { padding: 0 }),
      { kind: 'flatten' },
      { kind: 'dropout', rate: 0.2 },
      { kind: 'dense', units: 11 },
    ],
  });
}

/** Reads overviews, and ends in a convolution. */
export function smallFinderPlan(): NetworkPlan {
  return planNetwork({
    name: 'small finder',
    shown: 'overview',
    layers: [
      ...convBlock(4, 5, { stride: 4, padding: 2 }),
      ...convBlock(8, 3, { stride: 2 }),
      ...convBlock(12, 3, { stride: 2 }),
      conv(6, 3),
      { kind: 'flatten' },
    ],
  });
}
