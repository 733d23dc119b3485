import { describe, expect, it } from 'vitest';
import { createClassifier } from '../../src/model/classifier.js';
import { exportModel } from '../../src/training/export.js';
import { describeLayers } from '../../src/training/describe-layers.js';
import { planNetwork, withOutputs } from '../../src/training/network.js';
import { networkByName } from '../../src/training/networks.js';
import { createRandom } from '../../src/random.js';
import {
  decodeWeights,
  encodeWeights,
  fitOutputs,
  type ModelWeights,
} from '../../src/training/weights-file.js';

const plan = planNetwork(networkByName('glance'));
const { parameterCount, statisticCount } = plan;
const random = createRandom(3);
const weights: ModelWeights = {
  network: 'glance',
  outputs: 10,
  layers: describeLayers(plan),
  model: 'digest of a model',
  weights: {
    parameters: Float32Array.from({ length: parameterCount }, random),
    statistics: Float32Array.from({ length: statisticCount }, random),
  },
};

function planOf(outputs: number): ReturnType<typeof planNetwork> {
  return planNetwork(withOutputs(networkByName('glance'), outputs));
}

async function logitsWith(outputs: number, known: ModelWeights['weights']): Promise<Float32Array> {
  const classifier = await createClassifier(exportModel(planOf(outputs), known));
  const pixels = Uint8Array.from({ length: 2 * 784 }, (_, i) => (i * 37) % 256);
  const logits = await classifier.logits({ count: 2, pixels });
  await classifier.close();
  return logits;
}

describe('fitOutputs', () => {
  it('adds an output that says nothing, and takes it away again, and leaves the others alone', async () => {
    const eleven = fitOutputs(weights, planOf(11));
    const [ten, more] = [await logitsWith(10, weights.weights), await logitsWith(11, eleven)];
    for (const row of [0, 1]) {
      const known = [...more.subarray(row * 11, row * 11 + 11)];
      expect(known.pop()).toBe(0);
      known.forEach((logit, i) => expect(logit).toBeCloseTo(ten[row * 10 + i]!, 3));
    }
    expect(fitOutputs({ ...weights, outputs: 11, weights: eleven }, plan)).toEqual(weights.weights);
    expect(fitOutputs(weights, plan)).toBe(weights.weights);
  });
});

describe('a weights file', () => {
  const file = encodeWeights(weights);

  it('gives back what was written', () => {
    expect(decodeWeights(file, 'x')).toEqual(weights);
    const eleven = fitOutputs(weights, planOf(11));
    const known = { ...weights, outputs: 11, layers: describeLayers(planOf(11)), weights: eleven };
    expect(decodeWeights(encodeWeights(known), 'x')).toEqual(known);
  });

  it('is of ten outputs where it does not say of how many', () => {
    const { outputs: _, ...earlier } = weights;
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    expect(decodeWeights(encodeWeights(earlier as ModelWeights), 'x')).toEqual(weights);
  });

  it.each([
    [
      'a changed byte',
      () => file.map((byte, i) => (i === 1000 ? byte ^ 1 : byte)),
      /^x is damaged: its checksum/,
    ],
    ['half of it', () => file.subarray(0, file.length / 2), /^x is damaged: its checksum/],
    ['nothing', () => new Uint8Array(0), /^x is not a file of weights \(0 bytes\)\.$/],
    ['a picture', () => Buffer.from('GIF8'), /^x is not a file of weights \(4 bytes\)\.$/],
    [
      'one of another version',
      () => Buffer.from(Buffer.from(file).toString('latin1').replace('weights 2', 'weights 9'), 'latin1'),
      /^x was written by another version of inkdigit/,
    ],
    [
      'one of another form of the network',
      () => encodeWeights({ ...weights, weights: { ...weights.weights, statistics: new Float32Array(3) } }),
      /^x was written for another form of the network glance: expected \d+ bytes, got \d+\.$/,
    ],
    [
      'one of as many numbers in other layers',
      () => encodeWeights({ ...weights, layers: ['conv 3x3', 'dense 10'] }),
      /^x was written for another form of the network glance: expected the layers conv 4x4 .*; got conv 3x3, dense 10\.$/,
    ],
    [
      'one of a network that is not there any more',
      () => encodeWeights({ ...weights, network: 'old' }),
      /^There is no network "old"; expected one of compact, /,
    ],
  ])('is refused in words where there is %s', (_, damaged, message) => {
    expect(() => decodeWeights(damaged(), 'x')).toThrow(message);
  });
});
