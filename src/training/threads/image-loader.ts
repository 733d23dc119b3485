import { FRAME_PIXELS } from '../../image/frame.js';
import { shuffle } from '../../random.js';
import { randomStream } from '../../random-streams.js';
import { NO_DIGIT } from '../../model/contract.js';
import type { Augment, Augmentation } from '../augmentation/augment.js';
import { createOutliers, type DrawOutlier } from '../outliers/outliers.js';
import { augmentOf } from '../recipe.js';
import type { SharedState } from './shared-state.js';

/** The settings of the thread that makes images. */
export interface LoaderSettings {
  readonly role: 'images';
  readonly shared: SharedState;
  readonly batchSize: number;
  readonly stepsPerEpoch: number;
  readonly seed: number;
  readonly augmentation: Augmentation | null;
  /** Share of the images that are replaced by outliers. */
  readonly outlierShare: number;
}

/** Makes the images of a step, 0 for the first of the training. */
export interface LoadCommand {
  readonly kind: 'images';
  readonly step: number;
}

/**
 * Makes the images of coming steps, each drawn anew for every epoch from its own random stream. Outliers replace some
 * and leave the others unchanged. The seed decides the order of the images alone: trainings with other seeds or
 * recipes see the same images, and differ only by what is being compared.
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
    const place = (step % shared.stepsAhead) * batchSize;
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
