import { describe, expect, it } from 'vitest';
import { createAugment, DEFAULT_AUGMENTATION } from '../../../src/training/augmentation/augment.js';
import { ImageLoader } from '../../../src/training/threads/image-loader.js';
import { convBlock, planNetwork } from '../../../src/network/network.js';
import { shuffle } from '../../../src/random.js';
import { randomStream } from '../../../src/random-streams.js';
import { createSharedState, type SharedState } from '../../../src/training/threads/shared-state.js';
import { drawnSet } from '../../helpers/drawn-set.js';

const BATCH = 4;
const STEPS_PER_EPOCH = 5;
const SEED = 3;
const data = drawnSet(BATCH * STEPS_PER_EPOCH + 2, 1);
const plan = planNetwork({
  name: 'tiny',
  layers: [...convBlock(2, 5, { stride: 2 }), { kind: 'flatten' }, { kind: 'dense', units: 10 }],
});

const STEPS_AHEAD = 4;

function createLoader(
  augmentation: typeof DEFAULT_AUGMENTATION | null,
  outlierShare = 0,
  seed = SEED,
): {
  loader: ImageLoader;
  shared: SharedState;
} {
  const shared = createSharedState(plan, data, {
    batchSize: BATCH,
    slots: 1,
    seed,
    gradientIndices: Int32Array.from({ length: plan.parameterCount }, (_, i) => i),
    stepsAhead: STEPS_AHEAD,
  });
  const loader = new ImageLoader({
    role: 'images',
    shared,
    batchSize: BATCH,
    stepsPerEpoch: STEPS_PER_EPOCH,
    seed,
    augmentation,
    outlierShare,
  });
  return { loader, shared };
}

function batchOf(shared: SharedState, step: number): { images: Float32Array; labels: Uint8Array } {
  const first = (step % STEPS_AHEAD) * BATCH;
  return {
    images: shared.batchImages.slice(first * 784, (first + BATCH) * 784),
    labels: shared.batchLabels.slice(first, first + BATCH),
  };
}

describe('outliers among the images', () => {
  /** All images of three epochs, with their labels. */
  function shown(outlierShare: number): { images: Float32Array; labels: Uint8Array }[] {
    const { loader, shared } = createLoader(DEFAULT_AUGMENTATION, outlierShare);
    return Array.from({ length: 3 * STEPS_PER_EPOCH }, (_, step) => {
      loader.load(step);
      return batchOf(shared, step);
    });
  }

  it('take the place of their share of the images, and leave the others as they would be', () => {
    const [without, some, all] = [shown(0), shown(0.4), shown(1)];
    let outliers = 0;
    some.forEach(({ images, labels }, step) =>
      labels.forEach((label, i) => {
        const at = [i * 784, (i + 1) * 784] as const;
        // The same outlier, whatever the share.
        const same = label === 10 ? all[step] : without[step];
        if (label === 10) outliers++;
        expect(label).toBe(same!.labels[i]);
        expect(images.slice(...at)).toEqual(same!.images.slice(...at));
      }),
    );
    expect(outliers).toBeGreaterThan(0.2 * 3 * STEPS_PER_EPOCH * BATCH);
    expect(outliers).toBeLessThan(0.6 * 3 * STEPS_PER_EPOCH * BATCH);
    expect(without.every(({ labels }) => labels.every((label) => label < 10))).toBe(true);
    expect(all.every(({ labels }) => labels.every((label) => label === 10))).toBe(true);
  });

  it('do not depend on what was made before', () => {
    const { loader, shared } = createLoader(DEFAULT_AUGMENTATION, 1);
    loader.load(7);
    expect(batchOf(shared, 7)).toEqual(shown(1)[7]);
  });
});

describe('the image loader', () => {
  it('makes each image of a step as it is drawn for its epoch, in the order of that epoch', () => {
    const { loader, shared } = createLoader(DEFAULT_AUGMENTATION);
    const augment = createAugment(DEFAULT_AUGMENTATION);
    for (const step of [0, 1, 4, 5, 12]) {
      loader.load(step);
      const { images, labels } = batchOf(shared, step);
      const epoch = Math.floor(step / STEPS_PER_EPOCH) + 1;
      const order = new Uint32Array(data.labels.length);
      shuffle(order, randomStream('imageOrder', SEED, epoch));
      for (let i = 0; i < BATCH; i++) {
        const image = order[(step % STEPS_PER_EPOCH) * BATCH + i]!;
        const expected = new Float32Array(784);
        const random = randomStream('augmentation', epoch, image);
        augment(data.frames.pixels, image * 784, expected, 0, random);
        expect(labels[i]).toBe(data.labels[image]);
        expect(images.slice(i * 784, (i + 1) * 784)).toEqual(expected);
      }
    }
  });

  it('makes the same images for every seed, in another order', () => {
    const [images, others] = [SEED, SEED + 1].map((seed) => {
      const { loader, shared } = createLoader(DEFAULT_AUGMENTATION, 0.3, seed);
      const made = new Map<number, string>();
      const order = new Uint32Array(data.labels.length);
      shuffle(order, randomStream('imageOrder', seed, 1));
      for (let step = 0; step < STEPS_PER_EPOCH; step++) {
        loader.load(step);
        for (let i = 0; i < BATCH; i++) {
          made.set(
            order[step * BATCH + i]!,
            batchOf(shared, step)
              .images.slice(i * 784, (i + 1) * 784)
              .join(),
          );
        }
      }
      return made;
    });
    const both = [...images!.keys()].filter((image) => others!.has(image));
    expect(both.length).toBeGreaterThan(BATCH * STEPS_PER_EPOCH - 4);
    for (const image of both) expect(others!.get(image)).toBe(images!.get(image));
    expect([...others!.keys()]).not.toEqual([...images!.keys()]);
  });

  it('shows every image of an epoch once at most, and other images in another order in the next', () => {
    const { loader, shared } = createLoader(null);
    const epochs = [0, 1].map((epoch) =>
      Array.from({ length: STEPS_PER_EPOCH }, (_, i) => {
        loader.load(epoch * STEPS_PER_EPOCH + i);
        const { images } = batchOf(shared, epoch * STEPS_PER_EPOCH + i);
        return Array.from({ length: BATCH }, (__, k) => images.slice(k * 784, (k + 1) * 784).join());
      }).flat(),
    );
    for (const seen of epochs) expect(new Set(seen).size).toBe(BATCH * STEPS_PER_EPOCH);
    expect(epochs[0]).not.toEqual(epochs[1]);
  });

  it('leaves the images of the steps before alone until their room is needed', () => {
    const { loader, shared } = createLoader(DEFAULT_AUGMENTATION);
    loader.load(0);
    const first = batchOf(shared, 0);
    for (let step = 1; step < STEPS_AHEAD; step++) loader.load(step);
    expect(batchOf(shared, 0)).toEqual(first);
    loader.load(STEPS_AHEAD);
    expect(batchOf(shared, 0)).not.toEqual(first);
  });
});
