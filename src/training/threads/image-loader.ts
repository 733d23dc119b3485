import { FRAME_PIXELS } from '../../image/frame.js';
import { shuffle } from '../../random.js';
import { randomStream } from '../../random-streams.js';
import { NO_DIGIT } from '../../model/contract.js';
import type { Augment, Augmentation } from '../augmentation/augment.js';
import { createOutliers, type DrawOutlier } from '../outliers/outliers.js';
import { augmentOf } from '../recipe.js';
import { STEPS_AHEAD, type SharedState } from './shared-state.js';

/** What the thread that makes images is given. */
export interface LoaderSettings {
  readonly role: 'images';
  readonly shared: SharedState;
  readonly batchSize: number;
  readonly stepsPerEpoch: number;
  readonly seed: number;
  readonly augmentation: Augmentation | null;
  /** Share of the images in whose place something is shown that is no digit. */
  readonly outlierShare: number;
}

/** To make the images of a step, 0 for the first of the training. */
export interface LoadCommand {
  readonly kind: 'images';
  readonly step: number;
}

/**
 * Makes the images that the steps of a training learn from, ahead of them: each drawn anew for every epoch, from streams of its
 * own. Some make way for what is no digit; the others are what they would be without it. The seed decides their order alone:
 * trainings with other seeds or recipes learn from the same images, and differ by what is being compared.
 */
export class ImageLoader {
  readonly #settings: LoaderSettings;
  readonly #augment: Augment;
  readonly #drawOutlier: DrawOutlier;
  readonly #order: Uint32Array;
  #orderedEpoch = 0;

  constructor(settings: LoaderSettings) {
    this.#settings = settings;
    this.#augment = augmentOf(settings);
    const { pixels, labels } = settings.shared;
    this.#drawOutlier = createOutliers({ pixels, labels }, this.#augment);
    this.#order = new Uint32Array(settings.shared.labels.length);
  }

  load(step: number): void {
    const { shared, batchSize, stepsPerEpoch, seed, outlierShare } = this.#settings;
    const epoch = Math.floor(step / stepsPerEpoch) + 1;
    if (epoch !== this.#orderedEpoch) {
      shuffle(this.#order, randomStream('imageOrder', seed, epoch));
      this.#orderedEpoch = epoch;
    }
    const first = (step % stepsPerEpoch) * batchSize;
    const place = (step % STEPS_AHEAD) * batchSize;
    for (let i = 0; i < batchSize; i++) {
      const image = this.#order[first + i]!;
      const target = (place + i) * FRAME_PIXELS;
      if (outlierShare > 0) {
        const chance = randomStream('trainedOutliers', epoch, image);
        if (chance() < outlierShare) {
          shared.batchLabels[place + i] = NO_DIGIT;
          this.#drawOutlier(shared.batchImages, target, chance);
          continue;
        }
      }
      shared.batchLabels[place + i] = shared.labels[image]!;
      const random = randomStream('augmentation', epoch, image);
      this.#augment(shared.pixels, image * FRAME_PIXELS, shared.batchImages, target, random);
    }
  }
}
