import type { Picture } from '../image/picture.js';
import { resample } from '../image/view/resample.js';
import { THUMBNAIL_SIDE, VIEW_SIDE } from '../image/view/sizes.js';
import { squareAround } from '../image/view/square.js';
import { standardizeInPlace } from '../image/view/standardize.js';
import { CLASS_COUNT, type NetworkContract, type PixelNetwork } from '../model/contract.js';
import { inBatches } from './in-batches.js';
import { whenNeeded } from './when-needed.js';
import { readingOf, type Reading } from '../model/readings.js';
import { digitProbabilities } from '../model/softmax.js';

const THUMBNAIL_PIXELS = THUMBNAIL_SIDE * THUMBNAIL_SIDE;

/** What a small picture was read as. */
export interface ThumbnailReading {
  readonly reading: Reading;
  /** What the network was shown, `[32, 32]` in 0..1, with details. */
  readonly thumbnail: Float32Array | undefined;
}

/** Reads small pictures as a whole, as far as it is sure: the first stage of a cascade. */
export interface ThumbnailReader {
  /** @returns the readings of those that it is sure of; large pictures are never among them */
  read(pictures: readonly Picture[], withDetails?: boolean): Promise<ReadonlyMap<Picture, ThumbnailReading>>;
  /** Frees the memory; the reader cannot be used after it. */
  close(): Promise<void>;
}

/** `image` float32 [N,1,32,32] -> `logits` [N,11] */
export const THUMBNAIL_CONTRACT: NetworkContract = { side: THUMBNAIL_SIDE, outputs: [CLASS_COUNT + 1] };

/**
 * A reader that asks a network of `THUMBNAIL_CONTRACT`.
 * @param confidence what the probability of the most probable digit has to reach for an answer to stand, 0..1
 * @param digitThreshold of the reader that is asked where this one is not sure; for the readings
 */
export function thumbnailReaderOf(
  network: PixelNetwork,
  confidence: number,
  digitThreshold: number,
): ThumbnailReader {
  const readSome = async (
    pictures: readonly Picture[],
    withDetails: boolean,
  ): Promise<[Picture, ThumbnailReading][]> => {
    const thumbnails: Float32Array[] = [];
    const inked: boolean[] = [];
    const logits = await network.run(pictures.length, (input) =>
      pictures.forEach(({ gray }, i) => {
        const thumbnail = input.subarray(i * THUMBNAIL_PIXELS, (i + 1) * THUMBNAIL_PIXELS);
        resample(gray, squareAround(gray), THUMBNAIL_SIDE, thumbnail);
        inked.push(standardizeInPlace(thumbnail));
        if (withDetails) thumbnails.push(thumbnail.slice());
      }),
    );
    const probabilities = digitProbabilities(logits, network.outputs);
    return pictures.flatMap((picture, i): [Picture, ThumbnailReading][] => {
      const reading = readingOf(probabilities, i, digitThreshold, inked[i] === true);
      const isSure = reading.digit && reading.probability >= confidence;
      return isSure ? [[picture, { reading, thumbnail: thumbnails[i] }]] : [];
    });
  };
  return {
    async read(pictures, withDetails = false) {
      return new Map(await inBatches(pictures.filter(isSmall), (some) => readSome(some, withDetails)));
    },
    close: () => network.close(),
  };
}

/** Whether a picture is no larger than a view: as a whole it is seen about as well as a view of it. */
function isSmall({ width, height }: Picture): boolean {
  return Math.max(width, height) <= VIEW_SIDE;
}

/** A reader that is opened when the first small picture comes: who reads large ones alone has no memory for it. */
export function openThumbnailReaderWhenNeeded(create: () => Promise<ThumbnailReader>): ThumbnailReader {
  const opened = whenNeeded(create);
  return {
    async read(pictures, withDetails) {
      return pictures.some(isSmall) ? (await opened.get()).read(pictures, withDetails) : new Map();
    },
    close: () => opened.close(),
  };
}
