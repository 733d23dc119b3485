import { createRandom, normal } from '../../../src/random.js';
import type { Checkpoint } from '../../../src/training/checkpoint/checkpoint.js';
import { DEFAULT_RECIPE, planOf } from '../../../src/training/recipe.js';

const { parameterCount, statisticCount } = planOf(DEFAULT_RECIPE);

/** A checkpoint of the default network with numbers that a seed repeats. */
export function someCheckpoint(seed: number): Checkpoint {
  const random = createRandom(seed);
  // Drawing each anew would take longer than what is tested. No two of its arrays begin alike.
  const draws = Float32Array.from({ length: 1009 }, () => normal(random));
  let drawn = 0;
  const floats = (count: number): Float32Array => {
    drawn++;
    return new Float32Array(count).map((_, i) => draws[(i + drawn) % draws.length]!);
  };
  const weights = (): Checkpoint['snapshot']['best'] => ({
    parameters: floats(parameterCount),
    statistics: floats(statisticCount),
  });
  return {
    recipe: { ...DEFAULT_RECIPE, seed, augmentation: null },
    source: {
      mnist: true,
      images: { folder: '/digits', skipBad: true, normalize: 'auto', validationShare: 0.2 },
    },
    trainImages: 1234,
    data: { file: 'digest' },
    from: 'digest of a model',
    teachers: [{ file: '/runs/teacher.onnx', sha256: 'digest of a teacher' }],
    test: false,
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
}
