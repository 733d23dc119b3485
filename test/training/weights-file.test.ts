import { describe, expect, it } from 'vitest';
import { describeLayers, planNetwork } from '../../src/training/network.js';
import { networkByName } from '../../src/training/networks.js';
import { createRandom } from '../../src/random.js';
import { decodeWeights, encodeWeights, type ModelWeights } from '../../src/training/weights-file.js';

const plan = planNetwork(networkByName('compact'));
const { parameterCount, statisticCount } = plan;
const random = createRandom(3);
const weights: ModelWeights = {
  network: 'compact',
  outputs: 10,
  layers: describeLayers(plan),
  model: 'digest of a model',
  weights: {
    parameters: Float32Array.from({ length: parameterCount }, random),
    statistics: Float32Array.from({ length: statisticCount }, random),
  },
};

describe('a weights file', () => {
  const file = encodeWeights(weights);

  it('gives back what was written', () => {
    expect(decodeWeights(file, 'x')).toEqual(weights);
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
      /^x was written for another form of the network compact: expected \d+ bytes, got \d+\.$/,
    ],
    [
      'one of as many numbers in other layers',
      () => encodeWeights({ ...weights, layers: ['conv 3x3', 'dense 10'] }),
      /^x was written for another form of the network compact: expected the layers conv 5x5 .*; got conv 3x3, dense 10\.$/,
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
