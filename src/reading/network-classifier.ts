import { sideOf, type FrameBatch } from '../image/frame.js';
import type { PixelNetwork } from '../model/contract.js';
import { digitProbabilities } from '../model/softmax.js';

/** A model to use. */
export interface Classifier {
  /** Logits of an image: 10, one a digit, or 11, where the last one stands for non-digits. */
  readonly outputs: number;
  /** How probable, 0..1, it must be that an image is a digit; 0 where the model has no output for non-digits. */
  readonly digitThreshold: number;
  /**
   * @returns logits `[count, outputs]` of frames `[count, 28, 28]`, or of pictures of the side that the model reads.
   */
  logits(frames: FrameBatch): Promise<Float32Array>;
  /** @returns the digits' probabilities `[count, 10]`; what a row lacks to 1 is the probability that it is no digit. */
  probabilities(frames: FrameBatch): Promise<Float32Array>;
  /** Frees the native memory; the classifier cannot be used after it. */
  close(): Promise<void>;
}

/**
 * What a model reads for each grey level: 0..1. Looked up, as a division a pixel takes longer than all else on the
 * way to the model.
 */
const LEVELS = Float32Array.from({ length: 256 }, (_, level) => level / 255);

/**
 * A classifier that asks a network.
 * @param side of the pictures that the network reads
 * @param source what messages call it
 */
export function classifierOf(
  network: PixelNetwork,
  digitThreshold: number,
  side: number,
  source: string,
): Classifier {
  const logits = async (frames: FrameBatch): Promise<Float32Array> => {
    if (frames.count > 0 && sideOf(frames) !== side) {
      throw new RangeError(
        `Expected pictures of side ${side}, as ${source} reads them; got ${sideOf(frames)}.`,
      );
    }
    return network.run(frames.count, (input) => {
      for (let i = 0; i < input.length; i++) input[i] = LEVELS[frames.pixels[i]!]!;
    });
  };
  return {
    outputs: network.outputs,
    digitThreshold,
    logits,
    probabilities: async (frames) => digitProbabilities(await logits(frames), network.outputs),
    close: () => network.close(),
  };
}
