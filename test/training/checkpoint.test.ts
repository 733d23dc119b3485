import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { InkdigitError } from '../../src/errors.js';
import { decodeCheckpoint, encodeCheckpoint, type Checkpoint } from '../../src/training/checkpoint.js';
import { planNetwork } from '../../src/training/network.js';
import { createRandom, normal } from '../../src/random.js';
import { DEFAULT_RECIPE } from '../../src/training/recipe.js';

const { parameterCount, statisticCount } = planNetwork(DEFAULT_RECIPE.network);
const random = createRandom(2);
const floats = (count: number): Float32Array => Float32Array.from({ length: count }, () => normal(random));
const weights = (): Checkpoint['snapshot']['best'] => ({
  parameters: floats(parameterCount),
  statistics: floats(statisticCount),
});

const checkpoint: Checkpoint = {
  recipe: { ...DEFAULT_RECIPE, seed: 9, augmentation: null },
  source: { mnist: true, images: { folder: '/digits', skipBad: true, validationShare: 0.2 } },
  trainImages: 1234,
  data: { file: 'digest' },
  from: 'digest of a model',
  snapshot: {
    epochs: [],
    trainingMs: 10,
    elapsedMs: 12.5,
    parameters: floats(parameterCount),
    firstMoment: floats(parameterCount),
    secondMoment: floats(parameterCount),
    average: weights(),
    best: weights(),
  },
};

describe('a checkpoint', () => {
  const file = encodeCheckpoint(checkpoint);

  it('gives back what was written', () => {
    expect(decodeCheckpoint(file, 'x')).toEqual(checkpoint);
  });

  it('is refused when any byte was changed or the end is missing', () => {
    const place = fc.oneof(fc.nat(400), fc.nat(file.length - 1));
    fc.assert(
      fc.property(place, fc.integer({ min: 1, max: 255 }), (at, change) => {
        const damaged = Uint8Array.from(file);
        damaged[at]! ^= change;
        expect(() => decodeCheckpoint(damaged, 'x')).toThrow(InkdigitError);
        expect(() => decodeCheckpoint(file.subarray(0, at), 'x')).toThrow(InkdigitError);
      }),
      { numRuns: 20 },
    );
  });

  it('says what is wrong with a file', () => {
    expect(() => decodeCheckpoint(Buffer.from('hello'), 'runs/a.checkpoint')).toThrow(
      'runs/a.checkpoint is not a checkpoint of a training (5 bytes).',
    );
    expect(() => decodeCheckpoint(file.subarray(0, 5000), 'runs/a.checkpoint')).toThrow(
      'runs/a.checkpoint is damaged: its checksum does not match its 5000 bytes.',
    );
  });
});
