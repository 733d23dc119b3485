import type { Plane } from '../image/plane.js';
import { resample } from '../image/view/resample.js';
import { VIEW_SIDE } from '../image/view/sizes.js';
import type { Square } from '../image/view/square.js';
import { standardizeInPlace } from '../image/view/standardize.js';
import { OUTPUT_COUNTS, type NetworkContract, type PixelNetwork } from '../model/contract.js';
import { readingOf, type Reading } from '../model/readings.js';
import { digitProbabilities } from '../model/softmax.js';

const VIEW_PIXELS = VIEW_SIDE * VIEW_SIDE;

/** A place of a picture that the reader is shown. */
export interface View {
  readonly gray: Plane;
  readonly square: Square;
}

/** What a view was read as. */
export interface ViewReading {
  readonly reading: Reading;
  /** The gray levels that the network was shown, `[64, 64]`, where they were asked for. */
  readonly shown: Plane | undefined;
}

/** Reads the digit in the middle of each view. */
export interface ViewReader {
  /** In one inference. @returns one reading a view, in their order */
  read(views: readonly View[], withShown?: boolean): Promise<ViewReading[]>;
  /** Frees the memory; the reader cannot be used after it. */
  close(): Promise<void>;
}

/** `image` float32 [N,1,64,64] -> `logits` [N,10] or [N,11] */
export const VIEW_CONTRACT: NetworkContract = { side: VIEW_SIDE, outputs: OUTPUT_COUNTS };

/**
 * A reader that asks a network of `VIEW_CONTRACT`.
 * @param threshold how probable it has to be that a view shows a digit, 0..1
 */
export function viewReaderOf(network: PixelNetwork, threshold: number): ViewReader {
  return {
    async read(views, withShown = false) {
      const inked: boolean[] = [];
      const shown: Plane[] = [];
      const logits = await network.run(views.length, (input) =>
        views.forEach(({ gray, square }, i) => {
          const view = input.subarray(i * VIEW_PIXELS, (i + 1) * VIEW_PIXELS);
          resample(gray, square, VIEW_SIDE, view);
          inked.push(standardizeInPlace(view));
          if (withShown) shown.push(planeOf(view, VIEW_SIDE));
        }),
      );
      const probabilities = digitProbabilities(logits, network.outputs);
      return views.map((_, i) => ({
        reading: readingOf(probabilities, i, threshold, inked[i] === true),
        shown: shown[i],
      }));
    },
    close: () => network.close(),
  };
}

/** A copy in whole levels. */
export function planeOf(view: Float32Array, side: number): Plane {
  return {
    width: side,
    height: side,
    data: Uint8Array.from(view, (value) => Math.round(255 * value)),
  };
}
