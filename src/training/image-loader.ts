import { FRAME_PIXELS } from '../image/frame.js';
import { createRandom, shuffle } from '../random.js';
import { copyFrame, createAugment, type Augment, type Augmentation } from './augmentation/augment.js';
import { AUGMENTATION_STREAM, ORDER_STREAM, STEPS_AHEAD, type SharedState } from './shared-state.js';

/** What the thread that makes images is given. */
export interface LoaderSettings {
  readonly role: 'images';
  readonly shared: SharedState;
  readonly batchSize: number;
  readonly stepsPerEpoch: number;
  readonly seed: number;
  readonly augmentation: Augmentation | null;
}

/** To make the images of a step, 0 for the first of the training. */
export interface LoadCommand {
  readonly kind: 'images';
  readonly step: number;
}

/**
 * Makes the images that the steps of a training learn from, ahead of them: each drawn anew for every epoch, from a stream of its
 * own. The seed decides their order alone: trainings with other seeds or recipes learn from the same images, and differ by what
 * is being compared.
 */
export class ImageLoader {
  readonly #settings: LoaderSettings;
  readonly #augment: Augment;
  readonly #order: Uint32Array;
  #orderedEpoch = 0;

  constructor(settings: LoaderSettings) {
    this.#settings = settings;
    this.#augment = settings.augmentation ? createAugment(settings.augmentation) : copyFrame;
    this.#order = new Uint32Array(settings.shared.labels.length);
  }

  load(step: number): void {
    const { shared, batchSize, stepsPerEpoch, seed } = this.#settings;
    const epoch = Math.floor(step / stepsPerEpoch) + 1;
    if (epoch !== this.#orderedEpoch) {
      shuffle(this.#order, createRandom(seed, ORDER_STREAM, epoch));
      this.#orderedEpoch = epoch;
    }
    const first = (step % stepsPerEpoch) * batchSize;
    const place = (step % STEPS_AHEAD) * batchSize;
    for (let i = 0; i < batchSize; i++) {
      const image = this.#order[first + i]!;
      shared.batchLabels[place + i] = shared.labels[image]!;
      const random = createRandom(AUGMENTATION_STREAM, epoch, image);
      const target = (place + i) * FRAME_PIXELS;
      this.#augment(shared.pixels, image * FRAME_PIXELS, shared.batchImages, target, random);
    }
  }
}
